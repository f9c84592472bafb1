/// A name for messages: in single quotes, with control characters escaped.
package func quoted(_ name: String) -> String {
    "'" + visible(name) + "'"
}

/// A name with control characters escaped, so that it cannot break a line or control a terminal.
package func visible(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
        switch scalar {
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        default:
            if scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) {
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }
    return text
}
