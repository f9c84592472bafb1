import ArgumentParser
import Diagnostics
import Files
import Media
import Progress
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

    /// How a video is read that was scanned.
    func reading(_ video: ScannedVideo) throws -> VideoOptions {
        try self.video.reading(of: video.path)
    }

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

    /// The exit status of a command that has used these videos.
    static func exitStatus(_ videos: [ScannedVideo]) -> Int32 {
        videos.contains { $0.note.result?.problem != nil } ? ErrorCode.inputDamaged.exitStatus : 0
    }
}

extension ArgumentHelp {
    /// Of the videos that are looked into.
    static let scanned = ArgumentHelp("A video, or a folder of images.", valueName: "video")
}
