import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Runs of lists that are ended from outside.
@Suite(.serialized) struct BatchInterruptionTests {
    /// A row that takes a while, after one that does not.
    private static func batch() async throws -> BatchSetup {
        let batch = try BatchSetup()
        try await batch.clip("a")
        try await batch.clip("b", seconds: 10, size: (640, 360))
        try batch.write([BatchSetup.row("a"), BatchSetup.row("b")])
        return batch
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func aSignalIsToBeTriedAgainAndLosesNothing(signal: Int32) async throws {
        let batch = try await Self.batch()
        let clock = ContinuousClock()
        let signalled = Moment()

        let run = try await batch.run { process in
            try await waitForFile(batch["results"].appending("a.json"))
            try await waitForMasks(5, in: batch["b_masks"])
            signalled.set(clock.now)
            kill(process, signal)
        }
        let time = signalled.get().map { $0.duration(to: clock.now) }

        #expect(run.status == 75, "\(run.errors)")
        #expect(try #require(time) < Program.stopLimit)
        #expect(try batch.result("a").status == "done")
        #expect(try batch.result("b").status == "again")
        let count = try batch.masks("b").manifest.frameCount
        #expect(count >= 5)

        let again = try await batch.run()
        #expect(again.status == 0, "\(again.errors)")
        #expect(try batch.result("b").attempt == 2)
        #expect(try batch.masks("b").manifest.complete)
    }

    @Test func aKilledChildIsToBeTriedAgain() async throws {
        let batch = try await Self.batch()

        let run = try await batch.run { process in
            try await waitForMasks(5, in: batch["b_masks"])
            let list = try await Program.run("ps", ["-eo", "pid,args"])
            let children = list.lines.map { $0.split(separator: " ") }.filter { words in
                words.count > 1 && words[1].hasSuffix("ffmpeg")
                    && words.contains { $0.hasSuffix(batch["b.mp4"].string) }
            }
            #expect(!children.isEmpty)
            for child in children { kill(try #require(pid_t(child[0])), SIGKILL) }
        }

        #expect(run.status == 75, "\(run.errors)")
        #expect(try batch.result("a").status == "done")
        #expect(try batch.result("b").status == "again")
        #expect(try batch.result("b").error?.code == "toolFailed")
        let again = try await batch.run()
        #expect(again.status == 0, "\(again.errors)")
    }

    @Test func aClosedReaderIsToBeTriedAgain() async throws {
        let batch = try await Self.batch()

        let run = try await Program.run(
            "sh",
            [
                "-c", "{ \"$0\" batch run --list list.jsonl; echo $? > status; } | head -n 0",
                Program.eightCut.string,
            ],
            in: batch.folder.path
        )

        #expect(run.output.isEmpty)
        #expect(try MaskSet.bytes(of: batch["status"]) == Array("75\n".utf8))
    }

    @Test func aKilledRunGoesOnWhereItWas() async throws {
        let batch = try await Self.batch()
        let whole = try await Program.run8cut([
            "masks", "saliency", "-i", batch["b.mp4"].string, "-o", batch["whole"].string,
        ])
        #expect(whole.status == 0)

        let run = try await batch.run { process in
            try await waitForMasks(20, in: batch["b_masks"])
            kill(process, SIGKILL)
        }
        #expect(run.status == 128 + SIGKILL)
        let early = try #require(
            FileStatus(following: batch["b_masks"].appending("frame_0000.png"))
        )
        let again = try await batch.run()

        #expect(again.status == 0, "\(again.errors)")
        let content = try MaskSet.content(of: batch["b_masks"])
        #expect(try content == MaskSet.content(of: batch["whole"]))
        let late = try #require(
            FileStatus(following: batch["b_masks"].appending("frame_0000.png"))
        )
        #expect(late.identity == early.identity, "the first mask was made again")
    }
}
