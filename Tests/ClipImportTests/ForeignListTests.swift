import ClipLibrary
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

/// `library import --dataset`.
@Suite struct ForeignListTests {
    private static func list(_ text: String, in bench: ImportBench) throws -> ForeignList {
        try Folder.create(bench.path("set"))
        try AtomicFile.write(text, to: bench.path("set/list.json"))
        return try ForeignList(bench.path("set/list.json"))
    }

    @Test func allFormsAreRead() async throws {
        let bench = try await ImportBench()
        try bench.add("set/a_001.mp4", "set/b_001.mp4", "else/c_001.mp4", "video.mp4")
        let absolute = bench.path("else/c_001.mp4").string
        let list = try Self.list(
            """
            [{"path": "a_001.mp4", "label": " dog ", "category": "Animal",
              "source": "../video.mp4", "start": 2.5, "duration": 8},
             {"path": "b_001", "label": "cat"},
             {"video_path": "\(absolute)", "prompt": "cow"},
             {"label": "no path"}, 7]
            """,
            in: bench
        )
        let found = try await bench.run(list.clips, from: list.folder)
        try #require(found.count >= 5, "\(found)")
        #expect(found[0] == "import" && found[1].contains("its video is not known"), "\(found)")
        #expect(found[2].hasPrefix("import") && found[3].contains("no path"))
        #expect(found[4].contains("no path"))
        let clips = try await bench.library.clips().sorted { $0.id < $1.id }
        try #require(clips.map(\.label) == ["dog", "cat", "cow"])
        #expect(clips.map(\.start) == [2_500_000_000, 0, 0])
        #expect(clips[2].path == absolute)
        // All files here have the same content, which is one source.
        #expect(Set(clips.map(\.source)) == [bench.path("video.mp4").string])
    }

    @Test func aListOf8cutBringsItsMasks() async throws {
        let bench = try await ImportBench()
        try bench.add("set/a_001.mp4")
        let file = try FileFingerprint(of: bench.path("set/a_001.mp4"))
        for (name, hash) in [("masks", file.headAndTailSHA256), ("old", "other")] {
            try Folder.create(bench.path("set/\(name)"))
            let frames = (0..<5).map { "{\"frame\": \($0), \"area\": 0.1}" }
            try AtomicFile.write(
                """
                {"schema": 3, "program": {"name": "8cut", "version": "0"}, "complete": true,
                "method": {"name": "sam", "settings": {}}, "auxiliary": [],
                "input": {"name": "a_001.mp4", "width": 320, "height": 64, "frameRate": "25/1",
                "file": {"bytes": \(file.bytes), "modified": 1, "headAndTailSHA256": "\(hash)"}},
                "frameCount": 5, "frames": [\(frames.joined(separator: ","))]}
                """,
                to: bench.path("set/\(name)/masks.json")
            )
        }
        let list = try Self.list(
            """
            [{"path": "a_001.mp4", "label": "dog", "masks": [
            {"method": "sam", "path": "masks"}, {"method": "sam", "path": "old"},
            {"method": "sam", "path": "none"}]}]
            """,
            in: bench
        )
        _ = try await bench.run(list.clips, from: list.folder)
        let masks = try await bench.library.masks(of: 1)
        #expect(masks.map(\.path) == [bench.path("set/masks").string])
        #expect(masks.map(\.frameCount) == [5])
    }

    @Test func aListOfAnotherFormIsAnError() async throws {
        let bench = try await ImportBench()
        for text in ["{\"train\": [\"a\"]}", "[{", "", "no JSON"] {
            let error = #expect(throws: EightCutError.self) { try Self.list(text, in: bench) }
            #expect(error?.code == .inputUnusable, "\(text)")
        }
        let error = #expect(throws: EightCutError.self) { try ForeignList(bench.path("none")) }
        #expect(error?.code == .inputMissing)
    }
}
