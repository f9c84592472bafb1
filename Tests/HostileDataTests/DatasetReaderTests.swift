import ClipLibrary
import DatasetExport
import DatasetProfiles
import Diagnostics
import Files
import GRDB
import SystemPackage
import TestSupport
import Testing

/// Data sets, and lists of clips, that other programs have written or a failing disk has changed.
@Suite struct DatasetReaderTests {
    private static let rows = ["dog_001", "cat_001"].map { stem in
        DatasetRow(
            stem: stem,
            ending: ".mp4",
            label: "dog \"barking\"",
            category: "Animal",
            split: .train,
            source: "/videos/a.mp4",
            start: 1.5,
            duration: 8,
            maskMethod: "sam",
            folder: "/set"
        )
    }

    /// Every row says where it was found, and its paths can be looked at.
    @Test(arguments: DatasetProfile.ofDatasets.map(\.name))
    func layouts(name: String) throws {
        let layout = try #require(DatasetProfile.named(name)).layout
        let texts = layout.tables(Self.rows) + Self.rows.flatMap(layout.notes)
        guard let table = texts.first else { return }
        let clips = Self.rows.map { DatasetText(layout.clip($0), "video") }
        try HostileInputs("layout-\(name)", texts: [table.text]).run { input in
            for text in texts.dropFirst() + clips {
                let path = input.folder.pushing(FilePath(text.path))
                try Folder.create(path.removingLastComponent())
                try AtomicFile.write(text.text, to: path)
            }
            try Folder.create(input.folder.pushing(FilePath(table.path)).removingLastComponent())
            _ = try input.write(as: table.path)
            let folder = try DatasetFolder(input.folder)
            for row in try layout.rows(in: folder) {
                #expect(!row.place.isEmpty)
                _ = (folder.hasFile(row.clip), row.masks.map(folder.hasFile))
            }
            _ = try folder.videos()
        }
    }

    /// Lines of JSON, of which the first decides what the others need.
    @Test(arguments: ["ltx2", "ltx2-v2a", "hf"])
    func linesOfJSON(name: String) throws {
        let layout = try #require(DatasetProfile.named(name)).layout
        let table = try #require(layout.tables(Self.rows + Self.rows).first)
        var inputs = HostileInputs("lines-\(name)", texts: [table.text])
        inputs.share = 0.2
        try inputs.run { input in
            try Folder.create(input.folder.pushing(FilePath(table.path)).removingLastComponent())
            _ = try input.write(as: table.path)
            let rows = try layout.rows(in: DatasetFolder(input.folder))
            #expect(rows.allSatisfy { $0.place.contains(table.path) })
            #expect(rows.count <= input.bytes.split(separator: 0x0A).count)
        }
    }

    @Test func tablesOfCOCO() throws {
        let runs = RunLengths([2, 4, 6]).text
        let text = """
            {"categories": [{"id": 1, "name": "dog"}],
            "videos": [{"id": 1, "file_name": "videos/a.mp4", "label": "dog", "source": "/v.mp4"}],
            "images": [{"id": 1, "file_name": "a/0.jpg", "width": 4, "height": 3, "video_id": 1}],
            "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "area": 4, "iscrowd": 0,
            "bbox": [0, 2, 2, 2], "segmentation": {"counts": "\(runs)", "size": [3, 4]}},
            {"id": 2, "image_id": 1, "category_id": 1, "segmentation": [[0, 0, 1, 0, 1, 1]]}]}
            """
        let layout = try #require(DatasetProfile.named("coco")).layout
        try HostileInputs("coco-table", texts: [text]).run { input in
            try Folder.create(input.folder.appending("annotations"))
            _ = try input.write(as: "annotations/instances_train.json")
            let rows = try layout.rows(in: DatasetFolder(input.folder))
            #expect(rows.allSatisfy { !$0.place.isEmpty && $0.faults.allSatisfy { !$0.isEmpty } })
        }
    }

    /// What is read is what would be written.
    @Test func runLengths() throws {
        let texts = [[0, 12], [5, 1, 70_000, 3, 900], [1, 1, 1, 1, 1, 1]].map {
            RunLengths($0).text
        }
        try HostileInputs("run-lengths", texts: texts).run { input in
            guard let text = String(validating: input.bytes, as: UTF8.self),
                let runs = RunLengths(text: text)
            else { return }
            #expect(RunLengths(text: runs.text) == runs)
            #expect(runs.counts.allSatisfy { $0 >= 0 } && runs.area <= runs.total)
        }
    }

    @Test func records() throws {
        let text = """
            {"version": 1, "program": "0.1.0", "profile": "hf", "object": "white",
            "summary": {"clips": 1, "rejected": 0, "hours": 0.5, "clipsByLabel": {"dog": 1},
            "clipsBySplit": {"train": 1}, "overlapping": 0},
            "clips": {"train/a.mp4": {"id": 1, "source": "/v.mp4", "start": 1, "duration": 8,
            "split": "train"}}, "files": {"train/a.mp4": {"digest": "ab", "size": 1}}}
            """
        try HostileInputs("export-record", texts: [text]).run { input in
            try Folder.create(input.folder.appending(".8cut"))
            _ = try input.write(as: ".8cut/export.json")
            let record = try ExportRecord(in: OpenFolder(input.folder))
            #expect(record.map { $0.version <= ExportRecord.currentVersion } == true)
        }
    }

    /// A journal that was cut off is gone on with.
    @Test func journals() throws {
        let text = """
            {"path":"train/a.mp4","digest":"ab"}
            {"path":"train/a_mask.mp4","digest":"cd"}

            """
        try HostileInputs("dataset-journal", texts: [text]).run { input in
            try Folder.create(input.folder.appending(".8cut"))
            _ = try input.write(as: ".8cut/journal.jsonl")
            let folder = try OpenFolder(input.folder)
            let finished = try DatasetJournal(in: folder).finished
            #expect(finished.count <= input.bytes.count)
            #expect(try DatasetJournal(in: folder).finished == finished)
        }
    }

    @Test func listsOfOtherPrograms() throws {
        let text = """
            [{"path": "a_001.mp4", "label": "dog", "category": "Animal", "source": "v.mp4",
            "start": 1.5, "duration": 8, "masks": [{"method": "sam", "path": "a_001_masks"}]},
            {"video_path": "/b_001.mp4", "prompt": "cat"}]
            """
        try HostileInputs("foreign-list", texts: [text]).run { input in
            let list = try ForeignList(try input.write(as: "list.json"))
            #expect(list.folder == input.folder && list.clips.allSatisfy { !$0.place.isEmpty })
        }
    }

    @Test func databasesOfThePython8cut() throws {
        let folder = try TemporaryFolder()
        let path = folder["8cut.db"]
        try DatabaseQueue(path: path.string).write { database in
            try database.execute(
                sql: """
                    CREATE TABLE processed (id INTEGER PRIMARY KEY, filename TEXT, start_time REAL,
                    output_path TEXT, label TEXT, clip_count INTEGER, spread REAL);
                    INSERT INTO processed VALUES (1, 'v.mp4', 2, '/c/a_001_1.mp4', 'dog', 2, 3.0);
                    INSERT INTO processed VALUES (2, 'w.mp4', 9, '/c/b_001.mp4', '', 1, 3.0);
                    """
            )
        }
        var inputs = HostileInputs("python-database", [try MaskSet.bytes(of: path)])
        inputs.share = 0.5
        try inputs.run { input in
            let clips = try PythonDatabase(try input.write(as: "8cut.db")).clips
            #expect(clips.allSatisfy { $0.place.utf8.count > 4 })
        }
    }
}
