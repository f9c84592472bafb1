import ClipLibrary
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A list that is given again cuts only what is missing.
@Suite struct ListResumeTests {
    private let bench: ExportBench
    private var list: FilePath { bench.folder["cuts.csv"] }

    init() async throws {
        bench = try ExportBench()
        try await CounterClip.make(bench.folder["video.mp4"], frames: 100, seconds: 4)
    }

    private func export(_ table: String? = nil, _ more: [String] = []) async throws -> ProgramResult
    {
        if let table { try AtomicFile.write(table, to: list) }
        let result = try await bench.run(
            [
                "export", "--list", list.string, "-i", "video.mp4", "--to", "clips", "--name", "a",
                "--duration", "0.4", "--preset", "ultrafast",
            ] + more
        )
        try #require(result.status == 0, "\(result.errors)")
        return result
    }

    private func numbers(_ name: String) async throws -> [Int] {
        try await DecodedClip(bench.clips.appending(name)).numbers
    }

    @Test func whatIsMissingIsCut() async throws {
        _ = try await export("start,label\n1,dog\n@50,\n3,cat\n")
        #expect(unlink(bench.clips.appending("a_002.mp4").string) == 0)
        // A file that has changed is not the clip any more.
        try AtomicFile.write("other", to: bench.clips.appending("a_003.mp4"))
        let again = try await export()
        #expect(again.errors.contains("1 of 3 clips are there already"), "\(again.errors)")
        #expect(again.output.contains("2 clips in"), "\(again.output)")
        #expect(try bench.names == ["a_001.mp4", "a_003.mp4", "a_004.mp4", "a_005.mp4"])
        #expect(try await numbers("a_004.mp4") == Array(50..<60))
        #expect(try await numbers("a_005.mp4") == Array(75..<85))
        // The video has another place, and the list one more row and another label.
        #expect(rename(bench.folder["video.mp4"].string, bench.folder["b.mp4"].string) == 0)
        let more = try await export(
            "start;label\n1;bark\n2;\n3;cat\n0,5;new\n",
            ["-i", "b.mp4"]
        )
        #expect(more.errors.contains("3 of 4 clips are there already"), "\(more.errors)")
        #expect(more.errors.contains("Clip 1 has another label"), "\(more.errors)")
        #expect(try bench.names.count == 5)
        let other = try await export(nil, ["-i", "b.mp4", "--crf", "30"])
        #expect(!other.errors.contains("already") && !other.errors.contains("repeats"))
        #expect(try bench.names.count == 9)
        let forced = try await export(nil, ["-i", "b.mp4", "--again"])
        #expect(forced.output.contains("4 clips in") && !forced.errors.contains("already"))
        let lines = forced.errors.split(separator: "\n").filter { $0.contains("repeats") }
        #expect(lines.count == 1 && lines[0].contains("So do 3 more"), "\(forced.errors)")
    }

    /// Two equal rows are two clips; siblings keep the number that they share.
    @Test func equalRowsAndSiblings() async throws {
        _ = try await export("start,label\n1,dog\n1,bark\n")
        #expect(try bench.names == ["a_001.mp4", "a_002.mp4"])
        let again = try await export("start,label\n1,bark\n1,dog\n1,\n")
        #expect(again.errors.contains("2 of 3 clips are there already"), "\(again.errors)")
        #expect(!again.errors.contains("another label") && again.output.contains("1 clip in"))
        _ = try await export("start\n0\n", ["--count", "3", "--spread", "0.4", "--name", "s"])
        #expect(unlink(bench.clips.appending("s_001_1.mp4").string) == 0)
        let sibling = try await export(nil, ["--count", "3", "--spread", "0.4", "--name", "s"])
        #expect(sibling.errors.contains("2 of 3 clips are there already"), "\(sibling.errors)")
        #expect(try bench.names.suffix(3) == ["s_001_0.mp4", "s_001_1.mp4", "s_001_2.mp4"])
        #expect(try await numbers("s_001_1.mp4") == Array(10..<20))
        // A person who asks for one clip again gets it.
        let single = try await bench.run([
            "export", "-i", "video.mp4", "-s", "1", "--to", "clips", "--name", "a", "--duration",
            "0.4", "--preset", "ultrafast",
        ])
        #expect(single.status == 0 && single.errors.contains("repeats"), "\(single.errors)")
    }

    /// What the library writes is a list, as CSV and as JSON; so is `dataset.json`.
    @Test func listsOfTheLibraryAreRead() async throws {
        _ = try await export(
            "start,name,label,category\n1,x,\"\"\"big\"\" dog, =1\",Animal\n@30,,,\n"
        )
        let dataset = bench.clips.appending(DatasetFile.fileName)
        let written = try [
            ("csv", await bench.run(["library", "export", "--csv"]).output),
            ("json", await bench.run(["library", "export"]).output),
            ("dataset", String(decoding: MaskSet.bytes(of: dataset), as: UTF8.self)),
        ]
        let before = try DatasetFile(in: bench.clips).entries()
        for (form, table) in written {
            try AtomicFile.write(table, to: list)
            let arguments = ["export", "--list", list.string, "--preset", "ultrafast", "--to"]
            let again = try await bench.run(arguments + ["clips"])
            #expect(again.status == 0, "\(form): \(again.errors)")
            #expect(again.errors.contains("2 of 2 clips are there already"), "\(again.errors)")
            let other = try await bench.run(arguments + [form])
            #expect(other.status == 0 && other.errors.isEmpty, "\(form): \(other.errors)")
            let after = try DatasetFile(in: bench.folder[form]).entries()
            #expect(after.map(Self.values).sorted() == before.map(Self.values).sorted())
        }
    }

    private static func values(_ entry: DatasetEntry) -> String {
        let texts = [entry.path, entry.label, entry.category, entry.source]
        return texts.joined(separator: "\n") + " \(entry.start) \(entry.duration)"
    }

    @Test func startsOfEditorsAndSubtitles() async throws {
        _ = try await export("start;end\n0:00:01:05;\n00:00:02,000;00:00:02,400\n.4;\n")
        #expect(try await numbers("a_001.mp4") == Array(30..<40))
        #expect(try await numbers("a_002.mp4") == Array(50..<60))
        #expect(try await numbers("a_003.mp4") == Array(10..<20))
        for (start, why) in [("0:00:01;05", "drop-frame"), ("0:00:01:25", "has no frame 25")] {
            let result = try await bench.run([
                "export", "-i", "video.mp4", "-s", start, "--to", "clips", "--name", "a",
            ])
            #expect(result.status == 64 && result.errors.contains(why), "\(result.errors)")
        }
        for name in [" ", "\u{3000}"] {
            let result = try await bench.export(bench.folder["video.mp4"], "1", ["--name", name])
            #expect(result.status == 64 && result.errors.contains("it is blank"))
        }
        let long = String(repeating: "é", count: 66)
        let result = try await bench.export(bench.folder["video.mp4"], "1", ["--name", long])
        #expect(result.errors.contains("it has 132 bytes, and may have 130"), "\(result.errors)")
    }
}
