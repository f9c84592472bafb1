import Diagnostics
import SystemPackage

/// Finds out when the frames of a video are shown, without decoding them where the packets of the
/// file say so. What was read is kept, so that all clips of a list share it.
package actor FrameIndex {
    private let source: MediaSource
    /// Parts of a file that has an index of its own.
    private var parts: [PacketRun] = []
    /// All packets of a file that has none.
    private var whole: PacketRun?
    private var decoded: DecodedTimes?

    package init(_ source: MediaSource) {
        self.source = source
    }

    /// - Parameters:
    ///   - source: a video file.
    ///   - packets: all packets of its video stream, in the order of the file.
    /// - Throws: `EightCutError` when their times are beyond all reason.
    init(_ source: MediaSource, _ packets: [PacketRun.Packet]) throws {
        self.source = source
        let run = PacketRun(ofAll: packets, second: source.ticks(1_000_000))
        (parts, whole) = ([run], run)
        try check([run.timestamps.first, run.timestamps.last].compactMap(\.self))
    }

    /// ffmpeg starts so much earlier than the clip, in microseconds: audio codecs need a run-up, and
    /// filters the frames before.
    private static let lead = 600_000
    /// How much is read after what was asked for, in microseconds: packets are out of order.
    private static let margin = 2_000_000
    /// Parts that are nearer to each other are read as one.
    private static let nearness = 10_000_000
    /// Up to this frame frames are counted by decoding them also in files that have an index.
    private static let mostDecoded = 3000

    /// How a file says when its frames are shown.
    private enum Kind {
        /// The file has an index: parts of it can be read, and times do not jump.
        case indexed
        /// The packets have times, but only one after the other.
        case sequential
        /// Only the decoder knows.
        case untimed
    }

    private var kind: Kind {
        if FrameFilters(source.video).changesFrameCount { return .untimed }
        if source.isIndexed { return .indexed }
        switch source.container {
        case "mpegts", "flv", "nut", "asf": return .sequential
        default: return .untimed
        }
    }

    /// Reads what several clips need, all at once.
    ///
    /// - Parameter spans: from the start to the end of each, in microseconds of the file's
    ///   timestamps.
    /// - Throws: `EightCutError` when the file cannot be read, or `CancellationError`.
    package func prepare(_ spans: [ClosedRange<Int>]) async throws {
        for span in spans { try check([span.lowerBound, span.upperBound].map(source.ticks)) }
        guard images == nil else { return }
        switch kind {
        case .indexed:
            let missing = spans.filter { part($0.lowerBound, $0.upperBound) == nil }
            guard !missing.isEmpty else { return }
            parts += try await packets(Self.merged(missing))
        case .sequential: _ = try await wholeFile()
        case .untimed:
            guard let end = spans.map(\.upperBound).max() else { return }
            _ = try await decode(until: end, audio: nil)
        }
    }

    /// The times of the frames from the one that is shown at `start` to those at `end`.
    ///
    /// - Parameters:
    ///   - start: in microseconds of the file's timestamps.
    ///   - end: later than `start`.
    ///   - audio: the audio stream that the clip will have.
    /// - Returns: those times, and some more at either side.
    /// - Throws: `EightCutError` when the file cannot be read, or `CancellationError`.
    package func times(from start: Int, to end: Int, audio: Int?) async throws -> FrameTimes {
        if let times = try await packetTimes(from: start, to: end) { return times }
        return try await decodedTimes(to: end, audio: audio)
    }

    /// The times of a frame that is known by its number, and of those after it.
    ///
    /// - Parameters:
    ///   - number: counts the frames that can be decoded, from 0.
    ///   - length: microseconds that are needed from it on.
    ///   - audio: the audio stream that the clip will have.
    /// - Returns: the times and the frame's place in them, which is past their end if the video has
    ///   no such frame.
    /// - Throws: `EightCutError` when the file cannot be read, or `CancellationError`.
    package func times(
        ofFrame number: Int,
        length: Int,
        audio: Int?
    ) async throws -> (times: FrameTimes, place: Int) {
        if let images, kind != .untimed {
            return (times(of: images, from: source.microseconds(number)), number)
        }
        if kind == .indexed, number >= Self.mostDecoded,
            let timestamps = try await countedPackets(number + 1)
        {
            guard number < timestamps.count else {
                let times = FrameTimes(timestamps: timestamps, isEnd: true, reading: .fromStart)
                return (times, timestamps.count)
            }
            return try await place(timestamps[number], number, length, audio)
        }
        var known = try await decode(count: number + 1, audio: audio)
        guard number < known.timestamps.count else {
            return (known.times, known.timestamps.count)
        }
        if kind != .untimed, !known.isJoined {
            return try await place(known.timestamps[number], number, length, audio)
        }
        let end = source.microseconds(known.timestamps[number]) + length
        known = try await decode(until: end, audio: audio)
        return (known.times, number)
    }

    /// The place of a frame in the times around it.
    private func place(
        _ timestamp: Int,
        _ number: Int,
        _ length: Int,
        _ audio: Int?
    ) async throws -> (times: FrameTimes, place: Int) {
        let start = source.microseconds(timestamp) + source.halfTick
        if let times = try await packetTimes(from: start, to: start + length),
            let place = times.timestamps.lastIndex(of: timestamp)
        {
            return (times, place)
        }
        return (try await decodedTimes(to: start + length, audio: audio), number)
    }

    /// Decodes from the start of the file to find the times.
    ///
    /// - Parameters:
    ///   - end: in microseconds of the file's timestamps.
    ///   - audio: the audio stream that the clip will have.
    /// - Returns: the times from the start of the file on.
    /// - Throws: `EightCutError` when nothing can be decoded, or `CancellationError`.
    package func decodedTimes(to end: Int, audio: Int?) async throws -> FrameTimes {
        try await decode(until: end, audio: audio).times
    }
}

