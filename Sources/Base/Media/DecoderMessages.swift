import Synchronization

/// What ffmpeg says on standard error while it decodes: times of frames, and what is wrong.
package struct DecoderMessages {
    private var timeBase = Rational(1, 1)
    package private(set) var problems: [String] = []
    package private(set) var problemCount = 0
    /// How often ffmpeg has made its filters.
    package private(set) var configurationCount = 0
    /// The last line, of whatever form: why a program fails that is not ffmpeg at all.
    package private(set) var lastLine: String?
    /// A damaged file can bring a message per frame: the first ones tell enough.
    private static let kept = 20

    /// Raw pictures have no time stamps, so it does not matter when two that lie close together
    /// become the same.
    private static let harmless = "non monotonically increasing dts to muxer"

    package init() {}

    /// Takes one line.
    ///
    /// - Returns: the time of a frame in seconds, inside an optional for a frame without a time;
    ///   nil when the line tells of no frame.
    package mutating func take(_ line: String) -> Double?? {
        if !line.isEmpty { lastLine = line }
        if line.hasPrefix("[Parsed_showinfo_"), let message = FFmpegMessages.parse(line) {
            return takeFrameInfo(message.text)
        }
        if let message = FFmpegMessages.parse(line), message.isError,
            !message.text.contains(Self.harmless)
        {
            problemCount += 1
            if problems.count < Self.kept { problems.append(line) }
        }
        return nil
    }

    /// Reads `config in time_base: 1/30000, …` and `n:  0 pts:  1001 pts_time:0.03 …`. The time
    /// is taken from `pts`, because `pts_time` is rounded to six digits.
    private mutating func takeFrameInfo(_ text: String) -> Double?? {
        if text.hasPrefix("config in time_base:") {
            configurationCount += 1
            let fraction = text.dropFirst("config in time_base:".count).prefix { $0 != "," }
            let trimmed = fraction.drop { $0 == " " }
            if let base = Rational(trimmed) { timeBase = base }
            return nil
        }
        guard text.hasPrefix("n:"), let start = text.firstRange(of: " pts:")?.upperBound else {
            return nil
        }
        let digits = text[start...].drop { $0 == " " }.prefix { $0 != " " }
        guard let pts = Int(digits), let timeBase else { return .some(nil) }
        return .some(Double(pts) * Double(timeBase.numerator) / Double(timeBase.denominator))
    }
}
