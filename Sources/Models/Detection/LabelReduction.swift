/// The rules by which a label's words become the name of a thing.
enum LabelReduction {
    /// The thing in one part of a label: "dog barking" has a dog, "chopping wood" wood, "playing
    /// flute" a flute.
    ///
    /// - Parameter words: in lower case, not empty.
    /// - Returns: nil where there is none that could be seen.
    static func thing(in words: [String]) -> String? {
        if let known = LabelWords.things[words.joined(separator: " ")] { return known.first }
        var words = Array(words.drop { LabelWords.openings.contains($0) })
        // Of "man playing guitar" the guitar sounds.
        if let playing = words.dropLast().firstIndex(where: { $0 == "playing" }) {
            words.removeFirst(playing)
        }
        guard let first = words.first else { return nil }
        guard isAction(words, at: 0) else {
            return name(Array(words.prefix(lengthOfName(words))))
        }
        let rest = words.dropFirst().drop { LabelWords.fillers.contains($0) }
        if rest.isEmpty { return LabelWords.activities.contains(first) ? "person" : nil }
        let name = name(Array(rest.prefix(lengthOfName(Array(rest)))))
        if let name, LabelWords.sports.contains(name) { return name + " player" }
        return name
    }

    /// How many of the words come before the first that tells of the sound.
    private static func lengthOfName(_ words: [String]) -> Int {
        words.indices.dropFirst().first { index in
            isAction(words, at: index) || LabelWords.sounds.contains(words[index])
                || LabelWords.delimiters.contains(words[index])
        } ?? words.count
    }

    /// Whether a word is a verb in -ing, and not a part of a thing's name like the first word of
    /// "sewing machine".
    private static func isAction(_ words: [String], at index: Int) -> Bool {
        let word = words[index]
        guard word.utf8.count > 4, word.utf8.suffix(3).elementsEqual("ing".utf8),
            !LabelWords.namesInIng.contains(word)
        else { return false }
        guard let next = words.dropFirst(index + 1).first else { return true }
        return !LabelWords.compounds.contains("\(word) \(singular(next))")
    }

    /// The name of a thing in the singular, without articles, and people by what they look like.
    private static func name(_ words: [String]) -> String? {
        var words = words.drop { LabelWords.fillers.contains($0) }
        guard let last = words.popLast() else { return nil }
        let text = (words + [singular(last)]).joined(separator: " ")
        if LabelWords.invisible.contains(text) { return nil }
        return LabelWords.people[text] ?? text
    }

    /// A noun in the singular, as far as English is regular, and some that are not.
    static func singular(_ word: String) -> String {
        if let known = LabelWords.singulars[word] { return known }
        let endings: [(String, String)] = [
            ("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("sses", "ss"),
            ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""),
        ]
        let ending = endings.first { word.utf8.suffix($0.0.utf8.count).elementsEqual($0.0.utf8) }
        guard let (plural, other) = ending, word.utf8.count > 3 else { return word }
        return String(decoding: word.utf8.dropLast(plural.utf8.count), as: UTF8.self) + other
    }
}
