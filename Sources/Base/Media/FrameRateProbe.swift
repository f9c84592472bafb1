import SystemPackage

/// Finds the frame rate that a file does not tell, or tells wrongly, in the times of its first
/// frames.
struct FrameRateProbe: Sendable {
    private let path: FilePath
    private let stream: VideoStream
    private let packets: [PacketRun.Packet]?

    /// - Parameters:
    ///   - path: the file.
    ///   - stream: its video stream.
    ///   - packets: those of the stream; nil to read them where they are needed.
    init(_ path: FilePath, _ stream: VideoStream, _ packets: [PacketRun.Packet]? = nil) {
        self.path = path
        self.stream = stream
        self.packets = packets
    }

    /// So many frames are looked at.
    private static let count = 720

    /// Codecs that can carry film with flags that double fields.
    private static let filmCodecs = ["mpeg1video", "mpeg2video", "h264", "vc1"]

    /// The frame rate; nil where the times have none.
    ///
    /// - Throws: `EightCutError` when ffprobe is missing, or `CancellationError`.
    func rate() async throws -> Rational? {
        guard let timeBase = stream.properties.timeBase, ImageSequence(path) == nil else {
            return stream.frameRate
        }
        guard stream.declaresRate else {
            let timestamps = try await timestamps()
            guard timestamps.count > 7 else { return stream.frameRate }
            let rate = FrameRateEstimate(timestamps, timeBase)?.rate
            return FrameFilters(stream).changesFrameCount
                ? rate.flatMap(ProbeReport.filmRate) : rate
        }
        guard mayBeFilm, let estimate = FrameRateEstimate(try await timestamps(), timeBase),
            estimate.isPulldown
        else { return stream.frameRate }
        return estimate.rate
    }

    /// Whether the rate can be that of fields that are shown twice. Containers that count frames
    /// give another one.
    private var mayBeFilm: Bool {
        guard Self.filmCodecs.contains(stream.codec), let rate = stream.frameRate?.value else {
            return false
        }
        return (24.5...30.1).contains(rate) && abs(rate - 25) > 0.05 && abs(rate - 30) > 0.005
    }

    /// Timestamps of the first frames, in order; where some have none, those at which they are
    /// decoded, whose steps are the same.
    private func timestamps() async throws -> [Int] {
        let all: [PacketRun.Packet]
        if let packets { all = Array(packets.prefix(Self.count)) } else { all = try await read() }
        let packets = all.filter { !$0.isDropped }
        let shown = packets.compactMap(\.timestamp)
        if shown.count == packets.count { return shown.sorted() }
        return packets.compactMap(\.decoding).sorted()
    }

    private func read() async throws -> [PacketRun.Packet] {
        let answer = try await VideoProbe.run(
            MediaInput.guardingArguments(path) + [
                "-loglevel", "repeat+level+error", "-select_streams", "\(stream.index)",
                "-show_entries", "packet=pts,dts,duration,flags", "-print_format", "csv=p=0",
                "-read_intervals", "%+#\(Self.count)", "-i", MediaInput.url(path),
            ],
            on: path
        )
        return answer.output.split(separator: UInt8(ascii: "\n"))
            .compactMap { PacketRun.Packet($0) }
    }
}

/// A frame rate that was found in the times of frames.
package struct FrameRateEstimate: Sendable, Equatable {
    /// In fps: a usual one, or exactly that of the times.
    package let rate: Rational
    /// Whether it is film whose frames are shown for two and three fields in turn.
    package let isPulldown: Bool

    /// The usual rates of cameras and programs.
    private static let usual: [(Int, Int)] = [
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (48, 1), (50, 1), (60000, 1001),
        (60, 1), (100, 1), (120_000, 1001), (120, 1), (12, 1), (15, 1), (10, 1), (20, 1), (5, 1),
        (240, 1), (144, 1), (90, 1),
    ]

    /// Looks at timestamps in their order; nil when they are too few, too far from regular, or near
    /// no usual rate.
    ///
    /// - Parameters:
    ///   - timestamps: in the order in which the frames are shown.
    ///   - timeBase: their unit in seconds.
    package init?(_ timestamps: [Int], _ timeBase: Rational) {
        let intervals = zip(timestamps, timestamps.dropFirst()).map { $1 - $0 }
        guard intervals.count >= 7, abs(timestamps[0]) < 1 << 50 else { return nil }
        let median = Double(intervals.sorted()[intervals.count / 2])
        // A gap, as where nothing moved, is no interval of the rate.
        let isRegular = { (interval: Int) in
            Double(interval) > median - max(0.55 * median, 1.5)
                && Double(interval) < median + max(0.6 * median, 1.5)
        }
        guard intervals.count(where: isRegular) * 10 >= intervals.count * 9 else { return nil }
        let stretch = Self.longestStretch(intervals, where: isRegular)
        let line = Self.line(through: timestamps[stretch])
        guard line.slope > 0 else { return nil }
        let value = 1 / (line.slope * timeBase.value)
        let isExact = line.deviation <= 1
        guard let rate = Self.usual(near: value) ?? (isExact ? Self.plain(value) : nil) else {
            return nil
        }
        self.rate = rate
        let short = intervals[stretch.dropLast()].min() ?? 0
        let long = intervals[stretch.dropLast()].max() ?? 0
        let isFilm = (23.9...24.01).contains(rate.value)
        isPulldown = isFilm && Double(long) > 1.4 * Double(short) - 2 && long > short + 1
    }

    /// The frames without an irregular interval between them.
    private static func longestStretch(
        _ intervals: [Int],
        where isRegular: (Int) -> Bool
    ) -> Range<Int> {
        var best = 0..<1
        var start = 0
        for (place, interval) in intervals.enumerated() {
            if !isRegular(interval) { start = place + 1 }
            if place + 2 - start > best.count { best = start..<place + 2 }
        }
        return best
    }

    /// The straight line nearest to the times: jitter of single frames hardly moves it.
    ///
    /// - Returns: ticks per frame, and the most that a time is away from the line.
    private static func line(
        through timestamps: ArraySlice<Int>
    ) -> (slope: Double, deviation: Double) {
        let count = Double(timestamps.count)
        let first = timestamps[timestamps.startIndex]
        let values = timestamps.map { Double($0 - first) }
        let (meanPlace, meanValue) = ((count - 1) / 2, values.reduce(0, +) / count)
        var (product, square) = (0.0, 0.0)
        for (place, value) in values.enumerated() {
            product += (Double(place) - meanPlace) * (value - meanValue)
            square += (Double(place) - meanPlace) * (Double(place) - meanPlace)
        }
        let slope = square > 0 ? product / square : 0
        let deviation = values.enumerated().map { place, value in
            abs(meanValue + slope * (Double(place) - meanPlace) - value)
        }
        return (slope, deviation.max() ?? 0)
    }

    private static func usual(near value: Double) -> Rational? {
        let rates = usual.compactMap { Rational($0.0, $0.1) }
        guard let near = rates.min(by: { abs($0.value - value) < abs($1.value - value) }),
            abs(near.value / value - 1) < 0.002
        else { return nil }
        return near
    }

    /// A rate in thousandths; a whole one where that is near.
    private static func plain(_ value: Double) -> Rational? {
        guard (0.01...10_000).contains(value) else { return nil }
        let whole = value.rounded()
        if whole >= 1, abs(whole / value - 1) < 0.001 { return Rational(Int(whole)) }
        return Rational(Int((value * 1000).rounded()), 1000)
    }
}
