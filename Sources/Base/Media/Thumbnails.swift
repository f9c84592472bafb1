import Diagnostics
import Imaging
import Processes
import SystemPackage

/// Small images of moments of a video.
package struct Thumbnails: Sendable {
    private let source: MediaSource

    package init(of source: MediaSource) {
        self.source = source
    }

    /// Columns of a thumbnail with so many rows.
    package func width(forHeight height: Int) -> Int {
        let video = source.video
        let aspect =
            Double(video.width) * source.pixelAspect.value / Double(max(1, video.height))
        return max(2, min(height * 8, Int((Double(height) * aspect).rounded())))
    }

    /// Up to this duration, in seconds, thumbnails are exact: some short videos have one keyframe.
    private static let shortLength = 60.0

    /// The frame near a time: in long videos the keyframe before it, which takes no decoding.
    ///
    /// - Parameters:
    ///   - seconds: counted from the start of the file.
    ///   - height: rows.
    /// - Returns: the thumbnail; nil where ffmpeg finds no frame.
    /// - Throws: `CancellationError`, or `EightCutError` when ffmpeg is missing.
    package func image(near seconds: Double, height: Int) async throws -> ScreenImage? {
        let width = width(forHeight: height)
        let isExact = (source.video.duration ?? 0) <= Self.shortLength
        // A small frame is filtered sooner.
        let filters = FrameFilters(source.video, size: (width, height))
        let scale = "scale=\(width):\(height):flags=fast_bilinear"
        var seek = source.canSeek && seconds > 0 ? ["-ss", "\(seconds)"] : []
        if !isExact { seek += ["-noaccurate_seek", "-skip_frame", "nokey"] }
        let arguments =
            FFmpegRun.commonArguments + ["-threads", "1"] + seek
            + source.video.decoderArguments + MediaInput.arguments(source.path) + [
                "-map", "0:\(source.video.index)", "-frames:v", "1", "-an", "-sn",
                // The keyframe is earlier than the time that counts as 0.
                "-fps_mode", "passthrough",
                "-vf", ([scale] + filters.colors + filters.ending(.screen)).joined(separator: ","),
                "-f", "rawvideo",
                "-pix_fmt", "bgr0", "pipe:1",
            ]
        let size = width * height * 4
        do {
            let pixels = try await FFmpegProgram.ffmpeg.child(arguments)
                .collect(outputLimit: size + 1, errorLimit: nil).output
            guard pixels.count == size else { return nil }
            return ScreenImage(width: width, height: height) { $0.copyBytes(from: pixels) }
        } catch let error as ChildProcessError {
            guard case .notFound = error else { return nil }
            throw FFmpegProgram.ffmpeg.startError(error, on: source.path)
        }
    }
}
