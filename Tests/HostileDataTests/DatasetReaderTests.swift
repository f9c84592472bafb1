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
            maskMethod: nil,
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
