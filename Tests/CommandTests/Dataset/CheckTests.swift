import Files
import SystemPackage
import TestSupport
import Testing

/// What `8cut dataset check` writes where.
@Suite(.serialized) struct CheckTests {
    /// A data set for MMAudio of two clips, of which the table has one, and one that is not there.
    private static func damagedSet() async throws -> DatasetRun {
        let run = try await DatasetRun(clips: 2)
        let result = try await run.export("mmaudio-16k", ["-q"])
        try #require(result.status == 0, "\(result.errors)")
        try AtomicFile.write(
            "id\tlabel\ndog_001\tdog\ncow\tcow\n",
            to: run.folder["set"].appending("train.tsv")
        )
        return run
    }

    private static func check(_ run: DatasetRun, _ options: [String]) async throws -> ProgramResult
    {
        try await run.eightCut(["dataset", "check", "set", "--profile", "mmaudio-16k"] + options)
    }

    @Test func theResultIsWrittenAndProgressGoesElsewhere() async throws {
        let run = try await Self.damagedSet()
        let result = try await Self.check(run, [])
        #expect(result.status == 65)
        #expect(result.lines.first?.hasPrefix("PLACE") == true, "\(result.output)")
        #expect(result.lines.last == "3 rows, 2 rejected")
        #expect(result.errors.contains("clip 2/2") && result.errors.contains("rows checked in"))
        // 8cut wrote the data set: it can write it again.
        #expect(result.output.contains("8cut dataset export --profile mmaudio-16k --to "))
        let quiet = try await Self.check(run, ["--quiet"])
        #expect(quiet.status == 65 && quiet.errors.isEmpty, "\(quiet.errors)")
        #expect(quiet.output == result.output)
        let bar = try await Self.check(run, ["--progress", "bar"])
        #expect(bar.output == result.output && bar.errors.contains("dataset check"))
    }

    @Test func rowsAreJSONWithRemedies() async throws {
        let run = try await Self.damagedSet()
        let result = try await Self.check(run, ["--json", "-q"])
        #expect(result.status == 65)
        let rows = try #require(
            try LocatedJSON(parsing: Array(result.output.utf8), .strict).items
        )
        #expect(rows.map { $0["clip"]?.string } == ["videos/cow.mp4", "videos/dog_002.mp4"])
        for row in rows {
            let rejections = row["rejections"]?.items ?? []
            #expect(!rejections.isEmpty && rejections.allSatisfy { $0["remedy"]?.string != nil })
        }
    }

    @Test func eventsStandAlone() async throws {
        let run = try await Self.damagedSet()
        let result = try await Self.check(run, ["--progress", "json"])
        #expect(result.status == 65 && result.errors.isEmpty, "\(result.errors)")
        let events = try result.lines.map { try LocatedJSON(parsing: Array($0.utf8), .strict) }
        let names = events.compactMap { $0["event"]?.string }
        #expect(names.first == "started" && names.last == "finished", "\(names)")
        #expect(names.contains("progress") && names.contains("output"))
        #expect(events.last?["exitStatus"]?.integer == 65)
        let progress = events.last { $0["event"]?.string == "progress" }
        #expect(progress?["done"]?.integer == 2 && progress?["total"]?.integer == 2)
        #expect(progress?["unit"]?.string == "clip" && progress?["secondsLeft"] != nil)
    }

    @Test func aFolderThatIsNotThereIsAnErrorWithARemedy() async throws {
        let run = try await DatasetRun(clips: 1, duration: "0.4")
        let result = try await run.eightCut(["dataset", "check", "gone", "--profile", "hf"])
        #expect(result.status == 66 && result.output.isEmpty)
        #expect(result.errors.contains("there is no such folder"))
        #expect(result.errors.contains("Give the folder that has the tables"))
    }
}
