/// A command as a line for a POSIX shell, to be shown and pasted.
package func shellLine(_ words: [String]) -> String {
    words.map(shellWord).joined(separator: " ")
}

/// A word for a POSIX shell that expands to exactly this text.
///
/// Control characters and what changes the direction of writing are written as octal escapes
/// (`$'\033'`), which bash, ksh, zsh and POSIX.1-2024 know. In other shells, such a word names
/// another file, but its text stays inside the quotes: it contains no `'`.
package func shellWord(_ text: String) -> String {
    if text.unicodeScalars.contains(where: \.isInvisible) { return escapedWord(text) }
    let isPlain =
        text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
                || Array("-_./:=,+@%".utf8).contains($0)
        }
        // zsh takes a word that starts with "=" for the path of a command.
        && !text.isEmpty && !text.hasPrefix(exactly: "=")
    return isPlain ? text : "'" + text.replacing(exactly: "'", with: #"'\''"#) + "'"
}

private func escapedWord(_ text: String) -> String {
    var word = "$'"
    for scalar in text.unicodeScalars {
        if scalar == "\\" {
            word += #"\\"#
        } else if scalar == "'" || scalar.isInvisible {
            for byte in UTF8.encode(scalar) ?? .init() {
                let digits = String(byte, radix: 8)
                word += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }
        } else {
            word.unicodeScalars.append(scalar)
        }
    }
    return word + "'"
}
