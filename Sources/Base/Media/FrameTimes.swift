import Diagnostics

/// When the frames of a part of a video are shown.
package struct FrameTimes: Sendable, Equatable {
    /// Timestamps of the frames in the order in which they are shown, in the stream's time base.
    /// They go up, but where the file's own do not.
    package let timestamps: [Int]
    /// The timestamps that ffmpeg sees when it cuts, where they are others.
    package let cutTimestamps: [Int]?
    /// How long the last frame of the video is shown, in the time base; nil when the part does not
    /// reach it, or the duration is unknown.
    package let lastDuration: Int?
    /// Whether the last frame is the last of the video.
    package let isEnd: Bool
    /// How ffmpeg has to read the file to see these timestamps.
    package let reading: Reading
    /// Whether the frames were counted from the first that can be decoded: the place of a
    /// timestamp is then the number of its frame.
    package let isCounted: Bool

    /// How ffmpeg reads a file for a clip.
    package enum Reading: Sendable, Equatable {
        /// From the last keyframe before a time in microseconds of the file's timestamps.
        case seeking(Int)
        /// From the start of the file.
        case fromStart
        /// From the start of the file, while ffmpeg joins timestamps that jump.
        case joining
    }

    package init(
        timestamps: [Int],
        cutTimestamps: [Int]? = nil,
        lastDuration: Int? = nil,
        isEnd: Bool,
        reading: Reading,
        isCounted: Bool = false
    ) {
        self.timestamps = timestamps
        self.cutTimestamps = cutTimestamps
        self.lastDuration = lastDuration
        self.isEnd = isEnd
        self.reading = reading
        self.isCounted = isCounted
    }
}

/// The packets of a video stream in the order of the file, without what is in them.
struct PacketRun: Sendable, Equatable {
    /// Presentation timestamps of the packets that are shown, in the order of the file.
    private(set) var timestamps: [Int] = []
    /// Those of keyframes.
    private(set) var keys: [Int] = []
    /// Where the order of the frames cannot be known from the packets: timestamps that two frames
    /// have, and those of frames that come too late.
    private(set) var disorders: [Int] = []
    /// The first timestamp from which the next one jumps, back or far forward.
    private(set) var jump: Int?
    /// Whether a shown packet has no timestamp.
    private(set) var hasGaps = false
    /// The timestamp and duration of the frame that is shown last.
    private(set) var last: (timestamp: Int, duration: Int?)?
    /// The latest decoding timestamp.
    private(set) var lastDecoding: Int?
    /// Whether it goes on to the end of the file.
    var reachesEnd = false
    /// Whether it begins with the start of the file.
    var beginsFile = false

    /// A packet of the stream.
    struct Packet: Equatable {
        let timestamp: Int?
        let decoding: Int?
        let duration: Int?
        let isKey: Bool
        let isDropped: Bool

        /// The flags have "K" for a keyframe, "D" for one that is not shown.
        init(timestamp: Int?, decoding: Int?, duration: Int?, flags: String) {
            (self.timestamp, self.decoding, self.duration) = (timestamp, decoding, duration)
            isKey = flags.utf8.contains(UInt8(ascii: "K"))
            isDropped = flags.utf8.contains(UInt8(ascii: "D"))
        }

        /// Reads a line like `48048,47047,1001,K_`; nil for anything else.
        init?(_ line: some Collection<UInt8>) {
            let fields = line.split(
                separator: UInt8(ascii: ","),
                maxSplits: 4,
                omittingEmptySubsequences: false
            )
            guard fields.count >= 4 else { return nil }
            timestamp = Self.number(fields[0])
            decoding = Self.number(fields[1])
            duration = Self.number(fields[2])
            isKey = fields[3].contains(UInt8(ascii: "K"))
            isDropped = fields[3].contains(UInt8(ascii: "D"))
        }

