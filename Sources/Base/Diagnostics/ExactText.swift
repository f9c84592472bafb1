/// Text by Unicode scalars, for everything that parses, escapes or compares what others wrote.
///
/// A `Character` may be several scalars: a quotation mark, a slash or a line end that is followed
/// by a combining mark or a joiner is another `Character`, and two strings are equal where only
/// their normalization differs. So the methods of the standard library overlook a separator in
/// hostile text, and take two file names for one. These do not.
extension StringProtocol {
    /// Whether both have the same scalars: "é" as one scalar and as two differ, as in file names.
    package func isExactly(_ other: some StringProtocol) -> Bool {
        utf8.elementsEqual(other.utf8)
    }

    package func hasPrefix(exactly prefix: some StringProtocol) -> Bool {
        utf8.starts(with: prefix.utf8)
    }

    package func hasSuffix(exactly suffix: some StringProtocol) -> Bool {
        unicodeScalars.reversed().starts(with: suffix.unicodeScalars.reversed())
    }

    package func contains(exactly part: some StringProtocol) -> Bool {
        firstRange(exactly: part) != nil
    }

    /// The rest after a prefix; nil where the text has another one.
    package func removing(prefix: some StringProtocol) -> SubSequence? {
        guard hasPrefix(exactly: prefix) else { return nil }
        return self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]
    }

    /// The part before a suffix; nil where the text has another one.
    package func removing(suffix: some StringProtocol) -> SubSequence? {
        guard hasSuffix(exactly: suffix) else { return nil }
        return self[..<unicodeScalars.index(endIndex, offsetBy: -suffix.unicodeScalars.count)]
    }

    /// Where a part that is not empty occurs first, at `start` or after it.
    package func firstRange(
        exactly part: some StringProtocol,
        from start: Index? = nil
    ) -> Range<Index>? {
        let (bytes, wanted) = (utf8, Array(part.utf8))
        guard let first = wanted.first else { return nil }
        var index = start ?? startIndex
        while let found = bytes[index...].firstIndex(of: first) {
            if bytes[found...].starts(with: wanted) {
                return found..<bytes.index(found, offsetBy: wanted.count)
            }
            index = bytes.index(after: found)
        }
        return nil
    }

    package func replacing(exactly part: some StringProtocol, with other: String) -> String {
        var text = ""
        var rest = startIndex
        while let range = firstRange(exactly: part, from: rest) {
            text.unicodeScalars.append(contentsOf: unicodeScalars[rest..<range.lowerBound])
            text.unicodeScalars.append(contentsOf: other.unicodeScalars)
            rest = range.upperBound
        }
        text.unicodeScalars.append(contentsOf: unicodeScalars[rest...])
        return text
    }

    /// The parts between separators.
    package func split(
        exactly separator: Unicode.Scalar,
        maxSplits: Int = .max,
        omittingEmptySubsequences: Bool = true
    ) -> [SubSequence] {
        unicodeScalars.split(
            maxSplits: maxSplits,
            omittingEmptySubsequences: omittingEmptySubsequences,
            whereSeparator: { $0 == separator }
        ).map { self[$0.startIndex..<$0.endIndex] }
    }

    /// The lines, without their ends ("\n" or "\r\n") and without empty ones.
    package var exactLines: [SubSequence] {
        split(exactly: "\n").compactMap { line in
            let line = line.removing(suffix: "\r") ?? line
            return line.isEmpty ? nil : line
        }
    }

    /// What is before and after the first separator; nil where there is none.
    package func divided(atFirst separator: Unicode.Scalar) -> (SubSequence, SubSequence)? {
        unicodeScalars.firstIndex(of: separator).map { divided(at: $0) }
    }

    /// What is before and after the last separator; nil where there is none.
    package func divided(atLast separator: Unicode.Scalar) -> (SubSequence, SubSequence)? {
        unicodeScalars.lastIndex(of: separator).map { divided(at: $0) }
    }

    private func divided(at index: Index) -> (SubSequence, SubSequence) {
        (self[..<index], self[unicodeScalars.index(after: index)...])
    }

    /// The text without the scalars of a kind at its start and its end.
    package func trimming(_ isLeftOut: (Unicode.Scalar) -> Bool) -> SubSequence {
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !isLeftOut($0) }),
            let last = scalars.lastIndex(where: { !isLeftOut($0) })
        else { return self[endIndex...] }
        return self[start..<scalars.index(after: last)]
    }

    /// The text without spaces, tabs and line ends at its start and its end.
    package var trimmed: SubSequence {
        trimming { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\n" }
    }
}

extension Unicode.Scalar {
    /// Whether it is one of 0 to 9.
    package var isDigit: Bool { ("0"..."9").contains(self) }
}

/// A text that is equal to another one only when all scalars are: the key of a `Set` or
/// `Dictionary` of names that others chose.
package struct ExactText: Hashable, Sendable, Comparable {
    package let text: String

    package init(_ text: some StringProtocol) {
        self.text = String(text)
    }

    package static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isExactly(right.text)
    }

    package static func < (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xff))
    }
}
