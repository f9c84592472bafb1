import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// `8cut batch run` on whole lists.
@Suite struct BatchRunTests {
    @Test func everyRowIsDoneAndItsResultIsPrintedAndWritten() async throws {
        let batch = try BatchSetup()
        for name in ["a", "b", "c"] { try await batch.clip(name) }
        try batch.write([
            BatchSetup.row("a"), BatchSetup.row("b", #""settings": {"invert": true}"#),
            BatchSetup.row("c", #""settings": {"threshold": 100, "invert": false}"#),
        ])

        let run = try await batch.run()

        #expect(run.status == 0, "\(run.errors)")
        let printed = try RowResult.printed(run)
        #expect(printed.keys.sorted() == ["a", "b", "c"])
        for id in printed.keys {
            #expect(try batch.result(id) == printed[id])
            #expect(printed[id]?.status == "done" && printed[id]?.frames == 12)
            let manifest = try batch.masks(id).manifest
            #expect(manifest.complete)
            #expect(printed[id]?.score != nil && printed[id]?.score == manifest.score)
        }
        #expect(try batch.masks("b").manifest.method.settings["invert"] == .flag(true))
        #expect(try batch.masks("c").manifest.method.settings["threshold"] == .number(100))
        #expect(run.errors.contains("clip 3/3"))
        #expect(run.errors.contains("3 of 3 rows done"))
    }

    @Test func masksAreThoseOfTheSingleCommand() async throws {
        let batch = try BatchSetup()
        let clip = try await batch.clip("a")
        try batch.write([BatchSetup.row("a", #""settings": {"threshold": 90}"#)])
        let single = try await Program.run8cut([
            "masks", "saliency", "-i", clip.string, "-o", batch["single"].string, "--threshold",
            "90",
        ])
        #expect(single.status == 0)

        #expect(try await batch.run(["--quiet"]).status == 0)

        let content = try MaskSet.content(of: batch["a_masks"])
        #expect(try content == MaskSet.content(of: batch["single"]))
    }

    @Test func theSameCommandTwiceDoesNoWork() async throws {
        let batch = try BatchSetup()
        for name in ["a", "b"] { try await batch.clip(name) }
        try batch.write([BatchSetup.row("a"), BatchSetup.row("b")])
        let first = try await batch.run()
        let before = try MaskSet.content(of: batch.folder.path)

        // Without ffmpeg nothing can be decoded.
        let second = try await batch.run(environment: ["PATH": "/no-such-folder"])

        #expect(second.status == 0, "\(second.errors)")
        #expect(try RowResult.printed(second) == RowResult.printed(first))
        #expect(try MaskSet.content(of: batch.folder.path) == before)
        #expect(second.errors.contains("all 2 rows were done already"))
    }

    @Test func masksThatAreGoneAndRowsThatHaveChangedAreDoneAgain() async throws {
        let batch = try BatchSetup()
        for name in ["a", "b", "c"] { try await batch.clip(name) }
        try batch.write(["a", "b", "c"].map { BatchSetup.row($0) })
        #expect(try await batch.run().status == 0)
        let lost = batch["a_masks"].appending("frame_0003.png")
        let bytes = try MaskSet.bytes(of: lost)
        unlink(lost.string)
        try batch.write([
            BatchSetup.row("a"), BatchSetup.row("b"),
            BatchSetup.row("c", #""settings": {"threshold": 1, "overwrite": true}"#),
        ])

        let again = try await batch.run()

        #expect(again.status == 0, "\(again.errors)")
        #expect(try MaskSet.bytes(of: lost) == bytes)
        #expect(try batch.masks("c").manifest.method.settings["threshold"] == .number(1))
        #expect(again.errors.contains("1 of them before"))
        #expect(try batch.result("c").attempt == 1)
        #expect(try batch.result("a").attempt == 2)
    }

    @Test func rowsThatCannotBeDoneAreNamedAndTheOthersAreDone() async throws {
        let batch = try BatchSetup()
        for name in ["a", "c"] { try await batch.clip(name) }
        try AtomicFile.write("no video", to: batch["bad.mp4"])
        try batch.write(["a", "gone", "bad", "c"].map { BatchSetup.row($0) })

        let run = try await batch.run()

        #expect(run.status == 65)
        let printed = try RowResult.printed(run)
        #expect(printed["a"]?.status == "done" && printed["c"]?.status == "done")
        #expect(printed["gone"]?.status == "failed")
        #expect(printed["gone"]?.error?.code == "inputMissing")
        #expect(printed["bad"]?.status == "failed")
        #expect(try batch.result("bad") == printed["bad"])
        #expect(
            run.errors.contains("2 failed: 'gone', 'bad'") || run.errors.contains("'bad', 'gone'")
        )

        #expect(try await batch.run(["--allow-failed", "1"]).status == 65)
        #expect(try await batch.run(["--allow-failed", "2"]).status == 0)

        // What has failed is tried again: here the clip has come meanwhile.
        try await batch.clip("gone")
        let later = try await batch.run(["--allow-failed", "1"])
        #expect(later.status == 0)
        #expect(try batch.result("gone").status == "done")
    }

    @Test func aBusyFolderIsToBeTriedAgainAndComesBeforeFailures() async throws {
        let batch = try BatchSetup()
        for name in ["a", "b"] { try await batch.clip(name) }
        try batch.write(["a", "b", "gone"].map { BatchSetup.row($0) })
        try Folder.create(batch["b_masks"])
        let lock = try FolderLock(batch["b_masks"])

        let run = try await batch.run(["--allow-failed", "9"])

        #expect(run.status == 75, "\(run.errors)")
        #expect(try batch.result("a").status == "done")
        #expect(try batch.result("b").status == "again")
        #expect(try batch.result("b").error?.code == "outputBusy")
        #expect(run.errors.contains("1 to try again: 'b'"))
        withExtendedLifetime(lock) {}
    }

    @Test func masksOfOtherSettingsAreAFailureAndStay() async throws {
        let batch = try BatchSetup()
        try await batch.clip("a")
        try batch.write([BatchSetup.row("a")])
        #expect(try await batch.run().status == 0)
        let before = try MaskSet.content(of: batch["a_masks"])
        try batch.write([BatchSetup.row("a", #""settings": {"threshold": 7}"#)])

        let run = try await batch.run()

        #expect(run.status == 65)
        #expect(try batch.result("a").error?.code == "outputDiffers")
        #expect(try MaskSet.content(of: batch["a_masks"]) == before)
    }

    @Test func aDamagedInputWhoseMasksAreMadeIsDone() async throws {
        let batch = try BatchSetup()
        let clip = try await Clip.make(
            batch["a.mp4"],
            seconds: 2,
            encoding: ["-c:v", "libx264", "-g", "12", "-movflags", "+faststart"]
        )
        let size = try #require(FileStatus(following: clip)).bytes
        truncate(clip.string, size * 2 / 3)
        try batch.write([BatchSetup.row("a")])

        let run = try await batch.run()

        #expect(run.status == 0, "\(run.errors)")
        let result = try batch.result("a")
        #expect(result.status == "done")
        #expect(result.error?.code == "inputDamaged")
        #expect(try batch.masks("a").names.count == result.frames)
        #expect(try await batch.run().status == 0)
    }

    @Test func theListCanBeStandardInput() async throws {
        let batch = try BatchSetup()
        try await batch.clip("a")
        try batch.write([BatchSetup.row("a")])

        let run = try await Program.run(
            "sh",
            ["-c", "\"$0\" batch run --list - < list.jsonl", Program.eightCut.string],
            in: batch.folder.path
        )

        #expect(run.status == 0, "\(run.errors)")
        #expect(try batch.result("a").status == "done")
    }

    @Test func aShardDoesItsRowsAndOpensNoOther() async throws {
        let batch = try BatchSetup()
        for name in ["a", "b", "c", "d"] { try await batch.clip(name) }
        try batch.write(["a", "b", "c", "d"].map { BatchSetup.row($0) })

        let first = try await batch.run(["--shard", "0/2"])
        let second = try await batch.run(
            ["--shards", "2"],
            environment: ["JOB_COMPLETION_INDEX": "1"]
        )

        #expect(first.status == 0 && second.status == 0, "\(first.errors) \(second.errors)")
        #expect(try RowResult.printed(first).keys.sorted() == ["a", "b"])
        #expect(try RowResult.printed(second).keys.sorted() == ["c", "d"])
        let wrong = try await batch.run(environment: ["JOB_COMPLETION_INDEX": "1"])
        #expect(wrong.status == 64 && wrong.output.isEmpty)
    }

    @Test func theDoneFileIsWrittenLastAndOnlyWhenAllIsWell() async throws {
        let batch = try BatchSetup()
        try await batch.clip("a")
        try batch.write([BatchSetup.row("a"), BatchSetup.row("gone")])
        let done = batch["done"]
        let options = ["--done", done.string]

        #expect(try await batch.run(options).status == 65)
        #expect(try Folder.kind(of: done) == .missing)
        #expect(try await batch.run(options + ["--allow-failed", "1"]).status == 0)
        #expect(try Folder.kind(of: done) == .file)
        // What it says is not so any more.
        #expect(try await batch.run(options).status == 65)
        #expect(try Folder.kind(of: done) == .missing)

        let inside = try await batch.run(["--done", batch["a_masks"].appending("done").string])
        #expect(inside.status == 64 && inside.errors.contains("outside"))
        try AtomicFile.write("mine", to: done)
        let foreign = try await batch.run(options)
        #expect(foreign.status == 73, "\(foreign.errors)")
        #expect(try MaskSet.bytes(of: done) == Array("mine".utf8))
    }
}
