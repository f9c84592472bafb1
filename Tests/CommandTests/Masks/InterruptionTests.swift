import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Runs that are ended from outside, at many moments, and resumed.
@Suite(.serialized) struct InterruptionTests {
    /// A clip that takes long enough to be interrupted, and what an undisturbed run makes of it.
    private struct Reference {
        let folder: TemporaryFolder
        let clip: FilePath
        let content: [String: [UInt8]]
    }

    private static let reference = Task {
        let folder = try TemporaryFolder()
        // Two windows of the analysis.
        let clip = try await Clip.make(folder["clip.mp4"], size: (640, 360), seconds: 10)
        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        #expect(result.status == 0)
        let content = try MaskSet.content(of: folder["clip_masks"])
        #expect(content.count == 241)
        return Reference(folder: folder, clip: clip, content: content)
    }

    @Test(arguments: [0, 1, 20, 60, 110, 150, 200])
    func killedRunResumesAndEndsWithTheSameBytes(masks: Int) async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let arguments = [
            "masks", "saliency", "-i", reference.clip.string, "-o", folder["masks"].string,
        ]

        let killed = try await Program.run8cut(arguments) { process in
            try await waitForMasks(masks, in: folder["masks"])
            kill(process, SIGKILL)
        }
        // One that is nearly done may be done before the signal comes.
        #expect(killed.status == 128 + SIGKILL || killed.status == 0 && masks > 60)
        let again = try await Program.run8cut(arguments)

        #expect(again.status == 0, "\(again.errors)")
        let content = try MaskSet.content(of: folder["masks"])
        #expect(content == reference.content)
        try await expectNoChildReads(reference.clip)
    }

    @Test func aRunThatIsKilledOftenStillGetsDone() async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let arguments = [
            "masks", "saliency", "-i", reference.clip.string, "-o", folder["masks"].string,
        ]

        for round in 0..<4 {
            let killed = try await Program.run8cut(arguments) { process in
                try await waitForMasks(1 + 12 * round, in: folder["masks"])
                kill(process, SIGKILL)
            }
            #expect(killed.status == 128 + SIGKILL, "the run ended before it was killed")
        }
        let last = try await Program.run8cut(arguments)

        #expect(last.status == 0, "\(last.errors)")
        let content = try MaskSet.content(of: folder["masks"])
        #expect(content == reference.content)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalStopsSoonAndKeepsWhatIsDone(signal: Int32) async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let arguments = [
            "masks", "saliency", "-i", reference.clip.string, "-o", folder["masks"].string,
        ]
        let clock = ContinuousClock()
        let signalled = Moment()

        let result = try await Program.run8cut(arguments) { process in
            try await waitForMasks(5, in: folder["masks"])
            signalled.set(clock.now)
            kill(process, signal)
        }
        let stopTime = signalled.get().map { $0.duration(to: clock.now) }

        #expect(result.status == 128 + signal)
        #expect(try #require(stopTime) < Program.stopLimit)
        #expect(result.errors.contains("same command again"))
        let masks = try MaskSet(folder["masks"])
        #expect(!masks.manifest.complete)
        #expect(masks.manifest.frameCount >= 5)
        #expect(masks.manifest.frames.count == masks.manifest.frameCount)
        for index in 0..<masks.manifest.frameCount {
            let name = masks.names[index]
            let bytes = try MaskSet.bytes(of: folder["masks"].appending(name))
            #expect(bytes == reference.content[name])
        }
        try await expectNoChildReads(reference.clip)

        let again = try await Program.run8cut(arguments)
        #expect(again.status == 0, "\(again.errors)")
        let first = try #require(again.lines.first { $0.hasPrefix("frame ") })
        #expect(first == "frame \(masks.manifest.frameCount + 1)/240", "it starts over")
        let content = try MaskSet.content(of: folder["masks"])
        #expect(content == reference.content)
    }

    @Test func masksThatAreDamagedOrMissingAreMadeAgain() async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        let arguments = ["masks", "saliency", "-i", reference.clip.string, "-o", output.string]
        _ = try await Program.run8cut(arguments)

        truncate(output.appending("frame_0100.png").string, 50)
        unlink(output.appending("frame_0150.png").string)
        // A mask of another frame is undamaged, but not the one that the manifest describes.
        try AtomicFile.rename(
            output.appending("frame_0180.png"),
            to: output.appending("frame_0090.png")
        )
        let result = try await Program.run8cut(arguments)

        #expect(result.status == 0)
        let content = try MaskSet.content(of: output)
        #expect(content == reference.content)
    }

    @Test func aClosedReaderEndsTheRun() async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()

        let result = try await Program.run(
            "sh",
            [
                "-c", "\"$0\" masks saliency -i \"$1\" -o \"$2\" --progress plain | head -n 1",
                Program.eightCut.string, reference.clip.string, folder["masks"].string,
            ]
        )

        #expect(result.output == "frame 1/240\n")
        #expect(try !MaskSet(folder["masks"]).manifest.complete)
        try await expectNoChildReads(reference.clip)
    }

    @Test func aSecondRunOnTheSameFolderIsRefused() async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let arguments = [
            "masks", "saliency", "-i", reference.clip.string, "-o", folder["masks"].string,
        ]

        let first = try await Program.run8cut(arguments) { process in
            try await waitForMasks(2, in: folder["masks"])
            kill(process, SIGSTOP)
            defer { kill(process, SIGCONT) }
            let second = try await Program.run8cut(arguments)
            #expect(second.status == 75)
            #expect(second.errors.contains("another run"))
        }

        #expect(first.status == 0)
        let content = try MaskSet.content(of: folder["masks"])
        #expect(content == reference.content)
    }

    /// Fails when a process still has the file on its command line a second after the run.
    private func expectNoChildReads(_ path: FilePath) async throws {
        for _ in 0..<20 {
            let list = try await Program.run("ps", ["-eo", "args"])
            if !list.lines.contains(where: { $0.hasPrefix("ff") && $0.contains(path.string) }) {
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("a child process is left behind")
    }
}
