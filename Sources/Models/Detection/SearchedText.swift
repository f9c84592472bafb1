import Diagnostics

/// The wordings in which a detector is asked for a thing.
package enum QueryTemplates: String, Sendable, Codable, CaseIterable {
    /// Seven sentences around the thing's name, whose logits are averaged.
    case average
    /// The text as it was typed, and nothing else: no words are left out, no kind is added.
    case none

    /// The sentences with which the accuracy of OWLv2 was published: `CLIP_BEST_PROMPT_TEMPLATES` of
    /// scenic (projects/owl_vit/preprocessing/label_ops.py), which come from CLIP's.
    private static let sentences = [
        "itap of a {}.", "a bad photo of the {}.", "a origami {}.", "a photo of the large {}.",
        "a {} in a video game.", "art of the {}.", "a photo of the small {}.",
    ]

    /// The texts for one query, of which the fit is averaged.
    func wordings(of query: String) -> [String] {
        switch self {
        case .average: Self.sentences.map { $0.replacing(exactly: "{}", with: query) }
        case .none: [query]
        }
    }
}

/// A text that names what is looked for, and the object that it becomes.
package struct SearchedText: Sendable, Equatable {
    /// As it was typed.
    package let words: String
    /// The number of the object, from 1.
    package let object: Int
    /// What the detector is asked for, at least one.
    package let queries: [LabelQueries.Query]
    /// The texts for the detector, a group for each query.
    package let groups: [[String]]

    /// - Parameters:
    ///   - words: a thing's name, or a label such as "dog barking".
    ///   - object: the number of the object.
    ///   - templates: how the detector is asked.
    /// - Throws: `LabelQueries.Problem` when there is nothing to look for.
    package init(
        _ words: String,
        object: Int = 1,
        templates: QueryTemplates = .average
    ) throws(LabelQueries.Problem) {
        self.words = words
        self.object = object
        switch templates {
        case .average: queries = try LabelQueries(label: words).queries
        case .none:
            try LabelQueries.check(words)
            queries = [LabelQueries.Query(words)]
        }
        groups = queries.map { templates.wordings(of: $0.text) }
    }

    private init(_ other: SearchedText, asking groups: [(LabelQueries.Query, [String])]) {
        (words, object) = (other.words, other.object)
        queries = groups.map(\.0)
        self.groups = groups.map(\.1)
    }

    /// The text with what a detector can read of it. Of a query's wordings those stay that are short
    /// enough, or else its name alone. A query that is too long even so is left out.
    ///
    /// - Parameter canRead: whether the detector reads a wording.
    /// - Returns: nil where no query is left.
    package func limited(to canRead: (String) -> Bool) -> SearchedText? {
        let readable = zip(queries, groups).compactMap { query, wordings in
            let short = wordings.filter(canRead)
            if !short.isEmpty { return (query, short) }
            return canRead(query.text) ? (query, [query.text]) : nil
        }
        return readable.isEmpty ? nil : SearchedText(self, asking: readable)
    }
}