extension FrameIndex {
    /// The times in the packets; nil when they are not reliable.
    private func packetTimes(from start: Int, to end: Int) async throws -> FrameTimes? {
        try check([start, end].map(source.ticks))
        if let images, kind != .untimed { return times(of: images, from: start) }
        switch kind {
        case .untimed: return nil
        case .sequential:
            let run = try await wholeFile()
            return run.jump == nil ? times(run, from: start, to: end) : nil
        case .indexed:
            if let run = part(start, end) { return times(run, from: start, to: end) }
            for lead in [Self.lead, 12_000_000, 60_000_000] where start - lead > source.startTime {
                // Where frames seem to end there may be a long one, with more after it.
                for until in [end + Self.margin, nil] {
                    parts += try await packets([(start - lead, until)])
                    if let run = part(start, end) { return times(run, from: start, to: end) }
                }
            }
            for until in [end + Self.margin, nil] {
                parts += try await packets([(nil, until)])
                if let run = part(start, end) { return times(run, from: start, to: end) }
            }
            return nil
        }
    }

    private var images: ImageSequence? { source.images }

    /// Images are counted, and the first one is at 0. A second before the start allows for the
    /// rounding of times.
    private func times(of images: ImageSequence, from start: Int) -> FrameTimes {
        let seek = start - 1_000_000
        return FrameTimes(
            timestamps: Array(0..<images.count),
            lastDuration: 1,
            isEnd: true,
            reading: seek > source.startTime ? .seeking(seek) : .fromStart
        )
    }

    /// A part that has all frames from one time to another, and a keyframe before them.
    private func part(_ start: Int, _ end: Int) -> PacketRun? {
        let (first, last) = (source.ticks(start), source.ticks(end + 1_000_000))
        return parts.first { run in
            guard let key = run.keys.first, let end = run.last else { return false }
            return (key <= first || run.beginsFile) && (run.reachesEnd || end.timestamp >= last)
        }
    }

    private func times(_ run: PacketRun, from start: Int, to end: Int) -> FrameTimes? {
        let (from, to) = (source.ticks(start + source.halfTick), source.ticks(end + 1_000_000))
        guard let first = run.timestamps.last(where: { $0 <= from }) ?? run.timestamps.first,
            run.isOrdered(from: first, to: to), let last = run.last
        else { return nil }
        let isEnd = last.timestamp < to
        return FrameTimes(
            timestamps: run.timestamps.filter { $0 >= first - (to - from) && $0 <= to },
            lastDuration: isEnd ? last.duration.flatMap(plausible) : nil,
            isEnd: isEnd,
            reading: reading(of: run, first: first)
        )
    }

    /// Where ffmpeg has to seek to. Files without an index are searched for the time of a packet:
    /// there a keyframe has to follow.
    private func reading(of run: PacketRun, first: Int) -> FrameTimes.Reading {
        var seek = source.microseconds(first) - Self.lead
        if kind == .sequential {
            let lead = source.ticks(seek)
            guard let key = run.keys.last(where: { $0 <= lead }) else { return .fromStart }
            seek = source.microseconds(key) - 500_000
        }
        return seek > source.startTime ? .seeking(seek) : .fromStart
    }

    private func wholeFile() async throws -> PacketRun {
        if let whole { return whole }
        var run = try await packets([(nil, nil)]).first ?? PacketRun()
        run.reachesEnd = true
        whole = run
        return run
    }

    /// The first frames in the order of the file, as packets tell them; nil when they do not.
    private func countedPackets(_ count: Int) async throws -> [Int]? {
        // Packets come in decoding order: some more give the presentation order.
        var run = try await packets(interval: "%+#\(count + 64)", splits: false).first
        run?.finish()
        guard let run, !run.hasGaps, run.disorders.isEmpty else { return nil }
        // Some files begin with packets that cannot be decoded.
        let start = try await decode(count: 100, audio: nil).timestamps
        guard let first = start.first, let last = start.last else { return nil }
        let shown = run.timestamps.drop { $0 < first }
        guard Array(shown.prefix { $0 <= last }) == start else { return nil }
        return Array(shown)
    }

