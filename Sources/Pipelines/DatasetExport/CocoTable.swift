import DatasetProfiles
import Diagnostics
import Files
import SystemPackage

/// The masks of a clip as COCO has them: a line for each object and frame, with the object, the
/// frame, and the members of the annotation that do not depend on other clips.
package struct CocoMasks: Sendable, Equatable {
    /// By the numbers of the objects; 0 for masks that do not tell them apart.
    let objects: [Int: MaskFrames]

    /// The objects of masks, or the one that they show.
    init(_ frames: MaskFrames, _ rule: MaskRule) {
        let chosen = frames.masks.object
        let numbers = chosen == nil ? frames.masks.objects : []
        objects = numbers.reduce(into: numbers.isEmpty ? [chosen ?? 0: frames] : [:]) {
            var masks = frames.masks
            masks.object = $1
            $0[$1] = MaskFrames(masks, frames.placement, frames.frameRate, rule)
        }
    }

    /// Any of them, for what they have in common.
    var frames: MaskFrames? { objects.values.first }

    /// The content of the masks is not in it.
    var recipe: String {
        objects.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.recipe)" }
            .joined(separator: "\n")
    }

    /// - Throws: `EightCutError` when a mask cannot be read, or the disk is full.
    func write(as name: FilePath.Component, in folder: OpenFolder) throws {
        var lines = ""
        for (object, frames) in objects.sorted(by: { $0.key < $1.key }) {
            var reader = frames.reader()
            for frame in 0..<frames.count {
                try Task.checkCancellation()
                let runs = MaskRuns(try reader.image(frame))
                guard runs.area > 0 else { continue }
                let box = runs.box
                // Of the characters of the text only this one is special in JSON.
                let counts = runs.runs.text.replacing(exactly: "\\", with: "\\\\")
                lines += "\(object) \(frame) \"area\":\(runs.area),"
                lines += "\"bbox\":[\(box.x),\(box.y),\(box.width),\(box.height)],"
                lines += "\"segmentation\":{\"counts\":\"\(counts)\","
                lines += "\"size\":[\(frames.height),\(frames.width)]}\n"
            }
        }
        try folder.write(lines, to: name)
    }
}

