import ClipLibrary
import Diagnostics
import Files
import GRDB
import SystemPackage
import TestSupport
import Testing

/// `library import --from-8cut`.
@Suite struct PythonDatabaseTests {
    @Test func clipsComeWithSourceStartLabelAndCategory() async throws {
        let bench = try await ImportBench()
        try bench.add("video.mp4", "out/vid_001/dog_001_m1_0.mp4", "out/vid_001/dog_001_m1_1.mp4")
        let video = bench.path("video.mp4").string
        let paths = (0...1).map { bench.path("out/vid_001/dog_001_m1_\($0).mp4").string }
        let database = try bench.database(
            paths.map { .init(path: $0, count: 2, spread: 0.25, ratio: "9:16", source: video) }
        )
        let before = try MaskSet.bytes(of: database)
        let clips = try PythonDatabase(database).clips
        #expect(try await bench.run(clips, isDry: true) == ["import", "import"])
        #expect(try await bench.library.clips().isEmpty)
        #expect(try await bench.run(clips) == ["import", "import"])
        let found = try await bench.library.clips().sorted { $0.id < $1.id }
        #expect(found.map(\.path) == paths)
        #expect(found.map(\.start) == [1_500_000_000, 1_750_000_000])
        for clip in found {
            #expect(clip.source == video && clip.label == "dog" && clip.category == "Animal")
            #expect(clip.frameCount == 5 && clip.frameRate == "25/1" && clip.width == 320)
            #expect(clip.sampleRate == 48_000 && (clip.sampleCount ?? 0) >= 9600)
            #expect(clip.isFinished && clip.settings.contains("9/16"))
            #expect(try FileFingerprint(of: FilePath(clip.path)).headAndTailSHA256 == clip.hash)
        }
        let entries = try DatasetFile(in: bench.path("out/vid_001")).entries()
        #expect(entries.map(\.label) == ["dog", "dog"])
        #expect(try MaskSet.bytes(of: database) == before)
    }

    @Test func whatTheLibraryHasStays() async throws {
        let bench = try await ImportBench()
        try bench.add("video.mp4", "out/dog_001.mp4")
        let row = ImportBench.Row(
            path: bench.path("out/dog_001.mp4").string,
            source: bench.path("video.mp4").string
        )
        let clips = try PythonDatabase(bench.database([row])).clips
        #expect(try await bench.run(clips + clips) == ["import", "known"])
        try await bench.library.relabel(1, label: "cat", category: nil)
        #expect(try await bench.run(clips) == ["known"])
        #expect(try await bench.library.clips().map(\.label) == ["cat"])
    }

    @Test func clipsThatCannotBeImportedAreNamed() async throws {
        let bench = try await ImportBench()
        try bench.add("out/dog_001.mp4", "out/dog.mp4", "out/dog_002.mov", "out/dog_006.mp4")
        try Folder.create(bench.path("out/dog_003"))
        try AtomicFile.write("no video", to: bench.path("out/dog_004.mp4"))
        let names = ["dog_001.mp4", "dog.mp4", "dog_002.mov", "dog_003", "dog_004.mp4", "gone_001"]
        var rows = names.map { ImportBench.Row(path: bench.path("out/\($0)").string) }
        rows.append(.init(path: ""))
        rows.append(.init(start: -1, path: bench.path("out/dog_006.mp4").string))
        let clips = try PythonDatabase(bench.database(rows)).clips
        let found = try await bench.run(clips)
        #expect(found[0].contains("is gone: it cannot be cut again"), "\(found)")
        #expect(found[1].contains("needs a name such as NAME_001.mp4"))
        #expect(found[2].contains("an .mp4 or .mkv file"))
        #expect(found[3].contains("folder of images"))
        #expect(!found[4].isEmpty && found[4] != "known" && !found[4].hasPrefix("import"))
        #expect(found[5] == "there is no such file")
        #expect(found[6] == "the list has no path for it")
        #expect(found[7] == "its start is no time")
        #expect(try await bench.library.clips().count == 1)
    }

    @Test func clipsOfAVideoThatIsGoneStayTogether() async throws {
        let bench = try await ImportBench()
        try bench.add("out/a_001.mp4", "out/a_002.mp4", "out/b_001.mp4")
        let rows = [("a_001", "/gone/a.mp4"), ("a_002", "/gone/a.mp4"), ("b_001", "/gone/b.mp4")]
            .map {
                ImportBench.Row(path: bench.path("out/\($0.0).mp4").string, source: $0.1)
            }
        _ = try await bench.run(try PythonDatabase(bench.database(rows)).clips)
        let hashes = try await bench.library.clips().sorted { $0.id < $1.id }.map(\.sourceHash)
        #expect(hashes.count == 3 && hashes[0] == hashes[1] && hashes[1] != hashes[2])
    }

    @Test func theLastRowOfAClipCounts() async throws {
        let bench = try await ImportBench()
        try bench.add("out/dog_001.mp4")
        let path = bench.path("out/dog_001.mp4").string
        let rows = ["dog", "cat"].map { ImportBench.Row(path: path, label: $0) }
        let clips = try PythonDatabase(bench.database(rows)).clips
        #expect(clips.map(\.label) == ["cat"])
    }

    @Test func earlierSchemasHaveFewerColumns() throws {
        let folder = try TemporaryFolder()
        let path = folder["8cut.db"]
        try DatabaseQueue(path: path.string).write { database in
            try database.execute(
                sql: """
                    CREATE TABLE processed (id INTEGER PRIMARY KEY, filename TEXT, start_time REAL,
                    output_path TEXT, processed_at TEXT);
                    INSERT INTO processed VALUES (3, 'v.mp4', 2, '/c/dog_001.mp4', '');
                    """
            )
        }
        let clips = try PythonDatabase(path).clips
        #expect(clips.map(\.place) == ["row 3"] && clips[0].start == 2 && clips[0].label == nil)
    }

    @Test(arguments: ["text", "other", "view", "missing", "folder", "short"])
    func anotherFileIsAnError(kind: String) throws {
        let folder = try TemporaryFolder()
        let path = folder["8cut.db"]
        switch kind {
        case "text": try AtomicFile.write(String(repeating: "no database ", count: 200), to: path)
        case "other", "view", "short":
            let sql =
                kind == "view"
                ? "CREATE VIEW processed AS SELECT 1 AS id, '' AS filename, 1 AS start_time, "
                    + "'/a_001.mp4' AS output_path"
                : "CREATE TABLE other (a)"
            try DatabaseQueue(path: path.string).write { try $0.execute(sql: sql) }
            if kind == "short" {
                let bytes = try MaskSet.bytes(of: path).prefix(3000)
                try Array(bytes).withUnsafeBytes { try AtomicFile.write($0, to: path) }
            }
        case "folder": try Folder.create(path)
        default: break
        }
        let error = #expect(throws: EightCutError.self) { _ = try PythonDatabase(path) }
        #expect(error?.code == (kind == "missing" ? .inputMissing : .inputUnusable))
        #expect(error?.why.isEmpty == false)
    }
}
