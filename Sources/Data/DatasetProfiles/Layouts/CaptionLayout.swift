import Diagnostics
import Files

/// `<stem>.mp4` and `<stem>.txt` with the label, in a folder for each split. Every video in the
/// folder becomes a clip but the masks; FoleyTune looks one level below it too.
struct CaptionLayout: DatasetLayout {
    /// Where the masks of a clip are.
    struct Masks: Sendable {
        /// What their files have after the name of the clip: "_mask.mp4".
        let ending: String
        /// Their folder in that of the split; nil for that of the clips.
        var folder: String?
    }

    /// The folder of the clips in that of the split; nil for that itself.
    var clips: String?
    /// Nil where there are none.
    var masks: Masks?
    /// How many clips a split needs.
    var leastClips = 1

    func clip(_ row: DatasetRow) -> String { base(row) + row.ending }

    func masks(_ row: DatasetRow) -> String {
        guard let masks else { return base(row) }
        return row.inSplit(Self.place(row.stem + masks.ending, in: masks.folder))
    }

    func notes(_ row: DatasetRow) -> [DatasetText] {
        [DatasetText(base(row) + ".txt", row.label + "\n")]
    }

    func warnings(_ rows: [DatasetRow]) -> [String] {
        rows.bySplit().filter { $0.rows.count < leastClips }.map { split, rows in
            let place = rows[0].split == nil ? "the data set" : "the split \(split.rawValue)"
            return "\(place) has \(rows.count) clips, and \(leastClips) are needed."
        }
    }

    private func base(_ row: DatasetRow) -> String {
        row.inSplit(Self.place(row.stem, in: clips))
    }

    private static func place(_ name: String, in folder: String?) -> String {
        folder.map { "\($0)/\(name)" } ?? name
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        let splits = try folder.names().filter { folder.hasFolder($0) && $0 != clips }
        return try rows(of: "", in: folder) + splits.flatMap { try rows(of: $0 + "/", in: folder) }
    }

    /// The split is a folder with a slash, or "" for that of the data set.
    private func rows(of split: String, in folder: DatasetFolder) throws -> [FoundRow] {
        let prefix = split + Self.place("", in: clips)
        return try folder.names(in: prefix).compactMap { name in
            guard let stem = stem(of: name) else { return nil }
            let text = try folder.text("\(prefix)\(stem).txt")
            let masks = masks.map { split + Self.place(stem + $0.ending, in: $0.folder) }
            return FoundRow(
                place: prefix + name,
                stem: stem,
                label: text.map { String($0.trimmed) },
                clip: prefix + name,
                masks: masks.flatMap { folder.hasFile($0) ? $0 : nil },
                split: String(split.dropLast())
            )
        }
    }

    /// The name of a clip without its ending; nil for other files.
    private func stem(of name: String) -> String? {
        if let masks, masks.folder == clips, name.hasSuffix(exactly: masks.ending) { return nil }
        return DatasetFolder.endings.lazy.compactMap { name.removing(suffix: $0) }.first.map {
            String($0)
        }
    }
}
