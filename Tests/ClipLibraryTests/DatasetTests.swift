import ClipLibrary
import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// `dataset.json`: what it looks like, and that nothing in it is lost.
@Suite struct DatasetTests {
    private func entry(_ path: String, label: String = "dog", masks: [String] = [])
        -> DatasetEntry
    {
        DatasetEntry(
            path: path,
            label: label,
            category: "Animal",
            source: "/videos/a \"b\".mp4",
            start: 12.345678,
            duration: 8,
            masks: masks.map { .init(method: "depth", path: $0) }
        )
    }

    @Test func masksHaveTheirConfidence() async throws {
        let folder = try TemporaryFolder()
        let list = DatasetFile(in: folder.path)
        let sure = DatasetEntry(
            path: "x_001.mp4",
            label: "",
            category: "",
            source: "/v.mp4",
            start: 0,
            duration: 8,
            masks: [
                .init(method: "saliency", path: "x_001_masks", confidence: 0.71),
                .init(method: "depth", path: "near"),
            ]
        )
        try await list.update([sure])
        let masks = """
                "masks": [
                  {
                    "method": "saliency",
                    "path": "x_001_masks",
                    "confidence": 0.71
                  },
                  {
                    "method": "depth",
                    "path": "near"
                  }
                ]
            """
        let written = try text(folder)
        #expect(written.contains(masks), "\(written)")
        #expect(try list.entries() == [sure])
        // Another kind of value is not what this program has written.
        let other = written.replacing("0.71", with: "\"high\"")
        try AtomicFile.write(other, to: folder[DatasetFile.fileName])
        #expect(try list.entries().isEmpty)
    }

    private func text(_ folder: TemporaryFolder) throws -> String {
        String(decoding: try MaskSet.bytes(of: folder[DatasetFile.fileName]), as: UTF8.self)
    }

    /// Two files: Swift's strings of these names are equal.
    @Test func namesThatLookAlikeAreTwoEntries() async throws {
        let folder = try TemporaryFolder()
        let list = DatasetFile(in: folder.path)
        let names = ["\u{e9}_001.mp4", "e\u{301}_001.mp4"]
        try await list.update(names.map { entry($0, label: "\($0.utf8.count)") })
        #expect(try list.entries().map(\.label) == ["10", "11"])
        try await list.update([], removing: [names[0]])
        let rest = try list.entries()
        #expect(rest.count == 1)
        #expect(rest.first.map { Array($0.path.utf8) == Array(names[1].utf8) } == true)
    }

    @Test func itIsAnArrayIndentedByTwo() async throws {
        let folder = try TemporaryFolder()
        let list = DatasetFile(in: folder.path)
        try await list.update([entry("x_001.mp4")])
        try await list.update([entry("x_002.mp4", masks: ["x_002_masks"])])
        let first = """
            [
              {
                "path": "x_001.mp4",
                "label": "dog",
                "category": "Animal",
                "source": "/videos/a \\"b\\".mp4",
                "start": 12.345678,
                "duration": 8
              },
              {
                "path": "x_002.mp4",

            """
        let text = try text(folder)
        #expect(text.hasPrefix(first), "\(text)")
        let masks = """
                "masks": [
                  {
                    "method": "depth",
                    "path": "x_002_masks"
                  }
                ]
              }
            ]

            """
        #expect(text.hasSuffix(masks), "\(text)")
        let entries = [entry("x_001.mp4"), entry("x_002.mp4", masks: ["x_002_masks"])]
        #expect(try list.entries() == entries)
        let python = try await Program.run(
            "python3",
            ["-c", "import json,sys; d=json.load(open(sys.argv[1])); print(len(d))"]
                + [folder[DatasetFile.fileName].string]
        )
        #expect(python.output == "2\n")
    }

