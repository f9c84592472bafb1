import Files
import SystemPackage
import TestSupport
import Testing

/// `8cut dataset` on clips of a real video.
@Suite(.serialized) struct DatasetCommandTests {
    private struct Bench {
        let folder: TemporaryFolder

        /// Exports clips of 8 seconds, which MMAudio's loader rejects.
        init() async throws {
            folder = try TemporaryFolder()
            let video = try await CounterClip.make(
                folder["video.mp4"],
                rate: "25",
                frames: 300,
                seconds: 12
            )
            for start in ["1", "3"] {
                let result = try await run([
                    "export", "-i", video.string, "--start", start, "--to", "clips", "--name",
                    "dog", "--label", "dog barking", "--preset", "ultrafast",
                ])
                try #require(result.status == 0, "\(result.errors)")
            }
        }

        func run(_ arguments: [String]) async throws -> ProgramResult {
            try await Program.run8cut(
                arguments,
                environment: [
                    "EIGHTCUT_HOME": folder["home"].string, "HOME": folder.path.string,
                ],
                in: folder.path
            )
        }
    }

    @Test func clipsThatDoNotFitAreCutAgain() async throws {
        let bench = try await Bench()
        let options = ["--profile", "mmaudio-16k", "--to", "set"]
        let dry = try await bench.run(["dataset", "export"] + options + ["--dry-run"])
        #expect(dry.status == 0)
        #expect(dry.lines.count { $0.contains("  cut  ") } == 2, "\(dry.output)")
        #expect(try Folder.names(in: bench.folder.path) == ["clips", "home", "video.mp4"])
        let result = try await bench.run(["dataset", "export"] + options)
        #expect(result.status == 0, "\(result.errors)")
        let clip = try await DecodedClip(bench.folder["set"].pushing("videos/dog_001.mp4"))
        #expect(clip.numbers == Array(25..<226))
        let check = try await bench.run(["dataset", "check", "set", "--profile", "mmaudio-16k"])
        #expect(check.status == 0, "\(check.output)")
        #expect(check.output.contains("2 rows, 0 rejected"))
        let again = try await bench.run(["dataset", "export"] + options)
        #expect(again.output.contains("nothing has changed"))
    }

    @Test func aCheckFindsWhatTheLoaderRejects() async throws {
        let bench = try await Bench()
        let set = bench.folder["set"]
        try Folder.create(set.appending("videos"))
        try OpenFolder(set.appending("videos")).add(
            bench.folder["clips"].appending("dog_001.mp4"),
            as: "dog_001.mp4",
            copies: true
        )
        try AtomicFile.write("id\tlabel\ndog_001\tdog\ncat\tNA\n", to: set.appending("test.tsv"))
        let check = try await bench.run([
            "dataset", "check", "set", "--profile", "mmaudio-16k", "--json",
        ])
        #expect(check.status == 65)
        let rows = try LocatedJSON(parsing: Array(check.output.utf8), .strict)
        #expect(
            rows.items?.map { $0["place"]?.string } == ["line 2 of test.tsv", "line 3 of test.tsv"]
        )
        #expect(check.output.contains("last frame begins at 7.96 s"))
        #expect(check.output.contains("there is no clip 'videos/cat.mp4'"))
    }

    @Test func aSelectionOfNothingIsAnError() async throws {
        let bench = try await Bench()
        let options = ["--profile", "plain", "--to", "set"]
        let none = try await bench.run(["dataset", "export", "--label", "cow"] + options)
        #expect(none.status == 66 && none.errors.contains("none that match"))
        let masks = try await bench.run([
            "dataset", "export", "--profile", "foleytune", "--to", "set", "--method", "sam",
        ])
        #expect(masks.status == 64 && masks.errors.contains("leave --method out"))
        let masked = try await bench.run(["dataset", "export", "--method", "sam"] + options)
        #expect(masked.status == 65 && masked.errors.contains("has no masks"))
    }
}
