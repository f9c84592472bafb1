import ClipFinding
import Diagnostics
import Files
import Media
import Progress
import ScanStore
import SystemPackage
import VideoScanning

/// A video that was scanned, with all that is needed to find clips in it. Nothing here runs on the main
/// actor.
struct FoundVideo: Sendable {
    let searched: SearchedVideo
    let store: FoundVerdictStore

    /// What was scanned before.
    ///
    /// - Parameters:
    ///   - path: the video.
    ///   - options: how it is read.
    ///   - scans: where it is kept.
    ///   - home: the home folder.
    /// - Returns: nil where the video was not scanned to its end.
    /// - Throws: `EightCutError` when the video or what is kept of it cannot be read.
    static func read(
        _ path: FilePath,
        _ options: VideoOptions,
        in scans: ScanCache,
        _ home: EightCutHome
    ) async throws -> FoundVideo? {
        let scan = VideoScan(of: path, options, cache: scans, reporter: SilentReporter())
        guard let video = try await scan.known() else { return nil }
        return await background {
            FoundVideo(
                searched: SearchedVideo(video, FoundShots(of: video)),
                store: FoundVerdictStore(home, video.key)
            )
        }
    }

    var video: ScannedVideo { searched.video }

    /// The options of `8cut find scan` that give a scan by these options.
    static func arguments(_ path: FilePath, _ options: VideoOptions) -> [String] {
        var arguments = ["find", "scan", path.string]
        if let stream = options.stream { arguments += ["--video-stream", "\(stream)"] }
        if options.deinterlacing != .auto {
            arguments += ["--deinterlace", options.deinterlacing.rawValue]
        }
        if let rate = options.imageRate { arguments += ["--fps", "\(rate)"] }
        return arguments
    }
}

/// A search that a person waits for: what is looked for, and what is drawn of it.
struct FoundQuery: Sendable {
    let settings: FindSettings
    let taken: [ClipSearch.Taken]
    /// The first frames of the clips that were kept.
    let kept: [Int]
    /// The signal whose curve is drawn.
    let signal: FindSignal

    /// Searches.
    ///
    /// - Parameters:
    ///   - video: the video.
    ///   - before: the answer to an earlier query, of which all is used that is still right.
    /// - Returns: what was found.
    func answer(in video: FoundVideo, after before: FoundAnswer?) -> FoundAnswer {
        let places =
            before.flatMap { $0.places.fit(settings) ? $0.places : nil }
            ?? ClipPlaces(in: video.searched, settings)
        let search = ClipSearch(video.searched, settings, places: places, taken: taken)
        let result = search.run()
        return FoundAnswer(
            query: self,
            places: places,
            candidates: result.candidates,
            kept: kept.map { search.candidate(startingAt: $0) },
            summary: FoundSummary(result, in: video.video, settings).message,
            curve: before.flatMap { hasSameCurve(as: $0.query) ? $0.curve : nil }
                ?? SignalCurve(signal.measured, of: video.searched, settings)
        )
    }

    private func hasSameCurve(as other: FoundQuery) -> Bool {
        signal == other.signal && settings.duration == other.settings.duration
            && (signal != .silence || settings.silence.level == other.settings.silence.level)
    }
}

/// What a search has found.
struct FoundAnswer: Sendable {
    let query: FoundQuery
    let places: ClipPlaces
    /// The best first.
    let candidates: [Candidate]
    /// The clips that were kept.
    let kept: [Candidate]
    let summary: MessageText
    let curve: SignalCurve
}
