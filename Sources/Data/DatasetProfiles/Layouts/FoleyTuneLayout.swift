import Diagnostics

/// `<stem>.mp4` and `<stem>.txt` with the label, in a folder for each split. Every video in the
/// folder, and one level below it, becomes a clip: nothing else may be there.
struct FoleyTuneLayout: DatasetLayout {
    func clip(_ row: DatasetRow) -> String { base(row) + row.ending }

    func notes(_ row: DatasetRow) -> [DatasetText] {
        [DatasetText(base(row) + ".txt", row.label + "\n")]
    }

    private func base(_ row: DatasetRow) -> String {
        row.split.map { "\($0.rawValue)/\(row.stem)" } ?? row.stem
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        let inner = try folder.names().filter { !folder.hasFile($0) }
        return try ([""] + inner.map { $0 + "/" }).flatMap { prefix in
            try folder.names(in: prefix).compactMap { name in
                guard let stem = Self.endings.lazy.compactMap({ name.removing(suffix: $0) }).first
                else { return nil }
                let text = try folder.text("\(prefix)\(stem).txt")
                return FoundRow(
                    place: prefix + name,
                    stem: String(stem),
                    label: text.map { String($0.trimmed) },
                    clip: prefix + name,
                    split: String(prefix.dropLast())
                )
            }
        }
    }

    /// What the scanner takes for a video.
    private static let endings = [".mp4", ".mkv", ".mov", ".avi", ".webm"]
}
