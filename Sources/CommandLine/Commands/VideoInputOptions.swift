import ArgumentParser
import Media

/// How a video is read: the options of every command that reads one.
struct VideoInputOptions: ParsableArguments {
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

    /// The options, with the defaults for what was not given.
    var reading: VideoOptions { reading(like: VideoOptions()) }

    /// The options, with those that masks were made with for what was not given.
    func reading(like options: VideoOptions) -> VideoOptions {
        var options = options
        apply(to: &options)
        return options
    }
}

extension Deinterlacing: ExpressibleByArgument {}
