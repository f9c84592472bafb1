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
            json["images"]?.items != nil
        else { throw folder.unreadable(table, "it has no list of images") }
        let reader = CocoTableReader(json)
        if let stray = reader.strays.first {
            throw folder.unreadable(table, "line \(stray.line) is about an image that is not there")
        }
        let place = FramePlace(table, in: folder)
        guard let videos = json["videos"]?.items else {
            return reader.order.compactMap { row(ofImage: $0, reader, table, place) }
        }
        let frames = Dictionary(grouping: reader.order) { reader.images[$0]?.video }
        return try videos.map { video in
            guard let id = video["id"]?.integer, let file = video["file_name"]?.string else {
                throw folder.unreadable(table, "line \(video.line) has no id, or no file_name")
            }
            let name = file.divided(atLast: "/").map { String($0.1) } ?? file
            let images = frames[id] ?? []
            return FoundRow(
                place: "line \(video.line) of \(table)",
                stem: name.divided(atLast: ".").map { String($0.0) } ?? name,
                label: video["label"]?.string,
                clip: file,
                masks: images.contains(where: reader.isAnnotated) ? table : nil,
                images: images.compactMap { reader.images[$0].map(place.image) },
                split: table,
                source: video["source"]?.string,
                isClipRead: false,
                faults: images.flatMap(reader.faults)
            )
        }
    }

    /// In a table without videos, each image is a row.
    private func row(
        ofImage number: Int,
        _ reader: CocoTableReader,
        _ table: String,
        _ place: FramePlace
    ) -> FoundRow? {
        guard let image = reader.images[number] else { return nil }
        return FoundRow(
            place: "line \(image.line) of \(table)",
            stem: image.file,
            label: reader.label(number) ?? "",
            clip: place.path(of: image.file),
            masks: reader.isAnnotated(number) ? table : nil,
            images: [place.image(image)],
            split: table,
            isClipRead: false,
            faults: reader.faults(number)
        )
    }

    /// The folder of a table's images: tables name them from there on, and do not say where it is.
    private struct FramePlace {
        private let folder: DatasetFolder
        private let places: [String]

        init(_ table: String, in folder: DatasetFolder) {
            self.folder = folder
            let name = table.divided(atLast: "/").map { String($0.1) } ?? table
            let stem = name.removing(suffix: ".json").map { String($0) } ?? name
            let split = stem.removing(prefix: "instances_").map { String($0) } ?? stem
            places = ["\(split)/", "images/\(split)/", "images/", ""]
        }

        func image(_ image: CocoTableReader.Image) -> FoundImage {
            FoundImage(path: path(of: image.file), width: image.width, height: image.height)
        }

        /// The first of the usual places that has the image.
        func path(of file: String) -> String {
            (places.first { folder.hasFile($0 + file) } ?? places[0]) + file
        }
    }
}
