import Diagnostics
import Processes
import Synchronization

/// Reads what ffmpeg and ffprobe write on standard error with `-loglevel level`.
package enum FFmpegMessages {
    /// One message.
    package struct Message: Equatable {
        package var level: String
        package var text: String

        /// Whether something is wrong, as opposed to noteworthy.
        package var isError: Bool { level == "error" || level == "fatal" || level == "panic" }
    }

    private static let levels: Set<Substring> = [
        "panic", "fatal", "error", "warning", "info", "verbose", "debug", "trace",
    ]

    /// Parses a line like `[h264 @ 0x55d0] [error] Invalid NAL unit size`; nil for a line without
    /// a level, which continues the one before it.
    package static func parse(_ line: some StringProtocol) -> Message? {
        var rest = Substring(line)
        for _ in 0..<3 {
            guard rest.first == "[", let end = rest.firstIndex(of: "]") else { return nil }
            let word = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...].drop { $0 == " " }
            if levels.contains(word) { return Message(level: String(word), text: String(rest)) }
        }
        return nil
    }

    /// The message that explains best why a program failed: the last error, without the input's
    /// URL, which the caller names anyway.
    package static func reason(in lines: [String], url: String) -> String? {
        let errors = lines.compactMap { parse($0) }.filter(\.isError).map { message in
            message.text.hasPrefix(exactly: url + ": ")
                ? String(message.text.dropFirst(url.count + 2)) : message.text
        }
        guard let last = errors.last(where: { !isConsequence($0) }) ?? errors.last else {
            return nil
        }
        if errors.contains(where: { $0.hasPrefix(exactly: "Format not on whitelist") }) {
            return "its content is of a kind that is not read, for safety: \(errors[0])"
        }
        // "Invalid data found …" says less than what the demuxer said before it.
        if last.hasPrefix(exactly: "Invalid data found"), errors.count > 1 {
            return "\(last) (\(errors[errors.count - 2]))"
        }
        return last
    }

    /// Whether a message only says that something before it went wrong.
    private static func isConsequence(_ text: String) -> Bool {
        [
            "Error marking filters as finished", "Error while processing the decoded data",
            "Error while filtering", "Error while decoding stream", "Error reinitializing filters",
            "Failed to inject frame into filter network", "Conversion failed",
        ].contains { text.hasPrefix(exactly: $0) }
    }
}

/// What named filters write to standard error while ffmpeg runs.
package struct FilterMessages: Sendable {
    private var timestamps: [String: [Int]] = [:]
    private var counts: [String: Int] = [:]
    private var values: [String: [String: String]] = [:]
    /// The first and the last errors: the former are the cause, the latter the consequence.
    package private(set) var errors: [String] = []
    private static let kept = 30

    package init() {}

    /// Reads all that a child writes to standard error.
    init(of child: RunningChild) async throws {
        for try await line in child.errors.lines { take(line) }
    }

    /// Whether ffmpeg could not write, or not finish, a file.
    package var hasLostOutput: Bool {
        let signs = [
            "No space left on device", "Error writing trailer", "Error closing file",
            "Error muxing",
        ]
        return errors.contains { line in signs.contains { line.contains($0) } }
    }

    /// Takes one line, such as `[showinfo@in @ 0x55d0] [info] n:   0 pts:   1001 pts_time:0.04`.
    package mutating func take(_ line: String) {
        guard let message = FFmpegMessages.parse(line) else { return }
        if message.isError {
            if errors.count == Self.kept { errors.remove(at: Self.kept / 2) }
            errors.append(line)
            return
        }
        guard line.hasPrefix(exactly: "["), let at = line.firstIndex(of: "@") else { return }
        let name = String(line[line.index(after: at)...].prefix { $0 != " " && $0 != "]" })
        if line.hasPrefix(exactly: "[showinfo@"), message.text.hasPrefix(exactly: "n:") {
            counts[name, default: 0] += 1
            if let timestamp = Self.timestamp(message.text) {
                timestamps[name, default: []].append(timestamp)
            }
        } else if line.hasPrefix(exactly: "[astats@"), let colon = message.text.lastIndex(of: ":") {
            let value = message.text[message.text.index(after: colon)...].drop { $0 == " " }
            values[name, default: [:]][String(message.text[..<colon])] = String(value)
        }
    }

    /// The timestamps that a `showinfo` filter has seen, in order of arrival.
    package func timestamps(of name: String) -> [Int] { timestamps[name] ?? [] }

    /// How many frames a `showinfo` filter has seen.
    package func count(of name: String) -> Int { counts[name] ?? 0 }

    /// What an `astats` filter has measured: "Peak level dB", "Number of samples".
    package func value(_ key: String, of name: String) -> String? { values[name]?[key] }

    /// The timestamp in a line of `showinfo`.
    package static func timestamp(_ text: String) -> Int? {
        guard let start = text.firstRange(of: " pts:")?.upperBound else { return nil }
        return Int(text[start...].drop { $0 == " " }.prefix { $0 != " " })
    }
}

/// What ffmpeg writes to standard error while it decodes: the times of frames, and errors.
package struct DecoderMessages {
    private var timeBase = Rational(1, 1)
    package private(set) var problems: [String] = []
    package private(set) var problemCount = 0
    /// How often ffmpeg has made its filters.
    package private(set) var configurationCount = 0
    /// The last line, of whatever form: why a program fails that is not ffmpeg at all.
    package private(set) var lastLine: String?
    /// A damaged file can cause an error per frame: the first ones are enough.
    private static let kept = 20

    /// Raw frames have no timestamps, so it does not matter if two close ones become equal.
    private static let harmless = "non monotonically increasing dts to muxer"

    package init() {}

    /// Takes one line.
    ///
    /// - Returns: the time of a frame in seconds, inside an optional for a frame without a time;
    ///   nil when the line is not about a frame.
    package mutating func take(_ line: String) -> Double?? {
        if !line.isEmpty { lastLine = line }
        if line.hasPrefix(exactly: "[Parsed_showinfo_"), let message = FFmpegMessages.parse(line) {
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
        if text.hasPrefix(exactly: "config in time_base:") {
            configurationCount += 1
            let fraction = text.dropFirst("config in time_base:".count).prefix { $0 != "," }
            let trimmed = fraction.drop { $0 == " " }
            if let base = Rational(trimmed) { timeBase = base }
            return nil
        }
        guard text.hasPrefix(exactly: "n:"), let start = text.firstRange(of: " pts:")?.upperBound
        else {
            return nil
        }
        let digits = text[start...].drop { $0 == " " }.prefix { $0 != " " }
        guard let pts = Int(digits), let timeBase else { return .some(nil) }
        return .some(Double(pts) * Double(timeBase.numerator) / Double(timeBase.denominator))
    }
}
