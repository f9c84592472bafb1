import Files
import SystemPackage
import TestSupport
import Testing

/// `8cut library import`, the program.
@Suite struct LibraryImportTests {
    private static func run(
        _ arguments: [String],
        _ bench: ImportBench
    ) async throws -> ProgramResult {
        try await Program.run8cut(
            ["library"] + arguments,
            environment: [
                "EIGHTCUT_HOME": bench.folder["home"].string, "HOME": bench.folder.path.string,
            ],
            in: bench.folder.path
        )
    }

    @Test func theDatabaseIsImported() async throws {
        let bench = try await ImportBench()
        try bench.add("video.mp4", "out/dog_001_m1_0.mp4")
        let video = bench.path("video.mp4").string
        let database = try bench.database([
            .init(path: bench.path("out/dog_001_m1_0.mp4").string, source: video),
            .init(path: bench.path("out/gone_001.mp4").string, source: video),
        ])
        let options = ["import", "--from-8cut", database.string]
        let dry = try await Self.run(options + ["--dry-run"], bench)
        #expect(dry.status == 65 && dry.output.contains("1 clip imported, 0 known already"))
        #expect(dry.lines.contains { $0.contains("  reject  ") && $0.contains("no such file") })
        #expect(try Folder.kind(of: bench.folder["home"]) == .missing)
        #expect(try Folder.names(in: bench.path("out")) == ["dog_001_m1_0.mp4"])
        let result = try await Self.run(options, bench)
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("row 2") && result.errors.contains("no such file"))
        #expect(result.output.contains("1 clip imported, 0 known already, 1 rejected"))
        let list = try await Self.run(["list", "--csv"], bench)
        #expect(list.output.contains("dog_001_m1_0.mp4,dog,Animal,\(video),1.5"), "\(list.output)")
        let check = try await Self.run(["check"], bench)
        #expect(check.status == 0 && check.output.contains("all is as it should be"))
        let again = try await Self.run(options + ["--dry-run", "--json"], bench)
        let rows = try LocatedJSON(parsing: Array(again.output.utf8), .strict)
        #expect(rows.items?.map { $0["action"]?.string } == ["known", "reject"])
    }

    @Test func aListIsImported() async throws {
        let bench = try await ImportBench()
        try bench.add("set/dog_001.mp4")
        let list = bench.path("set/dataset.json")
        try AtomicFile.write(
            "[{\"path\": \"dog_001.mp4\", \"label\": \"dog\", \"mine\": 7}]",
            to: list
        )
        let result = try await Self.run(["import", "--dataset", list.string], bench)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("1 clip imported"))
        let text = String(decoding: try MaskSet.bytes(of: list), as: UTF8.self)
        #expect(text.contains("\"mine\": 7") && text.contains("\"label\": \"dog\""))
    }

    @Test func otherFilesAreErrors() async throws {
        let bench = try await ImportBench()
        try AtomicFile.write("no database", to: bench.path("text"))
        let damaged = try await Self.run(["import", "--from-8cut", "text"], bench)
        #expect(damaged.status == 65 && damaged.errors.contains("no SQLite database"))
        let missing = try await Self.run(["import", "--from-8cut", "none"], bench)
        #expect(missing.status == 66)
        let list = try await Self.run(["import", "--dataset", "text"], bench)
        #expect(list.status == 65 && list.errors.contains("no JSON list"))
        #expect(try await Self.run(["import"], bench).status == 64)
        let both = ["import", "--dataset", "a", "--from-8cut", "b"]
        #expect(try await Self.run(both, bench).status == 64)
        #expect(try Folder.kind(of: bench.folder["home"]) == .missing)
    }
}
