import Diagnostics

/// What schema 1 named otherwise. Its folders are read, and runs that wrote it are resumed.
enum Schema1 {
    private enum Keys: String, CodingKey { case sideFolders }

    /// The folders beside the masks. Schema 1 gave their names only; two names had one kind each.
    static func auxiliary(_ decoder: any Decoder) throws -> [AuxiliaryFolder] {
        let fields = try decoder.container(keyedBy: Keys.self)
        let names = try fields.decodeIfPresent([String].self, forKey: .sideFolders) ?? []
        return names.map { name in
            AuxiliaryFolder(name, ["depth": .depth, "labels": .labels][name] ?? .mask)
        }
    }

    /// Scores under their present names.
    static func renamed(_ scores: [String: Double]) -> [String: Double] {
        let (old, new) = (".presence", ".objectScore")
        guard scores.keys.contains(where: { $0.hasSuffix(exactly: old) }) else { return scores }
        return Dictionary(
            scores.map { name, score in
                (
                    name.removing(suffix: old).map { $0 + new } ?? name,
                    score
                )
            },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
