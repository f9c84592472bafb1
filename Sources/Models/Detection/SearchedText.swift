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
    private let templates: QueryTemplates

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
        self.templates = templates
        switch templates {
        case .average: queries = try LabelQueries(label: words).queries
        case .none:
            try LabelQueries.check(words)
            queries = [LabelQueries.Query(words)]
        }
    }

    /// The texts for the detector, a group for each query.
    package var groups: [[String]] { queries.map { templates.wordings(of: $0.text) } }
}