        private static func number(_ text: some Collection<UInt8>) -> Int? {
            var value = 0
            var digits = text[...]
            let isNegative = digits.first == UInt8(ascii: "-")
            if isNegative { digits = digits.dropFirst() }
            guard !digits.isEmpty, digits.count <= 18 else { return nil }
            for digit in digits {
                guard (0x30...0x39).contains(digit) else { return nil }
                value = value * 10 + Int(digit) - 0x30
            }
            return isNegative ? -value : value
        }
    }

    init() {}

    /// All packets of a stream. `second` is a second in the stream's time base.
    init(ofAll packets: [Packet], second: Int) {
        for packet in packets { append(packet, second: second) }
        finish()
        (reachesEnd, beginsFile) = (true, true)
    }

    /// Adds the next packet. `second` is a second in the stream's time base.
    mutating func append(_ packet: Packet, second: Int) {
        if let decoding = packet.decoding {
            if let before = lastDecoding, jump == nil,
                decoding < before - second / 10 || decoding > before + second * 10
            {
                jump = last?.timestamp ?? before
            }
            lastDecoding = decoding
        }
        guard !packet.isDropped else { return }
        guard let timestamp = packet.timestamp else {
            hasGaps = true
            return
        }
        if packet.isKey {
            // Frames before a keyframe in the file are shown before it.
            if let last, timestamp <= last.timestamp { disorders.append(timestamp) }
            keys.append(timestamp)
        }
        timestamps.append(timestamp)
        if last.map({ timestamp >= $0.timestamp }) ?? true {
            last = (timestamp, packet.duration)
        }
    }

    /// Sorts the timestamps; to be called once, after the last packet.
    mutating func finish() {
        timestamps.sort()
        keys.sort()
        for (one, next) in zip(timestamps, timestamps.dropFirst()) where one == next {
            disorders.append(one)
        }
        disorders.sort()
    }

    static func == (left: PacketRun, right: PacketRun) -> Bool {
        left.timestamps == right.timestamps && left.keys == right.keys
            && left.disorders == right.disorders && left.jump == right.jump
    }

    /// Whether packets alone tell which frames are shown from one timestamp to another.
    func isOrdered(from: Int, to: Int) -> Bool {
        !hasGaps && !disorders.contains { (from...max(from, to)).contains($0) }
    }
}

/// Takes apart what ffprobe writes about packets, piece by piece.
struct PacketReader: Sendable {
    /// A new run begins where the file is read on from an earlier place.
    private(set) var runs: [PacketRun] = []
    private var rest: [UInt8] = []
    private let second: Int
    private let splits: Bool

    /// - Parameters:
    ///   - second: a second in the stream's time base.
    ///   - splits: whether several parts of the file are read.
    init(second: Int, splits: Bool) {
        self.second = second
        self.splits = splits
    }

    mutating func take(_ bytes: some Collection<UInt8>) {
        rest += bytes
        var start = rest.startIndex
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if let packet = PacketRun.Packet(rest[start..<end]) { append(packet) }
            start = end + 1
        }
        rest.removeSubrange(..<start)
    }

    private mutating func append(_ packet: PacketRun.Packet) {
        if runs.isEmpty || splits && isEarlier(packet, than: runs[runs.count - 1]) {
            runs.append(PacketRun())
        }
        runs[runs.count - 1].append(packet, second: second)
    }

    private func isEarlier(_ packet: PacketRun.Packet, than run: PacketRun) -> Bool {
        if let decoding = packet.decoding, let before = run.lastDecoding, decoding < before {
            return true
        }
        guard packet.isKey, let timestamp = packet.timestamp, let last = run.last else {
            return false
        }
        return timestamp <= last.timestamp
    }

    /// How many packets there were.
    var count: Int { runs.reduce(0) { $0 + $1.timestamps.count } }

    /// The runs, when nothing more comes.
    mutating func finish() -> [PacketRun] {
        if let packet = PacketRun.Packet(rest) { append(packet) }
        rest = []
        for index in runs.indices { runs[index].finish() }
        return runs
    }
}
