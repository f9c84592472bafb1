import Diagnostics

/// The time of a frame, as ffmpeg reports it.
package struct TimedFrame: Sendable, Equatable {
    /// Counts the frames that leave the decoder, from 0.
    package let index: Int
    /// Seconds; nil for a frame without a time.
    package let time: Double?
    /// What was wrong before it, as a clause; nil where nothing was.
    var problem: String?

    package init(index: Int, time: Double?) {
        self.index = index
        self.time = time
    }
}

/// What ffmpeg writes to standard error while it decodes: the times of frames, and errors.
package struct DecoderMessages {
    /// The filter whose messages give the times. Nobody can guess its name, so nothing in a file
    /// can pass for one of them.
    package static let filter =
        "showinfo@" + String(UInt64.random(in: .min ... .max), radix: 36)
    private static let beginning = "[\(filter) @ "

    /// Nil while it is unknown: then no timestamp means anything.
    private var timeBase: Rational?
    /// A time base at the end of a line of something else, from the line before.
    private var strayTimeBase: Rational?
    /// Whether the time base of a configuration was read, and the rest is still to come.
    private var isConfiguring = false
    /// How many frames there were before ffmpeg made its filters anew; it then counts from 0.
    private var framesBefore = 0
    private var nextFrame = 0
    private var errors = HeadAndTail(20)
    /// How many frames are marked as interlaced.
    package private(set) var interlacedCount = 0
    /// How often ffmpeg has made its filters.
    package private(set) var configurationCount = 0
    /// The last line, of whatever form: why a program fails that is not ffmpeg at all.
    package private(set) var lastLine: String?

    /// Raw frames have no timestamps, so it does not matter if two close ones become equal.
    private static let harmless = "non monotonically increasing dts to muxer"

    /// Seconds that are added to every time.
    private let offset: Double

    /// - Parameter timeOffset: microseconds that are added to every time.
    package init(timeOffset: Int = 0) {
        offset = Double(timeOffset) / 1e6
    }

    /// A damaged file can cause an error per frame: the first and the last ones.
    package var problems: [String] { errors.lines }
    package var problemCount: Int { errors.count }

    /// Takes one line.
    ///
    /// - Returns: the time of a frame; nil when the line is not about a frame.
    package mutating func take(_ line: String) -> TimedFrame? {
        if !line.isEmpty { lastLine = line.shortened(to: 1 << 12) }
        let stray = strayTimeBase
        strayTimeBase = nil
        guard let message = FFmpegMessages.parse(line) else {
            strayTimeBase = Self.timeBase(in: line)
            return nil
        }
        if line.hasPrefix(exactly: Self.beginning) { return takeFrameInfo(message.text, stray) }
        strayTimeBase = Self.timeBase(in: line)
        if message.isError, !message.text.contains(exactly: Self.harmless) { errors.append(line) }
        return nil
    }

    /// Reads `config in time_base: 1/30000, …`, `config out …` right after it, and
    /// `n:  0 pts:  1001 pts_time:0.03 …`. The time is taken from `pts`, because `pts_time` is
    /// rounded to six digits.
    private mutating func takeFrameInfo(_ text: String, _ stray: Rational?) -> TimedFrame? {
        if text.hasPrefix(exactly: "config in") {
            begin(timeBase: Self.timeBase(in: text))
            isConfiguring = true
        } else if text.hasPrefix(exactly: "config out") {
            // Where ffmpeg has not ended its line before, "config in" stands at the end of that.
            if !isConfiguring { begin(timeBase: stray) }
            isConfiguring = false
        } else if let frame = FrameInfo(text) {
            return timedFrame(frame)
        }
        return nil
    }

    private mutating func begin(timeBase: Rational?) {
        configurationCount += 1
        self.timeBase = timeBase
        framesBefore = nextFrame
    }

    private mutating func timedFrame(_ frame: FrameInfo) -> TimedFrame {
        if frame.isInterlaced { interlacedCount += 1 }
        // The count goes up, and begins anew only with new filters.
        if framesBefore + frame.number < nextFrame { framesBefore = nextFrame - frame.number }
        let index = framesBefore + frame.number
        nextFrame = index + 1
        guard let timestamp = frame.timestamp, let timeBase else {
            return TimedFrame(index: index, time: nil)
        }
        let time = Double(timestamp) * Double(timeBase.numerator) / Double(timeBase.denominator)
        // What is beyond all reason is no time.
        guard abs(time + offset) <= MediaLimits.seconds else {
            return TimedFrame(index: index, time: nil)
        }
        return TimedFrame(index: index, time: offset == 0 ? time : time + offset)
    }

    private static func timeBase(in line: String) -> Rational? {
        guard let start = line.firstRange(exactly: "config in time_base:")?.upperBound else {
            return nil
        }
        return line[start...].trimmed.split(exactly: ",", maxSplits: 1).first.flatMap {
            Rational($0)
        }
    }
}
