import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// SAM 2 runs that are ended from outside, in both directions, and resumed.
@Suite(.serialized) struct SamInterruptionTests {
    /// A clip, how masks are made of it, and what an undisturbed run has made: two objects that
    /// begin late, one with a correction.
    private struct Reference: Sendable {
        static let options = [
            "--point", "30,30@40", "--box", "60,10,110,60@100#2", "--point", "90,40@110#2",
            "--objects", "separate",
        ]
        let folder: TemporaryFolder
        let clip: FilePath
        let content: [String: [UInt8]]

        init() async throws {
            folder = try TemporaryFolder()
            clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), seconds: 5.5)
            try await SamRun.masks(clip, to: folder["masks"], Self.options)
            content = try MaskSet.content(of: folder["masks"])
        }

        func run(
            to output: FilePath,
            _ options: [String] = [],
            whileRunning: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
        ) async throws -> ProgramResult {
            try await Program.run8cut(
                SamRun.arguments(clip, to: output, Self.options + options),
                environment: TestTools.environment,
                whileRunning: whileRunning
            )
        }
    }

    private static let reference = Task { try await Reference() }

    /// The number in the first line of progress.
    private func firstFrame(_ result: ProgramResult) throws -> Int {
        let line = try #require(result.lines.first { $0.hasPrefix("frame ") })
        return try #require(Int(line.dropFirst("frame ".count).prefix { $0 != "/" }))
    }

    /// Masks of the second object that wait: 100 when all do.
    private func waiting(_ output: FilePath) -> Int {
        let folder = output.appending(".8cut-work").appending("object_2")
        return ((try? Folder.names(in: folder)) ?? []).count { $0.hasSuffix(".logits") }
    }

    private func wait(_ output: FilePath, masks: Int, waiting count: Int) async throws {
        try await eventually("\(count) waiting and \(masks) written masks") {
            waiting(output) >= count
        }
        try await waitForMasks(masks, in: output)
    }

    /// In reverse, just when that ends, and at several moments of the forward direction.
    @Test(arguments: [(0, 1), (0, 99), (104, 100)])
    func aKilledRunResumesAndEndsWithTheSameBytes(masks: Int, reverse: Int) async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        let begin = time(nil)
        let killed = try await reference.run(to: output) { process in
            try await wait(output, masks: masks, waiting: reverse)
            kill(process, SIGKILL)
        }
        #expect(killed.status == 128 + SIGKILL)
        // The saved state is not older than what may be lost.
        var state = stat()
        stat(output.appending(".8cut-work").appending("state.plist").string, &state)
        #expect(time(nil) - max(begin, state.st_mtim.tv_sec) <= 10)

        let again = try await reference.run(to: output)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try MaskSet.content(of: output) == reference.content)
    }

    @Test(arguments: [(0, 70), (20, 100), (90, 100)])
    func ctrlCLosesNothingButTheFrameInWork(masks: Int, reverse: Int) async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        let clock = ContinuousClock()
        let signalled = Moment()
        let stopped = try await reference.run(to: output) { process in
            try await wait(output, masks: masks, waiting: reverse)
            signalled.set(clock.now)
            kill(process, SIGINT)
        }
        let stopTime = signalled.get().map { $0.duration(to: clock.now) }
        #expect(stopped.status == 130 && stopped.errors.contains("same command again"))
        #expect(try #require(stopTime) < Program.stopLimit)
        let done = try MaskSet(output).manifest.frameCount
        let behind = waiting(output)
        // What the model has seen need not be shown to it again.
        let next = try SamRun.nextFrame(of: output)
        #expect(next == (masks == 0 ? ["backward": 99 - behind] : ["forward": done]))

        let again = try await reference.run(to: output)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try MaskSet.content(of: output) == reference.content)
        // Each of the 100 frames in reverse and 92 forward is a step, and the
        // bar shows them as parts of 132 frames.
        let steps = masks == 0 ? behind : 100 + max(0, done - 40)
        #expect(try firstFrame(again) >= max(done, 132 * steps / 192), "it starts over")
    }

    @Test func aRunThatIsKilledOftenStillGetsDone() async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        for (count, signal) in [(5, SIGKILL), (40, SIGINT), (70, SIGKILL), (90, SIGINT)] {
            let ended = try await reference.run(to: output) { process in
                try await wait(output, masks: 0, waiting: count)
                kill(process, signal)
            }
            #expect(ended.status == 128 + signal, "the run ended before it was stopped")
        }
        let last = try await reference.run(to: output)
        #expect(last.status == 0, "\(last.errors)")
        #expect(try MaskSet.content(of: output) == reference.content)
    }

    @Test func aKilledOverwriteKeepsTheOldMasksAndIsResumed() async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        try await SamRun.masks(reference.clip, to: output, ["--objects", "labels"])
        let before = try MaskSet.content(of: output)
        let staging = output.appending(".8cut-staging")
        for (masks, reverse) in [(0, 50), (8, 100)] {
            let killed = try await reference.run(to: output, ["--overwrite"]) { process in
                try await wait(staging, masks: masks, waiting: reverse)
                kill(process, SIGKILL)
            }
            #expect(killed.status == 128 + SIGKILL)
            let visible = try MaskSet.content(of: output).filter { !$0.key.hasPrefix(".8cut-") }
            #expect(visible == before)
        }
        let again = try await reference.run(to: output, ["--overwrite"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try MaskSet.content(of: output) == reference.content)
    }
}
