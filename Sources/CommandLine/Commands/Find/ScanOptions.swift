import ArgumentParser
import ClipFinding
import Diagnostics
import Files
import Media
import ModelScanning
import Progress
import ScanStore
import SystemPackage
import VideoScanning

/// How videos are scanned: options of all commands that look into them.
struct ScanOptions: ParsableArguments {
    @OptionGroup var video: VideoInputOptions

    @Option(
        help: ArgumentHelp(
            "Audio stream, counted from 0. (default: the one that the file marks as default)",
            valueName: "number"
        )
    )
    var audioStream: Int?

    func validate() throws { try audioStream?.checked(in: 0...999, named: "--audio-stream") }

    /// What was measured of a video; measures it where that is missing.
    func scan(_ text: String, _ reporter: any ProgressReporter) async throws -> ScannedVideo {
        let path = TypedPath(text, in: FilePath("").absolute).path
        let video = try await VideoScan(
            of: path,
            try video.reading(of: path),
            audio: audioStream,
            reporter: reporter
        ).run()
        if let problem = video.note.result?.problem {
            try reporter.warn(
                "inputDamaged",
                "\(quoted(path.string)) is damaged: \(problem). What can be decoded was measured."
            )
        }
        return video
    }

    /// Finds the shots of a scanned video, and asks the networks what is not known of it yet.
    ///
    /// - Parameters:
    ///   - video: the video, which learns what they say.
    ///   - model: the network for shots, if any.
    ///   - series: what else has to be known.
    ///   - log: receives warnings of the models.
    ///   - reporter: receives progress.
    /// - Returns: the shots.
    /// - Throws: `EightCutError` when a network or the video cannot be read; `CancellationError`.
    func shots(
        of video: inout ScannedVideo,
        _ model: ShotModelOptions,
        hearing series: Set<ScanSeries> = [],
        _ log: Log,
        _ reporter: any ProgressReporter
    ) async throws -> FoundShots {
        let reading = try self.video.reading(of: video.path)
        let shots = try await model.shots(of: &video, reading, log, reporter)
        guard !series.isEmpty else { return shots }
        let scan = SoundContentScan(try await ScanModels.installed(log), reporter: reporter)
        video = try await scan.add(series, to: video, reading)
        return shots
    }

    /// The exit status of a command that has used a video.
    static func exitStatus(_ video: ScannedVideo) -> Int32 {
        video.note.result?.problem == nil ? 0 : ErrorCode.inputDamaged.exitStatus
    }

    /// Looks into one video after another. Among several, one that cannot be used is a warning, and
    /// the others are done.
    ///
    /// - Parameters:
    ///   - videos: as they were given.
    ///   - reporter: receives the warnings.
    ///   - look: looks into one, and returns the exit status (`exitStatus`).
    /// - Returns: the exit status: of the first that cannot be used, else the largest.
    /// - Throws: the error of a video that is the only one; an error where none can be used; what
    ///   would fail for all of them.
    static func each(
        _ videos: [String],
        _ reporter: any ProgressReporter,
        _ look: (String) async throws -> Int32
    ) async throws -> Int32 {
        var (unusable, usable): (ErrorCode?, Int32?) = (nil, nil)
        for video in videos {
            do {
                usable = max(usable ?? 0, try await look(video))
            } catch let error as EightCutError
                where videos.count > 1 && ofOneVideo.contains(error.code)
            {
                try reporter.warn(error.code.rawValue, "\(error)")
                unusable = unusable ?? error.code
            }
        }
        if let unusable, usable == nil {
            throw EightCutError(
                unusable,
                "cannot look into \(videos.count) videos",
                because: "none of them can be used",
                remedy: "The warnings above say why."
            )
        }
        return unusable?.exitStatus ?? usable ?? 0
    }

    /// Errors that say nothing of other videos.
    private static let ofOneVideo: Set<ErrorCode> = [
        .inputUnusable, .inputMissing, .inputDamaged, .toolFailed,
    ]
}

extension ArgumentHelp {
    /// Of the videos that are looked into.
    static let scanned = ArgumentHelp("A video, or a folder of images.", valueName: "video")
}
