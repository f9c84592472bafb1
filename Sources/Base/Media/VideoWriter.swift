import Diagnostics
import Files
import Imaging
import Processes
import SystemPackage

/// Writes images as the frames of an H.264 video, with ffmpeg as a child process.
package struct VideoWriter: Sendable {
    /// The containers, by the extension of a name.
    package enum Container: String, Sendable {
        case mp4, mov
        case matroska = "mkv"

        /// FFmpeg's options for it.
        fileprivate var arguments: [String] {
            switch self {
            case .mp4: ["-movflags", "+faststart", "-f", "mp4"]
            case .mov: ["-movflags", "+faststart", "-f", "mov"]
            case .matroska: ["-f", "matroska"]
            }
        }
    }

    private let output: FilePath
    private let container: Container
    private let content: Content
    private let width: Int
    private let height: Int
    private let pixelAspect: Rational
    private let frameRate: Rational

    /// What the images are, and so how they are encoded.
    fileprivate enum Content {
        /// Colour images for people, with the audio of a file, if it has any.
        case colour(audioSource: FilePath, audioIndex: Int?)
        /// Grey images for programs, without loss and without audio.
        case gray
    }

    /// A video for people.
    ///
    /// - Parameters:
    ///   - output: the name that the video will get, for errors.
    ///   - container: its container.
    ///   - audioSource: a file whose audio, if it has any, is added.
    ///   - audioIndex: number of its audio stream in the file; nil for the first one there is.
    ///   - width: columns of the frames.
    ///   - height: rows of the frames.
    ///   - pixelAspect: width of a pixel by its height.
    ///   - frameRate: frames per second.
    package init(
        output: FilePath,
        container: Container,
        audioSource: FilePath,
        audioIndex: Int? = nil,
        width: Int,
        height: Int,
        pixelAspect: Rational = .one,
        frameRate: Rational
    ) {
        self.output = output
        self.container = container
        content = .colour(audioSource: audioSource, audioIndex: audioIndex)
        self.width = width
        self.height = height
        self.pixelAspect = pixelAspect
        self.frameRate = frameRate
    }

    /// A video of grey images that comes back exactly as it was written, of any size. Parameters as
    /// above.
    package init(
        grayTo output: FilePath,
        container: Container,
        width: Int,
        height: Int,
        pixelAspect: Rational,
        frameRate: Rational
    ) {
        self.output = output
        self.container = container
        content = .gray
        self.width = width
        self.height = height
        self.pixelAspect = pixelAspect
        self.frameRate = frameRate
    }

    /// Takes the frames one by one.
    package struct Sink: Sendable {
        fileprivate let write: @Sendable ([UInt8]) async throws -> Void

        /// Adds one frame of the size of the video.
        package func add(_ image: RGBImage) async throws {
            try await write(image.pixels)
        }

        /// The same for a video of grey images.
        package func add(_ image: GrayImage) async throws {
            try await write(image.pixels)
        }
    }

    /// Starts ffmpeg, and lets `body` add the frames.
    ///
    /// - Parameters:
    ///   - file: a new file; ffmpeg writes into this very file, whatever has its name meanwhile.
    ///   - body: adds the frames.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or `EightCutError` if the video cannot be written.
    package func write<Result: Sendable>(
        into file: NewFile,
        _ body: @Sendable (Sink) async throws -> Result
    ) async throws -> Result {
        let target = file.childPath
        let value: Result?
        let messages: FilterMessages
        let exit: ChildExit
        do {
            ((value, messages), exit) = try await FFmpegProgram.ffmpeg.child(arguments(target)).run(
                input: .piped,
                errors: .piped
            ) { child in
                async let messages = Self.messages(of: child)
                let value = try await Self.feed(child, body)
                return (value, try await messages)
            }
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffmpeg.startError(error, on: output)
        }
        if let error = FFmpegMessages.writeFailure(in: messages.errors, exit) {
            throw fileError("cannot write the video", output, error)
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

    private static func messages(of child: RunningChild) async throws -> FilterMessages {
        var messages = FilterMessages()
        for try await line in child.errors.lines { messages.take(line) }
        return messages
    }

    /// - Returns: the result of `body`; nil if ffmpeg has ended before it. Its messages have the reason.
    private static func feed<Result: Sendable>(
        _ child: RunningChild,
        _ body: @Sendable (Sink) async throws -> Result
    ) async throws -> Result? {
        do {
            let result = try await body(Sink { try await Self.write($0, to: child.input) })
            try await child.input.close()
            return result
        } catch is EncoderEnded {
            return nil
        } catch ChildProcessError.inputClosed {
            return nil
        }
    }

    /// ffmpeg has ended before the last frame. An error of its own: `body` decodes frames, and the
    /// decoder must not take it for one of its child.
    private struct EncoderEnded: Error {}

    private static func write(_ pixels: [UInt8], to input: ChildInput) async throws {
        do {
            try await input.write(pixels)
        } catch ChildProcessError.inputClosed {
            throw EncoderEnded()
        }
    }

    private func arguments(_ target: FilePath) -> [String] {
        [
            "-hide_banner", "-nostats", "-loglevel", "repeat+level+error", "-y",
            "-f", "rawvideo", "-pixel_format", content.pixelFormat,
            "-video_size", "\(width)x\(height)",
            "-framerate", frameRate.description, "-i", "pipe:0",
        ] + content.arguments(pixelAspect)
            // The same frames give the same file: no number in it is drawn by lot.
            + ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]
            + container.arguments + [MediaInput.url(target)]
    }
}

extension VideoWriter.Content {
    fileprivate var pixelFormat: String {
        switch self {
        case .colour: "rgb24"
        case .gray: "gray"
        }
    }

    /// FFmpeg's options between the images and the container.
    fileprivate func arguments(_ pixelAspect: Rational) -> [String] {
        let aspect = "setsar=\(pixelAspect.numerator)/\(pixelAspect.denominator)"
        switch self {
        case .colour(let audioSource, let audioIndex):
            let filters = [
                // Players want even sides.
                "pad=ceil(iw/2)*2:ceil(ih/2)*2", FrameFilters.scale(ColorTags.bt709.scalerName),
                "format=yuv420p", ColorTags.bt709.filter(), aspect,
            ]
            return MediaInput.audioArguments(audioSource) + [
                "-map", "0:v", "-map", audioIndex.map { "1:\($0)" } ?? "1:a:0?",
                "-vf", filters.joined(separator: ","),
                "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-c:a", "aac",
            ]
        case .gray:
            // Without chroma, odd sides are possible. There is no tag of the range: black and white
            // are 0 and 255 for readers that expect the limited range, who clip, as for others; those
            // that convert full to limited range would make 16 and 235 of them.
            return [
                "-map", "0:v", "-vf", aspect, "-pix_fmt", "gray", "-c:v", "libx264", "-preset",
                "fast", "-qp", "0",
                "-bf", "0",
            ]
        }
    }
}
