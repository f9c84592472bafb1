import Diagnostics
import Imaging
import Processes
import SystemPackage

/// Decodes a video with ffmpeg as a child process: each decoded frame exactly once, in
/// presentation order, whatever the timestamps are; rotated for display, and tone-mapped if it is
/// HDR.
package struct VideoDecoder: Sendable {
    private let path: FilePath
    private let stream: VideoStream
    private let format: PixelFormat
    private let width: Int
    private let height: Int
    private let range: Range<Int>?
    /// ffmpeg's options with the name of the input.
    private let input: [String]
    /// Microseconds to add to the times that ffmpeg gives to the frames.
    private let timeOffset: Int
    /// The options of another output of the same ffmpeg.
    private let otherOutput: [String]
    /// How many frames of the stream were decoded by others before.
    private let framesBefore: Int
    /// Whether what the file says about its length means something.
    private let declaresLength: Bool

    /// - Parameters:
    ///   - path: the video file.
    ///   - stream: which stream of it, from `VideoProbe`.
    ///   - format: the layout of the samples.
    ///   - size: columns and rows of the frames; by default those of the stream.
    ///   - range: the frames that are wanted, at least one; nil for all. Those before are decoded
    ///     as well, since others build upon them, but they are not handed over. Look at
    ///     `DecodeReport.changesInMidStream` unless it begins with the first frame.
    package init(
        path: FilePath,
        stream: VideoStream,
        format: PixelFormat,
        size: (width: Int, height: Int)? = nil,
        range: Range<Int>? = nil
    ) {
        self.range = range
        self.path = path
        self.stream = stream
        self.format = format
        width = size?.width ?? stream.width
        height = size?.height ?? stream.height
        input = MediaInput.arguments(path, stream.options)
        timeOffset = stream.timeOffset
        (otherOutput, framesBefore, declaresLength) = ([], 0, true)
    }

    /// Decodes all frames, or those from some place on, while the same ffmpeg writes something else.
    ///
    /// - Parameters:
    ///   - source: the video.
    ///   - format: the layout of the samples.
    ///   - size: columns and rows of the frames.
    ///   - seek: where ffmpeg seeks to, in microseconds of the file's timestamps; decoding begins with
    ///     the keyframe before. Nil for the start of the file.
    ///   - framesBefore: how many frames come before that place.
    ///   - joins: whether ffmpeg shall join timestamps that jump; else they are those of the file. Then
    ///     the file is another input for the other output, because ffmpeg joins the streams of one input
    ///     wrongly where they end at different times.
    ///   - otherOutput: the options of the other output, which come before those of the frames.
    init(
        _ source: MediaSource,
        format: PixelFormat,
        size: (width: Int, height: Int),
        seek: Int?,
        framesBefore: Int,
        joins: Bool,
        otherOutput: [String]
    ) {
        range = nil
        path = source.path
        stream = source.video
        self.format = format
        (width, height) = size
        // The frames before the place are wanted as well.
        let place = seek.map {
            ["-ss", Microseconds.text(max(0, $0 - source.startTime)), "-noaccurate_seek"]
        }
        let file = source.inputArguments(place ?? [])
        input = joins ? file + MediaInput.arguments(path, stream.options) : ["-copyts"] + file
        timeOffset = joins ? stream.timeOffset : -source.origin
        (self.otherOutput, self.framesBefore) = (otherOutput, framesBefore)
        declaresLength = !joins
    }

    /// Starts ffmpeg, lets `body` take the frames, and ends ffmpeg.
    ///
    /// - Returns: what `body` returns, and what ffmpeg reported.
    /// - Throws: what `body` throws (ffmpeg is then ended at once), `CancellationError`, or
    ///   `EightCutError` when ffmpeg is missing, is killed, or finds no frame.
    package func withFrames<Result: Sendable>(
        _ body: @Sendable (FrameReader) async throws -> Result
    ) async throws -> (result: Result, report: DecodeReport) {
        let (pipe, writer) = try Self.makePipe(path)
        let (timedFrames, timedFramesWriter) = AsyncStream<TimedFrame>.makeStream()
        do {
            let (outcome, exit) = try await FFmpegProgram.ffmpeg.child(arguments).run(
                output: .descriptor(writer),
                errors: .piped
            ) { child in
                async let messages = messages(of: child, timedFrames: timedFramesWriter)
                let frames = FrameReader(
                    pipe: pipe,
                    timedFrames: timedFrames,
                    format: format,
                    width: width,
                    height: height,
                    first: range?.lowerBound ?? 0,
                    path: path,
                    child: child
                )
                let result = try await body(frames)
                return Outcome(
                    result: result,
                    frameCount: frames.count,
                    lastTime: frames.lastTime,
                    isTruncated: frames.isTruncated,
                    messages: try await messages
                )
            }
            return (outcome.result, try report(outcome, exit))
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffmpeg.startError(error, on: path)
        }
    }

    private struct Outcome<Result: Sendable>: Sendable {
        let result: Result
        let frameCount: Int
        let lastTime: Double?
        let isTruncated: Bool
        let messages: DecoderMessages
    }

    /// The arguments of ffmpeg.
    private var arguments: [String] {
        FFmpegRun.commonArguments + holding + stream.decoderArguments
            + input + otherOutput + [
                "-map", "0:\(stream.index)",
                "-fps_mode", "passthrough", "-vf", filters.joined(separator: ","),
            ] + (range.map { ["-frames:v", "\($0.count)"] } ?? []) + ["-f", "rawvideo", "pipe:1"]
    }

    /// New filters for frames of another size would lose the frame that those of fields hold back:
    /// the same filters go on, behind one that keeps the size.
    private var holding: [String] {
        FrameFilters(stream).needsContext ? ["-reinit_filter:v", "0"] : []
    }

    /// The filters that every frame goes through. The size is given even where nothing is to be
    /// scaled: it holds the size when the video changes it in mid-stream.
    private var filters: [String] {
        let filters = FrameFilters(stream)
        let times = [DecoderMessages.filter + "=checksum=0"]
        let isSmaller = width * height < stream.width * stream.height
        let scale = ["scale=\(width):\(height):flags=\(isSmaller ? "area" : "bicubic")"]
        let ending =
            format == .yuv420p
            ? scale + filters.ending(.video)
            : filters.ending(.screen) + scale + ["format=\(format.rawValue)"]
        let select = range.map {
            ["select=between(n\\,\($0.lowerBound)\\,\($0.upperBound - 1))"]
        }
        // The filters of fields come before frames are dropped. Where they drop some themselves,
        // the times are those of the others.
        let hold = filters.needsContext ? ["scale=\(stream.width):\(stream.height)"] : []
        let first =
            select == nil && !filters.changesFrameCount
            ? times + hold + filters.fields : hold + filters.fields + (select ?? []) + times
        return filters.tags + first + filters.colors + ending
    }

    private static func makePipe(
        _ path: FilePath
    ) throws -> (reader: FramePipe, writer: FileDescriptor) {
        do {
            return try FramePipe.make()
        } catch {
            throw EightCutError(
                .inputOutput,
                "cannot read the video",
                on: path.string,
                because: "no pipe could be made: \(error)"
            )
        }
    }

    private func messages(
        of child: RunningChild,
        timedFrames: AsyncStream<TimedFrame>.Continuation
    ) async throws -> DecoderMessages {
        defer { timedFrames.finish() }
        var messages = DecoderMessages(timeOffset: timeOffset)
        let url = MediaInput.url(path)
        var (count, problem): (Int, String?) = (0, nil)
        for try await line in child.errors.lines {
            guard var timedFrame = messages.take(line) else { continue }
            if problem == nil, messages.problemCount > count {
                count = messages.problemCount
                problem = FFmpegMessages.reason(in: messages.problems, url: url)
            }
            timedFrame.problem = problem
            timedFrames.yield(timedFrame)
        }
        return messages
    }

    /// What the way in which ffmpeg ended means for the frames.
    private func report<Result>(_ outcome: Outcome<Result>, _ exit: ChildExit) throws
        -> DecodeReport
    {
        let url = MediaInput.url(path)
        let reason = FFmpegMessages.reason(in: outcome.messages.problems, url: url)
        var problem = reason
        switch exit {
        case .signaled(let signal):
            throw FFmpegProgram.ffmpeg.killedError(signal: signal, on: path)
        case .exited(let code) where code != 0:
            guard reason != nil || outcome.frameCount > 0 else {
                throw FFmpegProgram.ffmpeg.failedError(
                    status: code,
                    message: outcome.messages.lastLine,
                    on: path
                )
            }
            problem = problem ?? "ffmpeg ended with status \(code)"
        case .exited: break
        }
        guard outcome.frameCount > 0 else {
            throw EightCutError(
                .inputUnusable,
                "cannot read the video",
                on: path.string,
                because: problem.map { "no frame of it can be decoded: \($0)" }
                    ?? "its video stream has no frames"
            )
        }
        if problem == nil, let shortfall = shortfall(outcome) {
            problem = shortfall
        }
        if outcome.isTruncated { problem = problem ?? "the last frame is incomplete" }
        return DecodeReport(
            frameCount: outcome.frameCount,
            problem: problem,
            problemCount: outcome.messages.problemCount,
            changesInMidStream: outcome.messages.configurationCount > 1,
            interlacedCount: outcome.messages.interlacedCount
        )
    }

    /// A file can be truncated where nothing looks wrong. Then the frames end long before the
    /// duration that the container gives for the stream. If it has as many frames as the container
    /// declares, the last one is merely shown for long.
    private func shortfall<Result>(_ outcome: Outcome<Result>) -> String? {
        guard declaresLength, let lastTime = outcome.lastTime, let declared = stream.streamDuration
        else { return nil }
        let missing = declared - lastTime
        guard missing > max(1.5, 0.05 * declared) else { return nil }
        let count = framesBefore + outcome.frameCount
        if let frames = stream.estimatedFrames, Double(count) >= 0.95 * Double(frames) {
            return nil
        }
        let seconds = { (value: Double) in "\((value * 10).rounded() / 10) s" }
        return "the frames end at \(seconds(lastTime)), but the file declares "
            + seconds(declared)
    }
}

/// How a decoding went.
package struct DecodeReport: Sendable, Equatable {
    /// How many frames there were.
    package let frameCount: Int
    /// What is wrong with the input, nil when nothing is.
    package let problem: String?
    /// How many errors ffmpeg has reported.
    package let problemCount: Int
    /// Whether frames changed their size or format, so that ffmpeg rebuilt its filters. Then a
    /// range that does not begin with the first frame is not the one asked for, because its frames
    /// are counted by a filter.
    package let changesInMidStream: Bool
    /// How many frames are marked as interlaced in the file; 0 for a range, and for telecined film.
    package let interlacedCount: Int
}
