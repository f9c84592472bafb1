import Diagnostics
import Files

/// The single-source part of AVSBench: in `s4_data`, frames, masks and audio by split and category,
/// and `s4_meta_data.csv`, which pandas reads by position. The clips themselves are in `videos`.
struct AVSBenchLayout: DatasetLayout {
    private static let table = "s4_meta_data.csv"
    /// How many frames of a clip the loader reads.
    private static let frames = 5
    /// Their columns and rows.
    private static let side = 224
    private static let columns = ["name", "start_time", "category", "split"]

    var hasOneTable: Bool { true }

    func clip(_ row: DatasetRow) -> String { "videos/\(row.file)" }

    func images(_ row: DatasetRow) -> String { place("visual_frames", row) }

    func masks(_ row: DatasetRow) -> String { place("gt_masks", row) }

    func audio(_ row: DatasetRow) -> String { place("audio_wav", row) + ".wav" }

    private func place(_ folder: String, _ row: DatasetRow) -> String {
        "s4_data/\(folder)/\(split(row))/\(row.label)/\(row.stem)"
    }

    private func split(_ row: DatasetRow) -> String { (row.split ?? .train).rawValue }

    func objections(toName name: String, _ label: String) -> [Rejection] {
        let isName =
            !label.isEmpty && label.utf8.count <= 255 && !label.hasPrefix(exactly: ".")
            && label.unicodeScalars.allSatisfy { $0 != "/" && $0 != "\0" }
        guard !isName else { return [] }
        return [
            Rejection(
                .label,
                "the label \(quoted(label)) cannot be the name of a folder, where the loader looks"
            )
        ]
    }

    func tables(_ rows: [DatasetRow]) -> [DatasetText] {
        // The loader's own scripts take the audio from that second on, which is the clip's first.
        let lines = rows.map { [$0.stem, "0", $0.label, split($0)] }
        return [
            DatasetText(Self.table, DelimitedTable.text([Self.columns] + lines, separator: ","))
        ]
    }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        try DelimitedTable.rows(
            Self.table,
            in: folder,
            separator: ",",
            columns: ["name", "category", "split"]
        ).map { line, cells in
            let (name, category, split) = (cells[0], cells[1], cells[2])
            let place = { (folder: String) in
                "s4_data/\(folder)/\(split)/\(category)/\(name)"
            }
            let masks = place("gt_masks")
            let audio = [place("audio_wav") + ".wav", place("audio_log_mel") + ".pkl"]
            return FoundRow(
                place: "line \(line) of \(Self.table)",
                stem: name,
                label: category,
                clip: "videos/\(name).mp4",
                masks: folder.hasFolder(masks) ? masks : nil,
                companions: [audio.first(where: folder.hasFile) ?? audio[0]],
                images: (1...Self.frames).map { number in
                    FoundImage(
                        path: "\(place("visual_frames"))/\(name)_\(number).png",
                        width: Self.side,
                        height: Self.side
                    )
                },
                split: split,
                isClipRead: false
            )
        }
    }
}
