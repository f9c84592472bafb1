import Diagnostics
import SystemPackage

/// When the frames of a part of a video are shown.
package struct FrameTimes: Sendable, Equatable {
    /// Timestamps of the frames, in the stream's time base, in order.
    package let timestamps: [Int]
    /// How long the last frame of the video is shown, in the time base; nil when the part does not
    /// reach it, or the duration is unknown.
    package let lastDuration: Int?
    /// Whether the last frame is the last of the video.
    package let isEnd: Bool
    /// Where ffmpeg has to seek to decode all of them, in microseconds of the file's timestamps;
    /// nil for its start.
    package let seek: Int?

    package init(timestamps: [Int], lastDuration: Int?, isEnd: Bool, seek: Int?) {
        self.timestamps = timestamps
        self.lastDuration = lastDuration
        self.isEnd = isEnd
        self.seek = seek
    }
}

/// Finds out when frames are shown, without decoding them if the container has their times.
package struct FrameTimesProbe: Sendable {
    private let source: MediaSource

    package init(_ source: MediaSource) {
        self.source = source
    }

    /// A packet of the video stream.
    struct Packet: Equatable {
        let timestamp: Int?
        let duration: Int?
        let isKey: Bool
        let isDropped: Bool
    }

    /// The times of the frames from the one that is shown at `start` to those at `end`.
    ///
    /// - Parameters:
    ///   - start: in microseconds of the file's timestamps.
    ///   - end: later than `start`.
    /// - Returns: those times, and some more at either side.
    /// - Throws: `EightCutError` when the file cannot be read, or `CancellationError`.
    package func times(from start: Int, to end: Int) async throws -> FrameTimes {
        guard source.canSeek else { return try await decodedTimes(to: end) }
        // There must be a keyframe before `start`, or ffmpeg would start after it.
        for lead in [2_000_000, 12_000_000, 60_000_000] {
            let seek = start - lead
            guard seek > source.startTime else { break }
            let packets = try await packets(from: seek, to: end + 2_000_000)
            guard packets.contains(where: { $0.isKey && ($0.timestamp ?? .max) <= ticks(start) }),
                let times = times(packets, seek: seek, until: end)
            else { continue }
            return try await checkingEnd(times, until: end)
        }
        let packets = try await packets(from: nil, to: end + 2_000_000)
        if let times = times(packets, seek: nil, until: end) {
            return try await checkingEnd(times, until: end)
        }
        return try await decodedTimes(to: end)
    }

    /// The first frames of the file.
    ///
    /// - Parameter count: how many there must be, if there are as many.
    /// - Returns: those times, and some more.
    /// - Throws: `EightCutError` when the file cannot be read, or `CancellationError`.
    package func firstTimes(_ count: Int) async throws -> FrameTimes {
        if source.canSeek {
            // Packets come in decoding order: some more give the presentation order.
            let packets = try await packets(count: count + 64)
            if let times = times(packets, seek: nil, until: nil) {
                return times
            }
        }
        return try await decodedTimes(to: nil)
    }

    /// Where frames seem to end there may be a long one, with more after it.
    private func checkingEnd(_ times: FrameTimes, until end: Int) async throws -> FrameTimes {
        guard times.isEnd, let last = times.timestamps.last else { return times }
        let rest = try await packets(from: times.seek, to: nil)
        guard rest.contains(where: { !$0.isDropped && ($0.timestamp ?? .min) > last }) else {
            return times
        }
        return self.times(rest, seek: times.seek, until: end) ?? times
    }

    /// The times in the packets; nil when they are not reliable.
    private func times(_ packets: [Packet], seek: Int?, until end: Int?) -> FrameTimes? {
        let shown = packets.filter { !$0.isDropped }
        let timestamps = shown.compactMap(\.timestamp)
        guard !timestamps.isEmpty, timestamps.count == shown.count,
            Set(timestamps).count == timestamps.count
        else {
            return nil
        }
        let last = shown.max { ($0.timestamp ?? .min) < ($1.timestamp ?? .min) }
        let isEnd = end.map { (last?.timestamp ?? 0) < ticks($0 + 1_000_000) } ?? false
        return FrameTimes(
            timestamps: timestamps.sorted(),
            lastDuration: isEnd ? last?.duration : nil,
            isEnd: isEnd,
            seek: seek
        )
    }

    private func ticks(_ microseconds: Int) -> Int {
        let ticks =
            Int128(microseconds) * Int128(source.timeBase.denominator)
            / (1_000_000 * Int128(source.timeBase.numerator))
        return Int(clamping: ticks)
    }

    private func packets(from start: Int?, to end: Int?) async throws -> [Packet] {
        let (from, to) = (start.map(Microseconds.text), end.map(Microseconds.text))
        return try await packets(interval: (from ?? "") + "%" + (to ?? ""))
    }

    private func packets(count: Int) async throws -> [Packet] {
        try await packets(interval: "%+#\(count)")
    }

    private func packets(interval: String) async throws -> [Packet] {
        let result = try await VideoProbe.run(
            MediaInput.guardingArguments + [
                "-loglevel", "repeat+level+error", "-select_streams", "\(source.video.index)",
                "-show_entries", "packet=pts,duration,flags", "-print_format", "csv=p=0",
                "-read_intervals", interval, "-i", MediaInput.url(source.path),
            ],
            on: source.path
        )
        if case .signaled(let signal) = result.exit {
            throw FFmpegProgram.ffprobe.killedError(signal: signal, on: source.path)
        }
        return Self.parse(String(decoding: result.output, as: UTF8.self))
    }

    /// Reads lines like `48048,1001,K_`.
    static func parse(_ text: String) -> [Packet] {
        text.split(exactly: "\n").compactMap { line in
            let fields = line.split(exactly: ",", omittingEmptySubsequences: false)
            guard fields.count >= 3 else { return nil }
            return Packet(
                timestamp: Int(fields[0]),
                duration: Int(fields[1]),
                isKey: fields[2].contains("K"),
                isDropped: fields[2].contains("D")
            )
        }
    }

    /// Decodes to find the times, for files whose packets do not have them.
    ///
    /// - Parameter end: in microseconds of the file's timestamps; nil for the end of the file.
    /// - Returns: the times from the start of the file on.
    /// - Throws: `EightCutError` when nothing can be decoded, or `CancellationError`.
    package func decodedTimes(to end: Int?) async throws -> FrameTimes {
        var arguments = FFmpegRun.commonArguments + ["-copyts"]
        if let end {
            arguments += ["-t", Microseconds.text(end + 2_000_000 - source.startTime)]
        }
        arguments += MediaInput.guardingArguments
        arguments += [
            "-i", MediaInput.url(source.path), "-map", "0:\(source.video.index)",
            "-fps_mode", "passthrough", "-vf", "showinfo@in=checksum=0", "-f", "null", "-",
        ]
        let run = FFmpegRun(arguments: arguments, input: source.path)
        let messages = try await run.run(failureMessage: "cannot read the video")
        let timestamps = Set(messages.timestamps(of: "in")).sorted()
        let limit = end.map { ticks($0 + 1_000_000) } ?? .max
        return FrameTimes(
            timestamps: timestamps,
            lastDuration: nil,
            isEnd: (timestamps.last ?? 0) < limit,
            seek: nil
        )
    }
}
