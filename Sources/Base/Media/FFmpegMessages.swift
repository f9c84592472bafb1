import Diagnostics
import Glibc
import Processes
import SystemPackage

/// Reads what ffmpeg and ffprobe write on standard error with `-loglevel level`. Parts of it come
/// from the files that they read: everything here compares bytes, since a character swallows the
/// combining marks that follow it.
package enum FFmpegMessages {
    /// One message.
    package struct Message: Equatable {
        package var level: String
        package var text: String

        /// Whether something is wrong, as opposed to noteworthy.
        package var isError: Bool { level == "error" || level == "fatal" || level == "panic" }
    }

    private static let levels = [
        "panic", "fatal", "error", "warning", "info", "verbose", "debug", "trace",
    ]

    /// Parses a line like `[h264 @ 0x55d0] [error] Invalid NAL unit size`; nil for a line without
    /// a level, which continues the one before it.
    package static func parse(_ line: some StringProtocol) -> Message? {
        var rest = Substring(line).utf8
        for _ in 0..<3 {
            guard rest.first == UInt8(ascii: "["), let end = rest.firstIndex(of: UInt8(ascii: "]"))
            else { return nil }
            let word = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...].drop { $0 == UInt8(ascii: " ") }
            if let level = levels.first(where: { word.elementsEqual($0.utf8) }) {
                return Message(level: level, text: String(Substring(rest)))
            }
        }
        return nil
    }

    /// The message that explains best why a program failed: the last error, without the input's
    /// URL, which the caller names anyway.
    ///
    /// - Returns: a text without control characters, of bounded length.
    package static func reason(in lines: [String], url: String) -> String? {
        let errors = lines.compactMap { parse($0) }.filter(\.isError).map { message in
            message.text.removing(prefix: url + ": ").map { String($0) } ?? message.text
        }
        return explanation(of: errors).map { visible($0.shortened(to: mostBytes)) }
    }

    /// Bytes of a message that are shown. Some repeat what is in the file.
    private static let mostBytes = 500

    private static func explanation(of errors: [String]) -> String? {
        if let limit = errors.lazy.compactMap(limit).first { return limit }
        guard let last = errors.last(where: { !isConsequence($0) }) ?? errors.last else {
            return nil
        }
        if errors.contains(where: isOfRefusedKind) {
            return "its content is of a kind that is not read, for safety"
        }
        // "Invalid data found …" says less than what the demuxer said before it.
        if last.hasPrefix(exactly: "Invalid data found"), errors.count > 1 {
            return "\(last) (\(errors[errors.count - 2]))"
        }
        return last
    }

    /// Whether ffprobe has written that the input is of a kind that is not read.
    static func isOfRefusedKind(_ lines: [String]) -> Bool {
        lines.contains { line in parse(line).map { isOfRefusedKind($0.text) } ?? false }
    }

    private static func isOfRefusedKind(_ text: String) -> Bool {
        text.hasPrefix(exactly: "Format not on whitelist")
    }

    /// What a message about one of our limits means.
    private static func limit(_ text: String) -> String? {
        if text.contains(exactly: "exceeds max_streams parameter") {
            return MediaLimits.streamsText
        }
        if text.contains(exactly: "exceeds specified max pixel count") {
            return MediaLimits.pixelsText
        }
        return nil
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

extension FFmpegMessages {
    /// The failure of the file system that kept ffmpeg from writing its output.
    ///
    /// - Parameters:
    ///   - lines: what it wrote on standard error.
    ///   - exit: how it ended. The system ends a program that exceeds the limit of file sizes with
    ///     a signal, unless the program catches it.
    /// - Returns: the error; nil when the output is not what failed.
    package static func writeFailure(in lines: [String], _ exit: ChildExit) -> Errno? {
        if exit == .signaled(SIGXFSZ) { return .fileTooLarge }
        let signs: [(text: String, error: Errno)] = [
            ("No space left on device", .noSpace), ("Disk quota exceeded", .diskQuotaExceeded),
            ("File too large", .fileTooLarge), ("Read-only file system", .readOnlyFileSystem),
        ]
        return signs.first { sign in
            lines.contains { $0.contains(exactly: sign.text) && parse($0)?.isError == true }
        }?.error
    }

    /// Whether a message may come of a damaged input, which is then to be looked at. Frames whose
    /// errors were concealed, and packets that are incomplete, are told of by warnings.
    static func tellsOfDamage(_ message: Message) -> Bool {
        if message.isError { return !message.text.contains(exactly: "dts to muxer") }
        guard message.level == "warning" else { return false }
        return ["corrupt decoded frame", "corrupt input packet", "Packet corrupt"].contains {
            message.text.contains(exactly: $0)
        }
    }

    /// Whether ffmpeg could not write, or not finish, a file. It exits with 0 all the same if
    /// closing fails.
    static func hasLostOutput(_ lines: [String]) -> Bool {
        let signs = [
            "No space left on device", "Disk quota exceeded", "File too large",
            "Error writing trailer", "Error closing file", "Error muxing",
        ]
        return lines.contains { line in signs.contains { line.contains(exactly: $0) } }
    }
}

/// The first and the last lines of many: the former are the cause, the latter the consequence.
/// Bounded, however much a child writes.
package struct HeadAndTail: Sendable {
    package private(set) var lines: [String] = []
    /// How many lines there were.
    package private(set) var count = 0
    private let most: Int
    private static let mostBytes = 1 << 12

    /// - Parameter most: how many lines are kept.
    package init(_ most: Int = 30) {
        self.most = max(2, most)
    }

    package mutating func append(_ line: String) {
        count += 1
        if lines.count == most { lines.remove(at: most / 2) }
        lines.append(line.shortened(to: Self.mostBytes))
    }
}

extension StringProtocol {
    /// The text up to so many bytes, with an ellipsis where something is missing.
    func shortened(to most: Int) -> String {
        guard utf8.count > most else { return String(self) }
        return String(decoding: utf8.prefix(most), as: UTF8.self) + "…"
    }
}
