import Diagnostics
import Imaging
import Processes
import SystemPackage

/// Small images of moments of a video.
///
/// Times are seconds from the start of the file. The frame of a time is the one that is shown then:
/// the last one that is not later; before the first frame the first, after the last the last.
package struct Thumbnails: Sendable {
    private let source: MediaSource
    private let height: Int

    /// - Parameters:
    ///   - source: the video.
    ///   - height: rows of the images.
    package init(of source: MediaSource, height: Int) {
        (self.source, self.height) = (source, height)
    }

    /// Columns of an image: it has the shape in which the video is displayed.
    package var width: Int {
        let video = source.video
        let aspect =
            Double(video.width) * source.pixelAspect.value / Double(max(1, video.height))
        return max(2, min(height * 8, Int((Double(height) * aspect).rounded())))
    }

    /// The frame of a time.
    ///
    /// - Returns: nil where ffmpeg finds no frame.
    /// - Throws: `CancellationError`, or `EightCutError` when ffmpeg is missing.
    package func image(at seconds: Double) async throws -> ScreenImage? {
        var found: ScreenImage?
        for try await image in images(at: seconds, every: 1000, count: 1) { found = image }
        return found
    }

    /// The last keyframe before a time, for which ffmpeg decodes nothing else.
    ///
    /// - Returns: the image and the time of its frame; nil where a seek does not find one.
    /// - Throws: `CancellationError`, or `EightCutError` when ffmpeg is missing.
    package func keyframe(
        before seconds: Double
    ) async throws -> (time: Double, image: ScreenImage)? {
        guard source.canSeek else { return nil }
        let run = run(
            seek: timestamp(seconds),
            decoding: ["-skip_frame", "nokey"],
            shift: source.origin,
            count: 1
        )
        var found: ScreenImage?
        var time: Int?
        for try await frame in run.frames() { (found, time) = (frame.image, frame.firstTime) }
        guard let found, let time, Double(time) / 1e6 < seconds else { return nil }
        return (Double(time) / 1e6, found)
    }

    /// The frames of times at equal distances, decoded in one go.
    ///
    /// - Parameters:
    ///   - first: the first time.
    ///   - milliseconds: between two times.
    ///   - count: how many.
    /// - Returns: one image a time, in order, as soon as they are there; fewer only where ffmpeg finds
    ///   no frame at all. Throws `CancellationError`, or `EightCutError` when ffmpeg is missing.
    package func images(
        at first: Double,
        every milliseconds: Int,
        count: Int
    ) -> AsyncThrowingStream<ScreenImage, any Error> {
        AsyncThrowingStream { writer in
            let task = Task {
                do {
                    try await send(first, milliseconds, count) { writer.yield($0) }
                    writer.finish()
                } catch { writer.finish(throwing: error) }
            }
            writer.onTermination = { _ in task.cancel() }
        }
    }

    private func send(
        _ first: Double,
        _ milliseconds: Int,
        _ count: Int,
        _ take: (ScreenImage) -> Void
    ) async throws {
        var last: ScreenImage?
        var given = 0
        // A microsecond more, since times in microseconds are rounded.
        let shift = timestamp(first) + 1
        let grid = "fps=1000/\(milliseconds):start_time=0:round=up"
        for seek in seeks(to: first) where given == 0 {
            let run = run(seek: seek, shift: shift, filters: [grid], count: count)
            for try await frame in run.frames() {
                // The seek has gone too far: what is shown then comes before.
                if seek != nil, given == 0, (frame.firstTime ?? 0) > 0 { break }
                given += 1
                last = frame.image
                take(frame.image)
            }
        }
        // The rest is after the last frame, which may lie between two times.
        guard given < count else { return }
        let rest = first + Double(given * milliseconds) / 1000
        var end: ScreenImage?
        for seek in seeks(to: rest) where end == nil {
            for try await frame in run(seek: seek, shift: shift).frames() { end = frame.image }
        }
        guard let image = end ?? last else { return }
        while given < count {
            given += 1
            take(image)
        }
    }

    /// Where to seek for a time, in microseconds of the file's timestamps: in some containers a seek
    /// does not lead to a keyframe, and what can be decoded comes later. Nil is the start.
    private func seeks(to seconds: Double) -> [Int?] {
        guard source.canSeek, seconds > 0 else { return [nil] }
        let time = timestamp(seconds)
        return [time, time - 2_000_000, time - 12_000_000, nil].filter {
            ($0 ?? .max) > source.startTime
        }
    }

    private func timestamp(_ seconds: Double) -> Int {
        source.origin + Int((bounded(seconds, 0...MediaLimits.seconds) * 1e6).rounded())
    }

    private func run(
        seek: Int?,
        decoding: [String] = [],
        shift: Int,
        filters: [String] = [],
        count: Int? = nil
    ) -> ThumbnailRun {
        var arguments = FFmpegRun.commonArguments + ["-copyts", "-threads", "2"] + decoding
        if let seek {
            // ffmpeg counts from the first timestamp, which may be less than 0.
            arguments += ["-ss", Microseconds.text(seek - source.startTime), "-noaccurate_seek"]
        }
        // A small frame is filtered sooner. Fields are too fine to be seen in it.
        let small = FrameFilters(source.video, size: (width, height))
        let chain =
            small.tags + ["settb=1/1000000", "setpts=PTS-\(shift)", ThumbnailRun.clock] + filters
            + ["scale=\(width):\(height):flags=fast_bilinear"] + small.colors
            + small.ending(.screen)
        arguments +=
            source.video.decoderArguments
            + MediaInput.arguments(
                source.path,
                source.video.options
            )
        arguments += [
            "-map", "0:\(source.video.index)", "-an", "-sn", "-fps_mode", "passthrough", "-vf",
            chain.joined(separator: ","),
        ]
        arguments += count.map { ["-frames:v", "\($0)"] } ?? []
        // Each image is wanted as soon as it is there.
        arguments += ["-f", "rawvideo", "-pix_fmt", "bgr0", "-flush_packets", "1", "pipe:1"]
        return ThumbnailRun(arguments: arguments, path: source.path, width: width, height: height)
    }
}

