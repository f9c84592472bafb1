import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Depth runs that are ended from outside and resumed.
@Suite(.serialized) struct DepthInterruptionTests {
    /// How a clip is made masks of, and what an undisturbed run has made.
    private struct Reference: Sendable {
        let options: [String]
        let folder: TemporaryFolder
        let clip: FilePath
        let content: [String: [UInt8]]

        init(_ options: [String]) async throws {
            self.options = options
            folder = try TemporaryFolder()
            clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 24)
            try await DepthRun.masks(clip, to: folder["masks"], options)
            content = try MaskSet.content(of: folder["masks"])
        }

        func arguments(to output: FilePath) -> [String] {
            DepthRun.arguments(clip, to: output, options)
        }
    }

    /// The resolution makes a frame take long enough to be interrupted.
    private static let plain = Task {
        try await Reference(["--save-depth", "--resolution", "700"])
    }
    private static let steady = Task {
        try await Reference(["--save-depth", "--resolution", "700", "--steady"])
    }

    @Test(arguments: [0, 12])
    func aKilledRunResumesAndEndsWithTheSameBytes(masks: Int) async throws {
        try await killAndResume(try await Self.plain.value, after: masks)
    }

    @Test(arguments: [1, 14])
    func aKilledSteadyRunResumesAndEndsWithTheSameBytes(masks: Int) async throws {
        let reference = try await Self.steady.value
        #expect(reference.content.keys.count { $0.hasPrefix("frame_") } == 24)
        #expect(reference.content.keys.count { $0.hasPrefix("depth/frame_") } == 24)
        let plain = try await Self.plain.value
        #expect(reference.content["frame_0020.png"] != nil && reference.content != plain.content)
        try await killAndResume(reference, after: masks)
    }

    private func killAndResume(_ reference: Reference, after masks: Int) async throws {
        let folder = try TemporaryFolder()
        let arguments = reference.arguments(to: folder["masks"])
        let killed = try await Program.run8cut(
            arguments,
            environment: TestTools.environment
        ) { process in
            try await waitForMasks(masks, in: folder["masks"])
            kill(process, SIGKILL)
        }
        #expect(killed.status == 128 + SIGKILL)

        let again = try await Program.run8cut(arguments, environment: TestTools.environment)

        #expect(again.status == 0, "\(again.errors)")
        #expect(try MaskSet.content(of: folder["masks"]) == reference.content)
    }

    @Test func aKilledOverwriteKeepsTheOldMasksAndIsResumed() async throws {
        let reference = try await Self.plain.value
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        try await DepthRun.masks(reference.clip, to: output, ["--invert"])
        let before = try MaskSet.content(of: output)
        let arguments = reference.arguments(to: output) + ["--overwrite"]

        let killed = try await Program.run8cut(
            arguments,
            environment: TestTools.environment
        ) { process in
            try await waitForMasks(8, in: output.appending(".8cut-staging"))
            kill(process, SIGKILL)
        }
        #expect(killed.status == 128 + SIGKILL)
        let visible = try MaskSet.content(of: output).filter { !$0.key.hasPrefix(".8cut-") }
        #expect(visible == before)

        let again = try await Program.run8cut(arguments, environment: TestTools.environment)
        #expect(again.status == 0, "\(again.errors)")
        let first = try #require(again.lines.first { $0.hasPrefix("frame ") })
        #expect(first != "frame 1/24", "it starts over")
        #expect(try MaskSet.content(of: output) == reference.content)
    }

    @Test func ctrlCStopsSoonAndKeepsWhatIsDone() async throws {
        let reference = try await Self.plain.value
        let folder = try TemporaryFolder()
        let arguments = reference.arguments(to: folder["masks"])
        let clock = ContinuousClock()
        let signalled = Moment()

        let result = try await Program.run8cut(
            arguments,
            environment: TestTools.environment
        ) { process in
            try await waitForMasks(3, in: folder["masks"])
            signalled.set(clock.now)
            kill(process, SIGINT)
        }
        let stopTime = signalled.get().map { $0.duration(to: clock.now) }

        #expect(result.status == 130 && result.errors.contains("same command again"))
        #expect(try #require(stopTime) < Program.stopLimit)
        let masks = try MaskSet(folder["masks"])
        let done = masks.manifest.frameCount
        #expect(!masks.manifest.complete && done >= 3 && done < 24)
        for name in masks.names.prefix(done) {
            for path in [name, "depth/" + name] {
                let bytes = try MaskSet.bytes(
                    of: folder["masks"].appending(FilePath(path).components)
                )
                #expect(bytes == reference.content[path])
            }
        }

        let again = try await Program.run8cut(arguments, environment: TestTools.environment)
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.lines.first { $0.hasPrefix("frame ") } == "frame \(done + 1)/24")
        #expect(try MaskSet.content(of: folder["masks"]) == reference.content)
    }

    /// One frame that takes much longer than a run may take to end: only if the inference itself
    /// is stopped does the program end in time.
    @Test func ctrlCStopsInTheMiddleOfAnInference() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 2)
        let output = folder["masks"]
        let arguments = DepthRun.arguments(clip, to: output, ["--resolution", "2800"])
        let clock = ContinuousClock()
        let signalled = Moment()

        let result = try await Program.run8cut(
            arguments,
            environment: TestTools.environment
        ) { process in
            try await waitForFile(output.appending("masks.json"))
            // The model is loaded by then; its one frame takes many times as long.
            try await Task.sleep(for: .seconds(1))
            signalled.set(clock.now)
            kill(process, SIGINT)
        }
        let stopTime = signalled.get().map { $0.duration(to: clock.now) }

        #expect(result.status == 130, "\(result.errors)")
        #expect(try #require(stopTime) < Program.stopLimit)
        #expect(try Folder.kind(of: output) == .missing, "nothing was done")
    }
}
