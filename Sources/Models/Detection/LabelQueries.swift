import Diagnostics

/// What a detector is asked for, to find the thing that a label speaks of: "dog barking" asks for a
/// dog, "playing violin, fiddle" for a violin and for a fiddle.
///
/// A label names a sound, a detector knows things, so the words of the sound are left out. Rules do
/// that for most labels (`LabelWords` has their words), a table for the rest. They are made for
/// labels in English like the 309 of VGGSound (Chen et al., ICASSP 2020), whose queries are a test.
package struct LabelQueries: Sendable, Equatable {
    /// One thing to look for.
    package struct Query: Sendable, Hashable {
        /// Its name: words of a–z, 0–9 and hyphens in lower case.
        package let text: String
        /// What its score counts, 0…1: less than 1 for the kind of a species, so that the name wins
        /// where the detector knows it.
        package let weight: Float

        package init(_ text: String, weight: Float = 1) {
            self.text = text
            self.weight = weight
        }
    }

    /// Why there is nothing to look for.
    package enum Problem: Error, Equatable {
        /// There is no letter of a–z in it: the detector reads English only.
        case notEnglish
        /// It names no thing that could be seen, as "thunder" does.
        case noThing
        /// There is nothing in it.
        case empty
    }

    /// Changes whenever the same label gives other queries than before.
    package static let revision = 1

    /// What the score of a species' kind counts. Chosen without a measurement.
    static let kindWeight: Float = 0.8

    /// At least one: things in the order of the label, then their kinds.
    package let queries: [Query]

    /// - Parameter label: a label such as "dog barking".
    /// - Throws: `Problem` when there is nothing to look for.
    package init(label: String) throws(Problem) {
        try Self.check(label)
        let whole = Self.words(of: label)
        var things: [String] = []
        if let known = LabelWords.things[whole.joined(separator: " ")] {
            things = known
        } else {
            for part in Self.parts(of: label) {
                let thing = LabelReduction.thing(in: part)
                if let thing, !things.contains(thing) { things.append(thing) }
            }
        }
        guard !things.isEmpty else { throw .noThing }
        var queries = things.map { Query($0) }
        for thing in things {
            guard let kind = LabelWords.kind(of: thing), !things.contains(kind) else { continue }
            let query = Query(kind, weight: Self.kindWeight)
            if !queries.contains(query) { queries.append(query) }
        }
        self.queries = queries
    }

    /// Makes sure that there is something to read.
    static func check(_ text: String) throws(Problem) {
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw .empty
        }
        guard text.unicodeScalars.contains(where: { $0.isASCII && $0.properties.isAlphabetic })
        else { throw .notEnglish }
    }

    /// The words of the label's parts, which each name a thing: what is between commas, without
    /// what is in brackets and without "etc.".
    private static func parts(of label: String) -> [[String]] {
        var text = String.UnicodeScalarView()
        var depth = 0
        for scalar in label.unicodeScalars {
            if scalar == "(" || scalar == "[" { depth += 1 }
            if depth == 0 { text.append(scalar) }
            if depth > 0, scalar == ")" || scalar == "]" { depth -= 1 }
        }
        let separators: [Unicode.Scalar] = [",", ";", "/"]
        return text.split(whereSeparator: separators.contains)
            .map { part in words(of: String(part)).filter { word in !word.isExactly("etc") } }
            .filter { !$0.isEmpty }
    }

    /// The words in the characters that the evaluation of OWL-ViT leaves: lower case, and anything
    /// but a–z, 0–9 and - is a space (scenic, `_canonicalize_string_tf`).
    static func words(of text: String) -> [String] {
        text.lowercased().replacing(exactly: "'s ", with: " ").unicodeScalars
            .split { scalar in
                !("a"..."z").contains(scalar) && !("0"..."9").contains(scalar) && scalar != "-"
            }
            .map(String.init)
    }
}
