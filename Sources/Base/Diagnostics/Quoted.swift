/// A name as it can be shown in one line of a message: in single quotes, control characters escaped.
package func quoted(_ name: String) -> String {
    "'" + visible(name) + "'"
}

/// A name without characters that would break a line or steer a terminal.
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
