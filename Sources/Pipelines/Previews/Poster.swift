import Diagnostics
import Files
import Media
import SystemPackage

/// A frame of a preview as a JPEG image, which a page shows until the preview plays.
package struct Poster: Sendable {
    private let video: FilePath
    private let output: PreviewOutput

    /// - Parameters:
    ///   - video: the preview.
    ///   - output: where it goes: a poster.
    package init(of video: FilePath, output: PreviewOutput) {
        (self.video, self.output) = (video, output)
    }

    /// Makes the poster.
    ///
    /// - Parameter seconds: the time of the frame, before the end of the preview.
    /// - Throws: `EightCutError` when the preview cannot be read, or the poster cannot be written;
    ///   `CancellationError`.
    package func make(at seconds: Double) async throws {
        try await output.write { file in
            _ = try await FFmpegRun(
                arguments: FFmpegRun.commonArguments + ["-y", "-ss", "\(max(0, seconds))"]
                    + MediaInput.guardingArguments(video) + [
                        "-i", MediaInput.url(video), "-map", "0:v:0", "-frames:v", "1",
                        "-c:v", "mjpeg", "-q:v", "4", "-fflags", "+bitexact", "-f", "mjpeg",
                        MediaInput.url(file.childPath),
                    ],
                input: video
            ).run(failureMessage: "cannot make a poster of")
        }
    }
}