/// `instances_<split>.json`: the images, the objects on them, and what they are.
package struct CocoTable: Sendable {
    /// A clip whose frames are in the table.
    struct Clip: Sendable {
        let row: DatasetRow
        let masks: CocoMasks
        /// Its annotations, relative to the data set.
        let path: String

        var frameCount: Int { masks.frames?.count ?? 0 }
    }

    let clips: [Clip]
    /// The labels of all splits, so that they have the same numbers.
    let categories: [String]
    let layout: any DatasetLayout
    let images: ImageRule

    /// The tables of the splits of a data set.
    ///
    /// - Parameters:
    ///   - rows: all rows of the plan.
    ///   - profile: the consumer.
    /// - Returns: none for consumers of other tables.
    static func tables(of rows: [PlannedRow], _ profile: DatasetProfile) -> [PlannedFile] {
        guard let images = profile.images, profile.masks?.form == .runs else { return [] }
        let layout = profile.layout
        let categories = Set(rows.compactMap { $0.row.map { ExactText($0.label) } })
            .map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return DatasetSplit.allCases.compactMap { split in
            var content = ""
            let clips = rows.flatMap { planned in
                planned.files.compactMap { file -> Clip? in
                    guard case .cocoMasks(let masks) = file.step, let row = planned.row,
                        (row.split ?? .train) == split
                    else { return nil }
                    content += file.digest
                    return Clip(row: row, masks: masks, path: file.path)
                }
            }
            guard !clips.isEmpty else { return nil }
            let table = CocoTable(
                clips: clips,
                categories: categories,
                layout: layout,
                images: images
            )
            return PlannedFile(layout.annotations(split), .coco(table), of: content)
        }
    }

    /// What the lines of the clips do not say.
    var recipe: String {
        (categories.map(quoted) + clips.map { "\($0.row)" }).joined(separator: "\n")
    }

    /// - Parameters:
    ///   - name: the file.
    ///   - folder: where it is made.
    ///   - root: the folder of the data set, which has the annotations.
    /// - Throws: `EightCutError` when the disk is full.
    func write(as name: FilePath.Component, in folder: OpenFolder, of root: OpenFolder) throws {
        let file = try folder.newFile(for: name)
        do {
            func add(_ text: String) throws { _ = try file.descriptor.writeAll(text.utf8) }
            try add("{\"info\":{\"description\":\"8cut \(programVersion)\"},\n\"categories\":[")
            try add(list(categories.enumerated().map(category)))
            try add("],\n\"videos\":[")
            try add(list(clips.enumerated().map(video)))
            try add("],\n\"images\":[")
            var isFirst = true
            for (number, clip) in clips.enumerated() {
                try add((isFirst ? "" : ",\n") + list(imageItems(number, clip)))
                isFirst = false
            }
            try add("],\n\"annotations\":[")
            var (count, track) = (0, 0)
            for (number, clip) in clips.enumerated() {
                try Task.checkCancellation()
                let lines = try annotations(number, clip, in: root, &count, &track)
                try add(lines)
            }
            try add("]}\n")
        } catch let error as Errno {
            throw fileError("cannot write", folder.path.appending(name), error)
        }
        try file.publish(replaces: true)
    }

    private func list(_ items: [[String: JSONValue]]) -> String {
        items.map { (try? JSONText.line($0)) ?? "{}" }.joined(separator: ",\n")
    }

    private func category(_ number: Int, _ label: String) -> [String: JSONValue] {
        ["id": .number(Double(number + 1)), "name": .string(label)]
    }

    private func video(_ number: Int, _ clip: Clip) -> [String: JSONValue] {
        [
            "id": .number(Double(number + 1)), "file_name": .string(layout.clip(clip.row)),
            "label": .string(clip.row.label), "source": .string(clip.row.source),
            "start": .number(clip.row.start),
            "frame_rate": .string("\(clip.masks.frames?.frameRate ?? .one)"),
        ]
    }

    /// The number of a clip's first image, from 1.
    private func firstImage(_ number: Int) -> Int {
        clips[..<number].reduce(1) { $0 + $1.frameCount }
    }

    private func imageItems(_ number: Int, _ clip: Clip) -> [[String: JSONValue]] {
        let first = firstImage(number)
        return (0..<clip.frameCount).map { frame in
            [
                "id": .number(Double(first + frame)),
                "file_name": .string("\(clip.row.stem)/\(images.name(frame, of: clip.row.stem))"),
                "width": .number(Double(clip.masks.frames?.width ?? 0)),
                "height": .number(Double(clip.masks.frames?.height ?? 0)),
                "video_id": .number(Double(number + 1)), "frame_id": .number(Double(frame)),
            ]
        }
    }

    /// The annotations of a clip, after those of others: `count` of `track` objects so far.
    private func annotations(
        _ number: Int,
        _ clip: Clip,
        in root: OpenFolder,
        _ count: inout Int,
        _ track: inout Int
    ) throws -> String {
        let first = firstImage(number)
        let category = (categories.firstIndex { $0.isExactly(clip.row.label) } ?? 0) + 1
        let text = try String(
            decoding: SmallFile.read(root.path.pushing(FilePath(clip.path)), limit: 1 << 30),
            as: UTF8.self
        )
        var tracks: [Substring: Int] = [:]
        return text.split(exactly: "\n").compactMap { line -> String? in
            guard let (object, rest) = line.divided(atFirst: " "),
                let (frame, members) = rest.divided(atFirst: " "), let frame = Int(frame)
            else { return nil }
            if tracks[object] == nil {
                track += 1
                tracks[object] = track
            }
            count += 1
            return (count == 1 ? "" : ",\n")
                + "{\"id\":\(count),\"image_id\":\(first + frame),\"category_id\":\(category),"
                + "\"iscrowd\":0,\"track_id\":\(tracks[object] ?? 0),\(members)}"
        }.joined()
    }
}
