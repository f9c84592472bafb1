import ArgumentParser
import ClipExport
import Diagnostics
import Files
import Media
import SystemPackage

/// How a video is read: the options of every command that reads one.
struct VideoStreamOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Video stream, counted from 0. (default: the one that the file marks as default)",
            valueName: "number"
        )
    )
    var videoStream: Int?

    @Option(
        help: ArgumentHelp(
            "Deinterlace: frames that are marked interlaced (auto), all (on) or none (off); or "
                + "undo the pulldown of film (telecine).",
            valueName: "auto|on|off|telecine"
        )
    )
    var deinterlace: Deinterlacing?

    func validate() throws { try videoStream?.checked(in: 0...999, named: "--video-stream") }

    /// The options that were given.
    var given: [String] {
        [("--video-stream", videoStream != nil), ("--deinterlace", deinterlace != nil)]
            .filter(\.1).map(\.0)
    }

    /// Sets what was given.
    func apply(to options: inout VideoOptions) {
        options.stream = videoStream ?? options.stream
        options.deinterlacing = deinterlace ?? options.deinterlacing
    }

}

/// How a video is read, by commands that do not write one at another rate.
struct VideoInputOptions: ParsableArguments {
    @OptionGroup var streams: VideoStreamOptions

    @Option(
        help: ArgumentHelp(
            "Frame rate of a folder of images, such as 24 or 30000/1001. (default: what the "
                + "folder says, else 25)",
            valueName: "rate"
        )
    )
    var fps: String?

    func validate() throws { _ = try rate() }

    private func rate() throws -> Rational? {
        guard let fps else { return nil }
        if let rate = FrameRate.parse(fps) { return rate }
        throw ValidationError("--fps must be between 1 and 240, such as 25 or 30000/1001.")
    }

    /// The options that were given.
    var given: [String] { streams.given + (fps == nil ? [] : ["--fps"]) }

    /// How to read an input.
    ///
    /// - Parameters:
    ///   - input: the video.
    ///   - options: those that masks were made with, for what was not given.
    /// - Returns: the options.
    /// - Throws: `EightCutError` when the rate of a video file is set, which has one.
    func reading(
        of input: FilePath,
        like options: VideoOptions = VideoOptions()
    ) throws -> VideoOptions {
        var options = options
        streams.apply(to: &options)
        if let rate = try rate() {
            guard FileStatus(following: input)?.kind != .file else {
                throw EightCutError(
                    .usage,
                    "cannot set the frame rate",
                    on: input.string,
                    because: "--fps is for folders of images, and this is a video",
                    remedy: "Leave --fps out."
                )
            }
            options.imageRate = rate
        }
        return options
    }
}

extension Deinterlacing: ExpressibleByArgument {}

extension ArgumentHelp {
    /// Of `--input`, wherever a command takes a video.
    static let video = ArgumentHelp("The video, or a folder of images.", valueName: "video")
}
