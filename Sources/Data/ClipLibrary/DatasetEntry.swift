import FoundationEssentials

/// What `dataset.json` says about one clip.
package struct DatasetEntry: Sendable, Equatable {
    /// Masks of the clip.
    package struct Masks: Sendable, Equatable {
        /// "saliency", "depth", "sam".
        package let method: String
        /// The folder, relative to that of the file.
        package let path: String

        /// Names them.
        package init(method: String, path: String) {
            self.method = method
            self.path = path
        }
    }

    /// The clip, relative to the folder of the file.
    package let path: String
    /// What is heard; empty where nobody has said it.
    package let label: String
    /// What kind of thing is heard; empty where nobody has said it.
    package let category: String
    /// The video that it was cut out of.
    package let source: String
    /// When its first picture is shown, in seconds from the start of the video.
    package let start: Double
    /// Length in seconds.
    package let duration: Double
    /// Its masks.
    package let masks: [Masks]

    /// Puts it together.
    package init(
        path: String,
        label: String,
        category: String,
        source: String,
        start: Double,
        duration: Double,
        masks: [Masks]
    ) {
        self.path = path
        self.label = label
        self.category = category
        self.source = source
        // Microseconds are as much as there is to know.
        self.start = (start * 1e6).rounded() / 1e6
        self.duration = (duration * 1e6).rounded() / 1e6
        self.masks = masks
    }

    /// The entry as JSON, indented by two; further fields, which others have added, follow.
    func json(keeping others: [(key: String, text: String)]) -> String {
        var fields = [
            ("path", Self.quoted(path)), ("label", Self.quoted(label)),
            ("category", Self.quoted(category)), ("source", Self.quoted(source)),
            ("start", Self.number(start)), ("duration", Self.number(duration)),
        ]
        if !masks.isEmpty {
            let items = masks.map {
                "      {\n        \"method\": \(Self.quoted($0.method)),\n"
                    + "        \"path\": \(Self.quoted($0.path))\n      }"
            }
            fields.append(("masks", "[\n" + items.joined(separator: ",\n") + "\n    ]"))
        }
        let own = Set(["path", "label", "category", "source", "start", "duration", "masks"])
        fields += others.filter { !own.contains($0.key) }.map { ($0.key, $0.text) }
        let lines = fields.map { "    \(Self.quoted($0.0)): \($0.1)" }
        return "{\n" + lines.joined(separator: ",\n") + "\n  }"
    }

    private static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
