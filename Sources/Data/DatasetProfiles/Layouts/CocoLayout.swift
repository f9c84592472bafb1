import Diagnostics
import Files

/// `<split>/<stem>/frame_0000.jpg` and so on, `annotations/instances_<split>.json`, and the clips
/// themselves in `videos`.
struct CocoLayout: DatasetLayout {
    func clip(_ row: DatasetRow) -> String { "videos/\(row.file)" }

    func images(_ row: DatasetRow) -> String { "\(split(row))/\(row.stem)" }

    /// What the table says of the clip's masks, where no consumer looks.
    func masks(_ row: DatasetRow) -> String { ".8cut/annotations/\(row.stem)" }

    func annotations(_ split: DatasetSplit) -> String {
        "annotations/instances_\(split.rawValue).json"
    }

    private func split(_ row: DatasetRow) -> String { (row.split ?? .train).rawValue }

    func rows(in folder: DatasetFolder) throws -> [FoundRow] {
        let names = try folder.names(in: "annotations").filter { $0.hasSuffix(exactly: ".json") }
        guard !names.isEmpty else {
            throw folder.unreadable(annotations(.train), "there is no such file")
        }
        return try names.flatMap { try rows(of: "annotations/\($0)", in: folder) }
    }

    private func rows(of table: String, in folder: DatasetFolder) throws -> [FoundRow] {
        let text = try folder.text(table) ?? ""
        guard let json = try? LocatedJSON(parsing: Array(text.utf8), .lenient),
            let videos = json["videos"]?.items
        else { throw folder.unreadable(table, "it has no list of videos") }
        let images = (json["images"]?.items ?? []).reduce(into: [Double: Double]()) {
            if let id = $1["id"]?.number, let video = $1["video_id"]?.number { $0[id] = video }
        }
        let annotated = Set(
            (json["annotations"]?.items ?? []).compactMap { item in
                item["image_id"]?.number.flatMap { images[$0] }
            }
        )
        return try videos.map { video in
            guard let id = video["id"]?.number, let file = video["file_name"]?.string else {
                throw folder.unreadable(table, "line \(video.line) has no id, or no file_name")
            }
            let name = file.divided(atLast: "/").map { String($0.1) } ?? file
            return FoundRow(
                place: "line \(video.line) of \(table)",
                stem: name.divided(atLast: ".").map { String($0.0) } ?? name,
                label: video["label"]?.string,
                clip: file,
                masks: annotated.contains(id) ? table : nil,
                split: table,
                source: video["source"]?.string
            )
        }
    }
}
