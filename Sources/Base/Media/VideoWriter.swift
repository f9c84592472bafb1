import Diagnostics
import Files
import Glibc
import Imaging
import Processes
import SystemPackage

/// Writes frames as an H.264 video, with the audio of another file, with ffmpeg as a child process.
package struct VideoWriter: Sendable {
    private let output: FilePath
    private let audioSource: FilePath
    private let width: Int
    private let height: Int
    private let frameRate: Rational

    /// - Parameters:
    ///   - output: the video; the extension of its name decides the container.
    ///   - audioSource: a file whose first audio stream, if it has one, is added.
    ///   - width: columns of the frames.
    ///   - height: rows of the frames.
    ///   - frameRate: frames per second.
    package init(
        output: FilePath,
        audioSource: FilePath,
        width: Int,
        height: Int,
        frameRate: Rational
    ) {
        self.output = output
        self.audioSource = audioSource
        self.width = width
        self.height = height
        self.frameRate = frameRate
    }

    /// Takes the frames one by one.
    package struct Sink: Sendable {
        fileprivate let write: @Sendable ([UInt8]) async throws -> Void

        /// Adds one frame of the size of the video.
        package func add(_ image: RGBImage) async throws {
            try await write(image.pixels)
        }
    }

    /// Starts ffmpeg, lets `body` add the frames, and puts the finished video in place.
    ///
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or `EightCutError` if the video cannot be written; a video
    ///   that was there before is then unchanged.
    package func write<Result: Sendable>(
        _ body: @Sendable (Sink) async throws -> Result
    ) async throws -> Result {
        let temporary = AtomicFile.temporaryPath(for: output.absolute, keepingExtension: true)
        do {
            let result = try await run(writingTo: temporary, body)
            try AtomicFile.rename(temporary, to: output)
            return result
        } catch let error as Errno {
            unlink(temporary.string)
            throw fileError("cannot write", output, error)
        } catch {
            unlink(temporary.string)
            throw error
        }
    }

    private func run<Result: Sendable>(
        writingTo target: FilePath,
        _ body: @Sendable (Sink) async throws -> Result
    ) async throws -> Result {
        let value: Result?
        let messages: FilterMessages
        let exit: ChildExit
        do {
            ((value, messages), exit) = try await FFmpegProgram.ffmpeg.child(arguments(target)).run(
                input: .piped,
                errors: .piped
            ) { child in
                async let messages = FilterMessages(of: child)
                let value = try await Self.feed(child, body)
                return (value, try await messages)
            }
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffmpeg.startError(error, on: output)
        }
        // If closing a file fails, ffmpeg says so and exits with 0 all the same.
        guard exit.isSuccess, !messages.hasLostOutput, let value else {
            throw EightCutError(
                .toolFailed,
                "cannot write the video",
                on: output.string,
                because: FFmpegMessages.reason(in: messages.errors, url: MediaInput.url(target))
                    ?? "ffmpeg ended early (\(exit))",
                remedy: "Check that the folder is writable and the disk is not full."
            )
        }
        return value
    }

    /// - Returns: the result of `body`; nil if ffmpeg has ended before it. Its messages have the reason.
    private static func feed<Result: Sendable>(
        _ child: RunningChild,
        _ body: @Sendable (Sink) async throws -> Result
    ) async throws -> Result? {
        do {
            let result = try await body(Sink { try await child.input.write($0) })
            try await child.input.close()
            return result
        } catch ChildProcessError.inputClosed {
            return nil
        }
    }

    private func arguments(_ target: FilePath) -> [String] {
        [
            "-hide_banner", "-nostats", "-loglevel", "repeat+level+error", "-y",
            "-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", "\(width)x\(height)",
            "-framerate", frameRate.description, "-i", "pipe:0",
        ] + MediaInput.audioArguments(audioSource) + [
            "-map", "0:v", "-map", "1:a:0?",
            // Players want even sides.
            "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2,format=yuv420p",
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-c:a", "aac",
            "-movflags", "+faststart", "-map_metadata", "-1", MediaInput.url(target),
        ]
    }
}
