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
    private var filters: FrameFilters { FrameFilters(source.video) }

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
        try check(start)
        try check(end)
        if let images = source.images, !filters.changesFrameCount {
            return times(of: images, from: start)
        }
        guard source.canSeek, !filters.changesFrameCount else {
            return try await decodedTimes(to: end)
        }
        // There must be a keyframe before `start`, or ffmpeg would start after it.
        for lead in [2_000_000, 12_000_000, 60_000_000] {
            let seek = start - lead
            guard seek > source.startTime else { break }
            let packets = try await packets(from: seek, to: end + 2_000_000)
            guard packets.contains(where: { $0.isKey && ($0.timestamp ?? .max) <= ticks(start) }),
                let times = try times(packets, seek: seek, until: end)
            else { continue }
            return try await checkingEnd(times, until: end)
        }
        let packets = try await packets(from: nil, to: end + 2_000_000)
        if let times = try times(packets, seek: nil, until: end) {
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
        if let images = source.images, !filters.changesFrameCount {
            return times(of: images, from: source.startTime)
        }
        if source.canSeek, !filters.changesFrameCount {
            // Packets come in decoding order: some more give the presentation order.
            let packets = try await packets(count: count + 64)
            if let times = try times(packets, seek: nil, until: nil) {
                return times
            }
        }
        return try await decodedTimes(to: nil)
    }

    /// Images are counted, and the first one is at 0. A second before the start allows for the
    /// rounding of times.
    private func times(of images: ImageSequence, from start: Int) -> FrameTimes {
        let seek = start - 1_000_000
        return FrameTimes(
            timestamps: Array(0..<images.count),
            lastDuration: 1,
            isEnd: true,
            seek: seek > source.startTime ? seek : nil
        )
    }

    /// Where frames seem to end there may be a long one, with more after it.
    private func checkingEnd(_ times: FrameTimes, until end: Int) async throws -> FrameTimes {
        guard times.isEnd, let last = times.timestamps.last else { return times }
        let rest = try await packets(from: times.seek, to: nil)
        guard rest.contains(where: { !$0.isDropped && ($0.timestamp ?? .min) > last }) else {
            return times
        }
        return try self.times(rest, seek: times.seek, until: end) ?? times
    }

    /// The times in the packets; nil when they are not reliable.
    private func times(_ packets: [Packet], seek: Int?, until end: Int?) throws -> FrameTimes? {
        let shown = packets.filter { !$0.isDropped }
        let timestamps = shown.compactMap(\.timestamp)
        try check(timestamps)
        guard !timestamps.isEmpty, timestamps.count == shown.count,
            Set(timestamps).count == timestamps.count
        else {
            return nil
        }
        let last = shown.max { ($0.timestamp ?? .min) < ($1.timestamp ?? .min) }
        let isEnd = end.map { (last?.timestamp ?? 0) < ticks($0 + 1_000_000) } ?? false
        return FrameTimes(
            timestamps: timestamps.sorted(),
            lastDuration: isEnd ? last?.duration.flatMap(plausible) : nil,
            isEnd: isEnd,
            seek: seek
        )
    }

    /// Times beyond all reason would overflow what is computed from them.
    private func check(_ timestamps: [Int]) throws {
        let limit = Int(MediaLimits.seconds) * 1_000_000
        let (least, most) = (ticks(-limit), ticks(limit))
        guard timestamps.contains(where: { $0 < least || $0 > most }) else { return }
        throw EightCutError(
            .inputUnusable,
            "cannot read the video",
            on: source.path.string,
            because: "its timestamps are beyond all reason: some frames are more than 300 years "
                + "from the start",
            remedy: "Repair it first, for example with ffmpeg -i VIDEO -c copy NEW."
        )
    }

    private func check(_ microseconds: Int) throws {
        try check([ticks(microseconds)])
    }

    private func plausible(_ duration: Int) -> Int? {
        duration <= ticks(Int(MediaLimits.seconds) * 1_000_000) ? duration : nil
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
        return Self.parse(result.output)
    }

    /// Reads lines like `48048,1001,K_`.
    static func parse(_ text: [UInt8]) -> [Packet] {
        text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(
                separator: UInt8(ascii: ","),
                omittingEmptySubsequences: false
            )
            guard fields.count >= 3 else { return nil }
            return Packet(
                timestamp: Int(String(decoding: fields[0], as: UTF8.self)),
                duration: Int(String(decoding: fields[1], as: UTF8.self)),
                isKey: fields[2].contains(UInt8(ascii: "K")),
                isDropped: fields[2].contains(UInt8(ascii: "D"))
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
            try check(end)
            arguments += ["-t", Microseconds.text(end + 2_000_000 - source.startTime)]
        }
        arguments +=
            source.video.decoderArguments + MediaInput.arguments(source.path, source.video.options)
        let fields = filters.changesFrameCount ? filters.fields : []
        arguments += [
            "-map", "0:\(source.video.index)",
            "-fps_mode", "passthrough", "-vf",
            (fields + ["showinfo@in=checksum=0"]).joined(separator: ","), "-f", "null", "-",
        ]
        let run = FFmpegRun(arguments: arguments, input: source.path)
        let messages = try await run.run(failureMessage: "cannot read the video")
        let timestamps = Set(messages.timestamps(of: "in")).sorted()
        try check(timestamps)
        let limit = end.map { ticks($0 + 1_000_000) } ?? .max
        return FrameTimes(
            timestamps: timestamps,
            lastDuration: nil,
            isEnd: (timestamps.last ?? 0) < limit,
            seek: nil
        )
    }
}