/// A run of ffmpeg that writes small raw images.
private struct ThumbnailRun: Sendable {
    let arguments: [String]
    let path: FilePath
    let width: Int
    let height: Int

    /// The filter that reports times. Nothing in a file can pass for one of its messages.
    static let clock = DecoderMessages.filter + "=checksum=0"

    struct Frame: Sendable {
        let image: ScreenImage
        /// The time of the first frame that was decoded, in microseconds.
        let firstTime: Int?
    }

    /// The images in order. Ending early, or cancelling the task, ends ffmpeg at once.
    func frames() -> AsyncThrowingStream<Frame, any Error> {
        AsyncThrowingStream { writer in
            let task = Task {
                do {
                    try await read { writer.yield($0) }
                    writer.finish()
                } catch { writer.finish(throwing: error) }
            }
            writer.onTermination = { _ in task.cancel() }
        }
    }

    private func read(_ take: @Sendable (Frame) -> Void) async throws {
        let (times, timeWriter) = AsyncStream<Int>.makeStream()
        let size = width * height * 4
        do {
            _ = try await FFmpegProgram.ffmpeg.child(arguments).run(
                output: .piped,
                errors: .piped
            ) { child in
                async let listening: Void = Self.listen(to: child, timeWriter)
                var firstTime: Int?
                var pixels: [UInt8] = []
                for try await piece in child.output {
                    pixels += piece
                    while pixels.count >= size {
                        if firstTime == nil { firstTime = await times.first { _ in true } }
                        let image = ScreenImage(width: width, height: height) { bytes in
                            pixels.withUnsafeBytes {
                                bytes.copyMemory(from: .init(rebasing: $0[..<size]))
                            }
                        }
                        pixels.removeFirst(size)
                        take(Frame(image: image, firstTime: firstTime))
                    }
                }
                try await listening
            }
        } catch let error as ChildProcessError {
            guard case .notFound = error else { return }
            throw FFmpegProgram.ffmpeg.startError(error, on: path)
        }
    }

    /// Passes on the time of the first frame.
    private static func listen(
        to child: RunningChild,
        _ times: AsyncStream<Int>.Continuation
    ) async throws {
        defer { times.finish() }
        var messages = DecoderMessages()
        for try await line in child.errors.lines {
            guard let frame = messages.take(line), frame.index == 0, let time = frame.time else {
                continue
            }
            times.yield(Int((time * 1e6).rounded()))
            times.finish()
        }
    }
}
