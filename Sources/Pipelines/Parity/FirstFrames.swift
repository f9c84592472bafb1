import Diagnostics
import Media
import SystemPackage

/// The first frames of a video, which both engines read: the same pixels, without loss, as RGB.
struct FirstFrames: Sendable {
    private let input: FilePath
    private let stream: VideoStream
    private let count: Int

    /// - Parameters:
    ///   - input: the video.
    ///   - stream: which stream of it.
    ///   - count: how many frames, at most.
    init(of input: FilePath, _ stream: VideoStream, count: Int) {
        self.input = input
        self.stream = stream
        self.count = count
    }

    /// How what is extracted is read: its frames have gone through the filters already.
    static var options: VideoOptions {
        var options = VideoOptions()
        options.deinterlacing = .off
        return options
    }

    /// Writes them to a video in a folder.
    ///
    /// - Returns: the video.
    /// - Throws: `EightCutError` when the input cannot be read; `CancellationError`.
    func extract(to folder: FilePath) async throws -> FilePath {
        let clip = folder.appending("frames.mkv")
        let filters = FrameFilters(stream).arguments.joined(separator: ",")
        let arguments =
            FFmpegRun.commonArguments + MediaInput.arguments(input, stream.options) + [
                "-map", "0:\(stream.index)",
            ] + (filters.isEmpty ? [] : ["-vf", filters]) + [
                "-frames:v", "\(count)", "-c:v", "ffv1", "-pix_fmt", "gbrp", "-fps_mode",
                "passthrough", MediaInput.url(clip),
            ]
        _ = try await FFmpegRun(arguments: arguments, input: input)
            .run(failureMessage: "cannot extract frames from")
        return clip
    }
}
