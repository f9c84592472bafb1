/// The name of an object, which has to be looked for before it is a prompt of SAM 2.
package struct TextPrompt: Sendable, Equatable {
    /// As it was typed.
    package let words: String
    /// From 1.
    package let object: Int
    package let origin: PromptOrigin

    package init(_ words: String, object: Int = 1, from origin: PromptOrigin) {
        self.words = words
        self.object = object
        self.origin = origin
    }
}

extension PromptList {
    /// Adds a text.
    ///
    /// - Throws: `EightCutError` when the object is invalid, or has a text already.
    package mutating func append(_ text: TextPrompt) throws {
        try text.origin.check(object: text.object)
        if let other = texts.first(where: { $0.object == text.object }) {
            throw text.origin.error(
                "object \(text.object) has a text already: \(other.origin.description)",
                remedy:
                    "Name another object (#2), or write several names of one object with commas "
                    + "between them."
            )
        }
        texts.append(text)
    }

    /// The texts that are to be looked for: of objects that nothing else marks.
    package var openTexts: [TextPrompt] {
        let marked = Set(entries.map(\.prompt.object))
        return texts.filter { !marked.contains($0.object) }.sorted { $0.object < $1.object }
    }

    /// The prompts without the texts.
    package var marks: PromptList {
        var list = self
        list.texts = []
        return list
    }

    /// - Throws: `EightCutError` when there is a text, which nobody has looked for.
    func checkNoTexts() throws {
        guard let text = texts.first else { return }
        throw text.origin.error(
            "it names an object, and nothing is looked for here",
            remedy: "Mark the object with a point or a box."
        )
    }
}
