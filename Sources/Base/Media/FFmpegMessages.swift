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

    /// Takes a line like `[h264 @ 0x55d0] [error] Invalid NAL unit size` apart; nil for a line
    /// that bears no level, which continues the one before it.
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
            message.text.hasPrefix(url + ": ")
                ? String(message.text.dropFirst(url.count + 2)) : message.text
        }
        guard let last = errors.last(where: { !isConsequence($0) }) ?? errors.last else {
            return nil
        }
        if errors.contains(where: { $0.hasPrefix("Format not on whitelist") }) {
            return "its content is of a kind that is not read, for safety: \(errors[0])"
        }
        // "Invalid data found …" says less than what the demuxer said before it.
        if last.hasPrefix("Invalid data found"), errors.count > 1 {
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
        ].contains { text.hasPrefix($0) }
    }
}
