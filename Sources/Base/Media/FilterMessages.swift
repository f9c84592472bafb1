import Processes

/// What named filters say on standard error while ffmpeg runs.
package struct FilterMessages: Sendable {
    private var timestamps: [String: [Int]] = [:]
    private var counts: [String: Int] = [:]
    private var values: [String: [String: String]] = [:]
    /// The first and the last errors: those tell the cause, these the consequence.
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
        guard line.hasPrefix("["), let at = line.firstIndex(of: "@") else { return }
        let name = String(line[line.index(after: at)...].prefix { $0 != " " && $0 != "]" })
        if line.hasPrefix("[showinfo@"), message.text.hasPrefix("n:") {
            counts[name, default: 0] += 1
            if let timestamp = Self.timestamp(message.text) {
                timestamps[name, default: []].append(timestamp)
            }
        } else if line.hasPrefix("[astats@"), let colon = message.text.lastIndex(of: ":") {
            let value = message.text[message.text.index(after: colon)...].drop { $0 == " " }
            values[name, default: [:]][String(message.text[..<colon])] = String(value)
        }
    }

    /// The timestamps that a `showinfo` filter has seen, in the order of coming.
    package func timestamps(of name: String) -> [Int] { timestamps[name] ?? [] }

    /// How many pictures a `showinfo` filter has seen.
    package func count(of name: String) -> Int { counts[name] ?? 0 }

    /// What an `astats` filter has measured: "Peak level dB", "Number of samples".
    package func value(_ key: String, of name: String) -> String? { values[name]?[key] }

    /// The stamp in a line of `showinfo`.
    package static func timestamp(_ text: String) -> Int? {
        guard let start = text.firstRange(of: " pts:")?.upperBound else { return nil }
        return Int(text[start...].drop { $0 == " " }.prefix { $0 != " " })
    }
}
