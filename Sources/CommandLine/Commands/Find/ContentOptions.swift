import ArgumentParser
import ClipFinding
import Diagnostics
import Media
import Methods
import ModelScanning
import OnnxEngine
import Processes
import Progress
import ScanStore
import VideoScanning

/// Which network decides where shots begin.
struct ShotModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Let a network decide where shots are not certain: transnetv2.",
            valueName: "name"
        )
    )
    var model: String?

    static let name = ScanModels.shots

    func validate() throws {
        if let model, !model.isExactly(Self.name) {
            throw ValidationError("--model \(model): there is \(Self.name).")
        }
    }

    /// The shots of a video.
    func shots(
        of video: inout ScannedVideo,
        _ options: VideoOptions,
        _ log: Log,
        _ reporter: any ProgressReporter
    ) async throws -> FoundShots {
        let found = FoundShots(of: video)
        guard model != nil else { return found }
        try ScanModels.require(ScanModels.shots, .shots)
        let scan = ShotNetworkScan(try await ScanModels.installed(log), reporter: reporter)
        video = try await scan.add(found.doubtful, to: video, options)
        return FoundShots(of: video, usesNetwork: true)
    }
}

/// What becomes of speech and music.
struct SoundContentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Flag clips with speech (keep), drop them, or offer only them: by \(ScanModels.speech), "
                + "which 8cut models download gets. (default: keep, where it is known already)",
            valueName: "keep|drop|only"
        )
    )
    var speech: FindSettings.Content?

    @Option(
        help: ArgumentHelp(
            "The same for music and singing, with \(ScanModels.music).",
            valueName: "keep|drop|only"
        )
    )
    var music: FindSettings.Content?

    /// The series that have to be known.
    var series: Set<ScanSeries> {
        Set((speech == nil ? [] : [.speech]) + (music == nil ? [] : [.music]))
    }

    /// Makes sure that the checkpoints are there, before a video is scanned.
    ///
    /// - Throws: `EightCutError` that says how to download the first that is missing.
    static func require(_ series: Set<ScanSeries>) throws {
        if series.contains(.speech) { try ScanModels.require(ScanModels.speech, .speech) }
        if series.contains(.music) { try ScanModels.require(ScanModels.music, .sounds) }
    }
}

extension FindSettings.Content: ExpressibleByArgument {}

extension ScanModels {
    /// The models on the CPU: they are small.
    static func installed(_ log: Log) async throws -> ScanModels {
        ScanModels(
            try await RuntimeLibrary.installed(),
            SessionSettings(threads: AvailableCores.physicalCount) { log.warning($0) }
        )
    }
}
