import Diagnostics
import Synchronization

/// Finds out whether a part of a file is damaged.
///
/// Decoders that work on several frames at once report errors ahead of the frames. So the part is
/// decoded once more, on one thread: then the messages stand beside the frames that they are about.
package struct DamageProbe: Sendable {
    private let source: MediaSource

    package init(_ source: MediaSource) {
        self.source = source
    }

    /// What is wrong with some frames, and with those that they were decoded from.
    ///
    /// - Parameters:
    ///   - seek: where ffmpeg seeks to, in microseconds of the file's timestamps; nil for its start.
    ///   - frames: timestamps of the first and the last frame, in the stream's time base.
    ///   - end: when the last frame is over, in microseconds of the file's timestamps.
    /// - Returns: ffmpeg's words; nil where nothing is wrong.
    /// - Throws: `EightCutError` when ffmpeg is missing or killed, or `CancellationError`.
    package func problem(
        seek: Int?,
        frames: ClosedRange<Int>,
        until end: Int
    ) async throws -> String? {
        try await problem(
            seek: seek,
            until: end,
            stream: "0:\(source.video.index)",
            filter: ["-vf", "showinfo@damage=checksum=0", "-fps_mode", "passthrough"],
            DamageLog(frames, of: source.video.index, lag: 4, startsAnywhere: startsAnywhere)
        )
    }

    /// What is wrong with some audio.
    ///
    /// - Parameters:
    ///   - stream: the audio stream.
    ///   - seek: where ffmpeg seeks to, in microseconds of the file's timestamps; nil for its start.
    ///   - samples: numbers of the first and the last sample, counted from timestamp 0.
    /// - Returns: ffmpeg's words; nil where nothing is wrong.
    /// - Throws: `EightCutError` when ffmpeg is missing or killed, or `CancellationError`.
    package func problem(
        in stream: AudioStream,
        seek: Int?,
        samples: ClosedRange<Int>
    ) async throws -> String? {
        let end = Double(samples.upperBound) / Double(stream.sampleRate) * 1e6
        return try await problem(
            seek: seek,
            until: Int(end),
            stream: "\(source.audioInput):\(stream.index)",
            filter: ["-af", "ashowinfo@damage"],
            DamageLog(samples, of: stream.index, lag: 0, startsAnywhere: startsAnywhere)
        )
    }

    /// Whether the first packets may belong to frames whose beginning is missing.
    private var startsAnywhere: Bool { ["mpegts", "mpeg"].contains(source.container) }

    private func problem(
        seek: Int?,
        until end: Int,
        stream: String,
        filter: [String],
        _ log: DamageLog
    ) async throws -> String? {
        let start = seek.map { ["-ss", Microseconds.text($0 - source.startTime)] } ?? []
        let length = end - (seek ?? source.startTime) + 500_000
        let options =
            ["-threads", "1"] + start + ["-noaccurate_seek", "-t", Microseconds.text(length)]
            + source.video.decoderArguments
        let arguments =
            FFmpegRun.commonArguments + ["-copyts"] + source.inputArguments(options)
            + ["-map", stream] + filter + ["-f", "null", "-"]
        let lines = LockedLog(log)
        let run = FFmpegRun(arguments: arguments, input: source.path)
        do {
            _ = try await run.run(failureMessage: "cannot decode") { lines.take($0) }
        } catch let error as EightCutError where error.code == .toolFailed {
            // What is left of a part may be nothing at all.
            return lines.problem(MediaInput.url(source.path)) ?? error.why
        }
        return lines.problem(MediaInput.url(source.path))
    }
}

/// The messages of a run that belong to a part of a stream.
package struct DamageLog: Sendable {
    private let part: ClosedRange<Int>
    private let stream: Int
    private let lag: Int
    private let startsAnywhere: Bool
    private var frameCount = 0
    private var isOver = false
    private var problems: [(frame: Int, text: String)] = []
    /// Whether a packet was shorter than it said, which the next message is about.
    private var isShort = false
    private static let most = 50

    /// - Parameters:
    ///   - part: timestamps of the first and the last frame.
    ///   - stream: number of the stream in the file.
    ///   - lag: how many frames a decoder may hold back.
    ///   - startsAnywhere: whether the stream may begin in the middle of a frame.
    package init(_ part: ClosedRange<Int>, of stream: Int, lag: Int, startsAnywhere: Bool) {
        self.part = part
        self.stream = stream
        self.lag = lag
        self.startsAnywhere = startsAnywhere
    }

    /// What tells of damage in the part, the first ones.
    package var texts: [String] { problems.map(\.text) }

    /// Takes a line of ffmpeg's standard error.
    package mutating func take(_ line: String) {
        guard !isOver, let message = FFmpegMessages.parse(line) else { return }
        if line.contains(exactly: "showinfo@damage") {
            if let frame = FrameInfo(message.text) { take(frame) }
        } else if message.text.hasPrefix(exactly: "Input #") {
            // So far ffmpeg has looked at the beginning of the file.
            problems = []
        } else if let text = problem(message), problems.count < Self.most {
            problems.append((frameCount, text))
        }
    }

    /// What is wrong, as a message says it. Where files were joined, whole packets are called
    /// corrupt: that alone does not count.
    private mutating func problem(_ message: FFmpegMessages.Message) -> String? {
        let wasShort = isShort
        isShort = message.text.contains(exactly: "PES packet size mismatch")
        guard FFmpegMessages.tellsOfDamage(message) else { return nil }
        if message.isError { return message.text }
        if message.text.contains(exactly: "corrupt decoded frame") {
            return "a frame is decoded with errors"
        }
        return wasShort && message.text.contains(exactly: "(stream = \(stream),")
            ? "a part of a packet is missing" : nil
    }

    private mutating func take(_ frame: FrameInfo) {
        if startsAnywhere, frameCount == 0 { problems = [] }
        if let timestamp = frame.timestamp {
            if timestamp <= part.lowerBound, frame.isKey {
                // Nothing before this frame counts for those after it.
                problems.removeAll { $0.frame + lag < frameCount }
            }
            if timestamp >= part.upperBound { isOver = true }
        }
        frameCount += 1
    }
}

/// A log that the lines of a child come to.
private final class LockedLog: Sendable {
    private let log: Mutex<DamageLog>

    init(_ log: DamageLog) {
        self.log = Mutex(log)
    }

    func take(_ line: String) { log.withLock { $0.take(line) } }

    /// The message that explains best what is wrong; nil where nothing is.
    func problem(_ url: String) -> String? {
        let texts = log.withLock { $0.texts }
        return FFmpegMessages.reason(in: texts.map { "[error] " + $0 }, url: url)
    }
}
