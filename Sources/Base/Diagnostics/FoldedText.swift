/// Text as people type and read it: "É" is "é", however its letters are composed.
///
/// For what people look for or choose by name only. Names of files and values of others are
/// compared by their scalars (`isExactly`).
extension String {
    /// The text without the difference of upper and lower case: two folded texts are equal (`==`,
    /// which is canonical equivalence) where people take them for the same.
    ///
    /// Upper case first, so that "ß" is "SS" and both forms of a final sigma are one.
    package var folded: String { uppercased().lowercased() }

    /// Whether both are the same to people.
    package func isSameName(as other: String) -> Bool { folded == other.folded }

    /// Whether a part occurs in the text, letter by letter, as one scalar or as several.
    package func containsEquivalent(of part: String) -> Bool {
        let (text, part) = (Array(self), Array(part))  // text: canonical equivalence is wanted
        guard let first = part.first else { return true }
        guard text.count >= part.count else { return false }
        return (0...text.count - part.count).contains { start in
            text[start] == first && text[start..<start + part.count].elementsEqual(part)
        }
    }
}