    /// Joins spans that overlap or are near to each other, each with what comes before it.
    private static func merged(_ spans: [ClosedRange<Int>]) -> [(Int?, Int?)] {
        var merged: [(Int, Int)] = []
        for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            let (from, to) = (span.lowerBound - lead, span.upperBound + margin)
            if let last = merged.last, from <= last.1 + nearness {
                merged[merged.count - 1].1 = max(last.1, to)
            } else {
                merged.append((from, to))
            }
        }
        return merged.map { ($0.0, $0.1) }
    }
}

extension FrameIndex {
    /// Reads the packets of parts of the file; nil is its start and its end.
    private func packets(_ parts: [(from: Int?, to: Int?)]) async throws -> [PacketRun] {
        let intervals = parts.map { part in
            let from = part.from.flatMap { $0 > source.startTime ? Microseconds.text($0) : nil }
            return (from ?? "") + "%" + (part.to.map { Microseconds.text($0) } ?? "")
        }
        var runs = try await packets(
            interval: intervals.joined(separator: ","),
            splits: parts.count > 1
        )
        for index in runs.indices {
            if intervals.count == 1 { runs[index].reachesEnd = parts[0].to == nil }
        }
        if intervals.first?.hasPrefix(exactly: "%") == true, !runs.isEmpty {
            runs[0].beginsFile = true
        }
        return runs
    }

    private func packets(interval: String, splits: Bool) async throws -> [PacketRun] {
        let reader = PacketReader(second: source.ticks(1_000_000), splits: splits)
        var (result, exit, _) = try await VideoProbe.run(
            MediaInput.guardingArguments(source.path) + [
                "-loglevel", "repeat+level+error", "-select_streams", "\(source.video.index)",
                "-show_entries", "packet=pts,dts,duration,flags", "-print_format", "csv=p=0",
                "-read_intervals", interval, "-i", MediaInput.url(source.path),
            ],
            on: source.path,
            into: reader
        ) { reader, bytes in
            reader.take(bytes)
            return reader.count <= MediaLimits.packets
        }
        if case .signaled(let signal) = exit {
            throw FFmpegProgram.ffprobe.killedError(signal: signal, on: source.path)
        }
        let runs = result.finish()
        for run in runs {
            try check([run.timestamps.first, run.timestamps.last].compactMap(\.self))
        }
        return runs
    }

    /// Times beyond all reason would overflow what is computed from them.
    private nonisolated func check(_ timestamps: [Int]) throws {
        let limit = Int(MediaLimits.seconds) * 1_000_000
        let (least, most) = (source.ticks(-limit), source.ticks(limit))
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

    private func plausible(_ duration: Int) -> Int? {
        duration > 0 && duration <= source.ticks(Int(MediaLimits.seconds) * 1_000_000)
            ? duration : nil
    }
}

extension FrameIndex {
    /// Decodes until a time, unless that was done.
    private func decode(until end: Int, audio: Int?) async throws -> DecodedTimes {
        try check([source.ticks(end)])
        let limit = source.ticks(end + 1_000_000)
        if let decoded, decoded.serves(audio),
            decoded.reachesEnd || decoded.timestamps.last ?? .min >= limit
        {
            return decoded
        }
        return try await decode(.time(end + Self.margin), audio)
    }

    /// Decodes a number of frames, unless that was done.
    private func decode(count: Int, audio: Int?) async throws -> DecodedTimes {
        if let decoded, decoded.serves(audio),
            decoded.reachesEnd || decoded.timestamps.count >= count
        {
            return decoded
        }
        return try await decode(.count(count), audio)
    }

    private func decode(_ limit: DecodedTimes.Limit, _ audio: Int?) async throws -> DecodedTimes {
        let joins: Bool
        switch kind {
        case .sequential: joins = try await wholeFile().jump != nil
        default: joins = decoded?.isJoined == true
        }
        var times = try await DecodedTimes.read(source, until: limit, joins: joins, audio: audio)
        if !joins, kind == .untimed, times.jumps(source) {
            times = try await DecodedTimes.read(source, until: limit, joins: true, audio: audio)
        }
        try check([times.timestamps.min(), times.timestamps.max()].compactMap(\.self))
        decoded = times
        return times
    }
}

extension MediaSource {
    /// A time in the unit of the stream's timestamps, rounded down.
    package func ticks(_ microseconds: Int) -> Int {
        let value = Int128(microseconds) * Int128(timeBase.denominator)
        let unit = 1_000_000 * Int128(timeBase.numerator)
        let quotient = value / unit
        return Int(clamping: value % unit < 0 ? quotient - 1 : quotient)
    }

    /// A timestamp in microseconds, rounded to the nearest.
    package func microseconds(_ timestamp: Int) -> Int {
        let value = Int128(timestamp) * Int128(timeBase.numerator) * 1_000_000
        let denominator = Int128(timeBase.denominator)
        let half = value >= 0 ? denominator / 2 : -denominator / 2
        return Int(clamping: (value + half) / denominator)
    }

    /// Half of the unit of the timestamps in microseconds, but never much: added to a frame's time
    /// it cannot lead to the frame before.
    package var halfTick: Int { min(500, microseconds(1) / 2) }
}