    @Test func whatOthersWroteStaysAsItIs() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/old_001.mp4"
        let theirs = #"{"z":1.10,  "path" : "\#(path)","n":12345678901234567890}"#
        let odd = #"[ "a,b]}", {"path":7} ]"#
        try AtomicFile.write("[\(theirs), \(odd),null]", to: folder[DatasetFile.fileName])
        let list = DatasetFile(in: folder.path)
        try await list.update([entry("x_001.mp4")])
        #expect(try text(folder).contains("  \(theirs),\n  \(odd),\n  null,\n  {"))
        #expect(try list.paths() == ["old_001.mp4", "x_001.mp4"])
        // An absolute path, as the Python program wrote it, is the same clip; fields stay.
        try await list.update([entry("old_001.mp4", label: "cat")])
        #expect(try list.entries().map(\.label) == ["cat", "dog"])
        #expect(try text(folder).contains("\"z\": 1.10,\n    \"n\": 12345678901234567890"))
        try await list.update([], removing: ["old_001.mp4"])
        #expect(try list.paths() == ["x_001.mp4"])
        #expect(try text(folder).hasPrefix("[\n  \(odd),\n  null,\n"))
    }

    /// FoleyTune does not look beside the list.
    @Test func absolutePathsStayAbsolute() async throws {
        let folder = try TemporaryFolder()
        let (one, two) = (folder["x_001.mp4"].string, folder["x_002.mp4"].string)
        try AtomicFile.write(
            #"[{"path":"\#(one)"},{"video_path":"\#(two)","prompt":"dog"}]"#,
            to: folder[DatasetFile.fileName]
        )
        let list = DatasetFile(in: folder.path)
        let names = ["x_001.mp4", "x_002.mp4", "x_003.mp4"]
        try await list.update(names.map { entry($0) })
        #expect(try list.paths() == names)
        let text = try text(folder)
        let items = try LocatedJSON(parsing: Array(text.utf8), .strict).items ?? []
        #expect(
            items.map { $0["path"]?.string } == [one, two, folder["x_003.mp4"].string],
            "\(text)"
        )
        #expect(items[1]["video_path"]?.string == two && items[1]["prompt"]?.string == "dog")
        // A list with relative paths stays as it is.
        try AtomicFile.write(#"[{"path":"x_001.mp4"}]"#, to: folder[DatasetFile.fileName])
        try await list.update([entry("x_002.mp4")])
        #expect(try self.text(folder).contains(#""path": "x_002.mp4""#))
    }

    @Test func membersOfOthersKeepTheirBytes() async throws {
        let folder = try TemporaryFolder()
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        let odd = #"{"a\"\u0062":1e400, "a\"\u0062" : "\ud800","c":\#(deep)}"#
        try AtomicFile.write(
            #"[{"path":"x_001.mp4","more\/":\#(odd)}]"#,
            to: folder[DatasetFile.fileName]
        )
        try await DatasetFile(in: folder.path).update([entry("x_001.mp4"), entry("x_002.mp4")])
        let text = try text(folder)
        #expect(text.contains(#"    "more\/": \#(odd)"#), "\(text)")
        #expect(try DatasetFile(in: folder.path).paths() == ["x_001.mp4", "x_002.mp4"])
    }

    /// Byte order marks, line ends of Windows, UTF-16, and the numbers of Python that are no JSON.
    @Test func whatOtherProgramsWriteIsRead() async throws {
        let old = #"{"path":"old_001.mp4","label":"bell","score":NaN,"most":-Infinity}"#
        let utf16 = "[\(old)]".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for (name, bytes) in [
            ("mark", [0xEF, 0xBB, 0xBF] + Array("[\(old)]".utf8)),
            ("crlf", Array("[\r\n  \(old)\r\n]\r\n".utf8)), ("utf16", [0xFF, 0xFE] + utf16),
        ] {
            let folder = try TemporaryFolder()
            let list = DatasetFile(in: folder.path)
            try bytes.withUnsafeBytes { try AtomicFile.write($0, to: list.path) }
            #expect(try list.entries().map(\.label) == ["bell"], "\(name)")
            #expect(try await list.update([entry("x_001.mp4")]) == nil, "\(name)")
            #expect(try list.entries().map(\.label) == ["bell", "dog"], "\(name)")
            #expect(try text(folder).contains(old), "\(name)")
            try await list.update([entry("old_001.mp4", label: "cat")])
            #expect(try text(folder).contains(#""score": NaN,"#), "\(name)")
            #expect(try Folder.names(in: folder.path) == [DatasetFile.fileName], "\(name)")
        }
    }

    @Test func anEmptyFileIsAnEmptyList() async throws {
        let folder = try TemporaryFolder()
        let list = DatasetFile(in: folder.path)
        try AtomicFile.write(" \n", to: list.path)
        #expect(try await list.update([entry("x_001.mp4")]) == nil)
        #expect(try list.paths() == ["x_001.mp4"])
    }

    @Test func theSameTwiceWritesNothing() async throws {
        let folder = try TemporaryFolder()
        let list = DatasetFile(in: folder.path)
        try await list.update([entry("x_001.mp4")])
        let before = try FileFingerprint(of: list.path)
        try await list.update([entry("x_001.mp4")])
        #expect(try FileFingerprint(of: list.path) == before)
    }

    @Test(arguments: ["{", "[{]", "{\"path\": 1}", "[1] x", "[\"\\ud800\"", "\u{0}"])
    func aDamagedFileIsSetAside(text: String) async throws {
        let folder = try TemporaryFolder()
        let list = DatasetFile(in: folder.path)
        try AtomicFile.write("first", to: folder["dataset.json.damaged-1"])
        try AtomicFile.write(text, to: list.path)
        let aside = try await list.update([entry("x_001.mp4")])
        #expect(aside == folder["dataset.json.damaged-2"])
        #expect(try MaskSet.bytes(of: folder["dataset.json.damaged-2"]) == Array(text.utf8))
        #expect(try list.paths() == ["x_001.mp4"])
    }

    @Test func damageOfAnyKindLosesNothing() async throws {
        let folder = try TemporaryFolder()
        let list = DatasetFile(in: folder.path)
        try await list.update([entry("x_001.mp4", masks: ["a", "b"]), entry("x_002.mp4")])
        let whole = String(decoding: try MaskSet.bytes(of: list.path), as: UTF8.self)
        var mutator = Mutator(seed: 6)
        for _ in 0..<500 {
            let bytes = mutator.damage(whole)
            try bytes.withUnsafeBytes { try AtomicFile.write($0, to: list.path) }
            let aside = try await list.update([entry("x_009.mp4")])
            if let aside {
                #expect(try MaskSet.bytes(of: aside) == bytes)
                unlink(aside.string)
            }
            #expect(try list.paths().contains("x_009.mp4"))
        }
    }

    @Test func severalAtOnceLoseNothing() async throws {
        let folder = try TemporaryFolder()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 0..<25 {
                        try await DatasetFile(in: folder.path)
                            .update([entry("w\(writer)_\(number + 100).mp4")])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(Set(try DatasetFile(in: folder.path).paths()).count == 200)
        #expect(try Folder.names(in: folder.path) == [DatasetFile.fileName])
    }
}
