import BatchList
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// What `8cut batch plan` does not take, and what it leaves as it was.
@Suite struct PlanErrorTests {
    /// The status and the message, and that nothing is written.
    private func fault(
        _ bench: PlanBench,
        _ arguments: [String],
        _ status: Int32,
        _ texts: String...
    ) async throws {
        let result = try await bench.plan(arguments + ["--output", "list.jsonl"])
        #expect(result.status == status, "\(arguments): \(result.errors)")
        for text in texts { #expect(result.errors.contains(text), "\(result.errors)") }
        #expect(FileStatus(following: bench["list.jsonl"]) == nil)
    }

    @Test func optionsThatDoNotGoTogether() async throws {
        let bench = try PlanBench()
        for (arguments, text) in [
            (["--method", "flow"], "flow"), (["--cuts", "a.csv"], "--to"),
            (["--folder", "a", "--dataset", "b"], "exclude"),
            (["--folder", "a", "--label", "x"], "--label selects clips of the library"),
            (["--folder", "a", "--name", "x"], "--name is for --cuts"),
            (["--set", "thresold=1"], "--set"), (["--set", "threshold=300"], "--set"),
            (["--set", "output=x"], "no setting"), (["--set", "=x"], "--set =x"),
            (["--set", "threshold=1", "--set", "threshold=2"], "once"),
            (["--prompts", "p.json"], "--prompts is for --method sam"),
            (["--method", "depth", "--set", "device=auto"], "device=auto"),
            (["--limit", "0"], "--limit"),
            (["--cuts", "a", "--to", "o", "--profile", "x"], "--profile x"),
            (
                ["--cuts", "a", "--to", "o", "--profile", "saganet", "--duration", "3"],
                "--duration"
            ),
        ] {
            try await fault(bench, arguments, 64, text)
        }
        let json = try await bench.plan(["--output", "-", "--progress", "json"])
        #expect(json.status == 64)
    }

    @Test func nothingToPlan() async throws {
        let bench = try PlanBench()
        try await fault(bench, [], 66, "the library has none", "--folder")
        try await bench.addClips(1, label: "dog")
        try await fault(bench, ["--label", "cat"], 66, "the library has none that match")
        try await fault(bench, ["--folder", "gone"], 66, "no such folder")
        try bench.write("empty/notes.txt")
        try await fault(bench, ["--folder", "empty"], 66, "ending of a video")
        try await fault(bench, ["--dataset", "empty"], 66, "dataset.json")
        try bench.write("empty/dataset.json", "[]")
        try await fault(bench, ["--dataset", "empty"], 66, "lists none")
        try bench.write("empty/dataset.json", "[{")
        try await fault(bench, ["--dataset", "empty"], 65, "damaged")
    }

    @Test func tablesWithMistakes() async throws {
        let bench = try PlanBench()
        let cuts = ["--cuts", "cuts.csv", "--to", "out"]
        try await fault(bench, cuts, 66, "cuts.csv")
        try bench.write("cuts.csv", "input,start\nv.mp4,1\nv.mp4,soon\n")
        try await fault(bench, cuts, 64, "line 3", "soon")
        try bench.write("cuts.csv", "start,name\n1,a\n")
        try await fault(bench, cuts, 64, "line 2", "no input")
        try bench.write("cuts.csv", "input,start,name\nv.mp4,1,a/b\n")
        try await fault(bench, cuts, 64, "line 2 of cuts.csv", "slashes")
    }

    @Test func missingOrWrongPrompts() async throws {
        let bench = try PlanBench()
        try await bench.addClips(2)
        try bench.write("p/dog_001.json", "{}")
        try await fault(bench, ["--method", "sam", "--prompts", "p"], 66, "dog_002.json")
        try await fault(bench, ["--method", "sam", "--prompts", "none.json"], 66, "none.json")
        try bench.write("bad.json", "{")
        let bad = try await bench.plan(["--method", "sam", "--prompts", "bad.json", "-o", "l"])
        #expect(bad.status == 64 || bad.status == 65, "\(bad.errors)")
    }

    @Test func twoVideosWithOnePlaceForTheirMasks() async throws {
        let bench = try PlanBench()
        for name in ["v/a.mp4", "v/a.mkv"] { try bench.write(name) }
        try await fault(
            bench,
            ["--folder", "v", "--no-probe"],
            64,
            "line 2: 'output' is what line 1 writes too",
            "--to"
        )
        let rows = try await bench.rows(["--folder", "v", "--no-probe", "--to", "m"])
        #expect(rows.map(\.id) == ["a", "a-2"])
    }

    /// Its row says the same when it is worked on, and the others are not held up.
    @Test func aVideoThatCannotBeReadIsWarnedOf() async throws {
        let bench = try PlanBench()
        try bench.write("v/a.mp4", "no video")
        try await Clip.make(bench["v/b.mp4"], size: (64, 36), seconds: 0.5)
        let result = try await bench.plan(["--folder", "v", "--output", "list.jsonl"])
        #expect(result.status == 0)
        #expect(result.errors.contains("a.mp4"), "\(result.errors)")
        let list = try BatchList(bench["list.jsonl"].string)
        #expect(try (0..<2).map { try list.row($0).frames } == [nil, 12])
    }

    @Test func onlyListsAreReplaced() async throws {
        let bench = try PlanBench()
        try await bench.addClips(1)
        for (name, text) in [("film.mp4", "video"), ("cuts.csv", "start\n1\n")] {
            try bench.write(name, text)
            let result = try await bench.plan(["--output", name])
            #expect(result.status == 73, "\(result.errors)")
            #expect(result.errors.contains("no list of rows"), "\(result.errors)")
            #expect(try SmallFile.read(bench[name], limit: 99) == Array(text.utf8))
        }
        for name in ["new.jsonl", "new.jsonl"] { _ = try await bench.rows([], name) }
        let before = try SmallFile.read(bench["new.jsonl"], limit: 9999)
        let failed = try await bench.plan(["--label", "cat", "--output", "new.jsonl"])
        #expect(failed.status == 66)
        #expect(try SmallFile.read(bench["new.jsonl"], limit: 9999) == before)
        let missing = try await bench.plan(["--output", "no/folder/list.jsonl"])
        #expect(missing.status == 74 || missing.status == 73, "\(missing.errors)")
    }

    @Test func withoutFFprobeNothingIsWritten() async throws {
        let bench = try PlanBench()
        try bench.write("v/a.mp4", "no video")
        let result = try await Program.run8cut(
            ["batch", "plan", "--folder", "v", "--method", "saliency", "-o", "list.jsonl"],
            environment: ["PATH": "/none", "EIGHTCUT_HOME": bench["home"].string],
            in: bench.folder.path
        )
        #expect(result.status == 69, "\(result.errors)")
        #expect(FileStatus(following: bench["list.jsonl"]) == nil)
    }
}
