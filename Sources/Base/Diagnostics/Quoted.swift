/// A name for messages: in single quotes, without what could control a terminal.
///
/// The middle of a long one is left out; the name of a file at the end of a path (255 bytes at
/// most) stays whole.
package func quoted(_ name: String) -> String {
    "'" + visible(name, limit: 600) + "'"
}

/// Text that others wrote, for one line of a message, a table or a label.
///
/// Scalars that break the line, control the terminal or change the direction of writing are shown
/// as escapes. What a message shows already stays as it is.
///
/// - Parameters:
///   - text: any text.
///   - limit: how many scalars are shown at most; the middle of a longer text becomes "…".
/// - Returns: the text in one line.
package func visible(_ text: some StringProtocol, limit: Int = 4000) -> String {
    shown(text, limit) { $0.append(visible: $1) }
}

/// The same for text of several lines: the ends of its lines stay.
package func visibleLines(_ text: some StringProtocol, limit: Int = .max) -> String {
    shown(text, limit) { shown, scalar in
        if scalar == "\n" { shown += "\n" } else { shown.append(visible: scalar) }
    }
}

private func shown(
    _ text: some StringProtocol,
    _ limit: Int,
    _ append: (inout String, Unicode.Scalar) -> Void
) -> String {
    let scalars = text.unicodeScalars
    var shown = ""
    if scalars.dropFirst(limit).isEmpty {
        for scalar in scalars { append(&shown, scalar) }
    } else {
        for scalar in scalars.prefix(limit / 2) { append(&shown, scalar) }
        shown += "…"
        for scalar in scalars.suffix(limit / 2) { append(&shown, scalar) }
    }
    return shown
}

extension String {
    fileprivate mutating func append(visible scalar: Unicode.Scalar) {
        switch scalar {
        case "\n": self += "\\n"
        case "\r": self += "\\r"
        case "\t": self += "\\t"
        case _ where scalar.isInvisible:
            self += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: unicodeScalars.append(scalar)
        }
    }
}

extension Unicode.Scalar {
    /// Whether it controls a terminal or the direction of writing, breaks a line, or shows nothing
    /// at all.
    ///
    /// The joiners U+200C and U+200D are not among them: names in Persian and Hindi, and emoji,
    /// need them.
    package var isInvisible: Bool {
        switch value {
        case 0..<0x20, 0x7f..<0xa0: true
        // Soft hyphen, Arabic letter mark, Mongolian vowel separator.
        case 0xad, 0x61c, 0x180e: true
        // Zero-width space; marks, overrides and isolates of direction; separators of lines.
        case 0x200b, 0x200e, 0x200f, 0x2028...0x202e, 0x2060...0x206f: true
        // Byte order mark, interlinear annotation, tags.
        case 0xfeff, 0xfff9...0xfffb, 0xe0000...0xe007f: true
        default: false
        }
    }
}
