import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// What an interrupted run leaves behind, damaged or of another run.
@Suite(.serialized) struct SamStateTests {
    private static let options = ["--point", "30,30@40", "--point", "50,50#2"]

    private struct Reference: Sendable {
        let folder: TemporaryFolder
        let clip: FilePath
        let content: [String: [UInt8]]
        /// A folder in which a run was stopped, in reverse and forward.
        let stopped: [FilePath]

        init() async throws {
            folder = try TemporaryFolder()
            clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), seconds: 2)
            try await SamRun.masks(clip, to: folder["whole"], SamStateTests.options)
            content = try MaskSet.content(of: folder["whole"])
            stopped = [folder["reverse"], folder["forward"]]
            for (output, masks) in zip(stopped, [0, 15]) {
                _ = try await Program.run8cut(
                    SamRun.arguments(clip, to: output, SamStateTests.options),
                    environment: TestTools.environment
                ) { process in
                    let work = output.appending(".8cut-work").appending("object_1")
                    try await waitForFile(work.appending("25.logits"))
                    if masks > 0 { try await waitForMasks(masks, in: output) }
                    kill(process, SIGINT)
                }
            }
        }
    }

    private static let reference = Task { try await Reference() }

    /// A copy of a stopped run that is damaged and resumed.
    private func resume(
        _ which: Int,
        _ options: [String] = [],
        damage: (FilePath) throws -> Void
    ) async throws -> (result: ProgramResult, output: FilePath, folder: TemporaryFolder) {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        let source = reference.stopped[which].string
        let copied = try await Program.run("cp", ["-a", source, output.string])
        try #require(copied.status == 0)
        try damage(output)
        let result = try await Program.run8cut(
            SamRun.arguments(reference.clip, to: output, Self.options + options),
            environment: TestTools.environment
        )
        return (result, output, folder)
    }

    private func flip(_ path: FilePath, at part: Double) throws {
        var bytes = try MaskSet.bytes(of: path)
        let place = min(bytes.count - 1, Int(Double(bytes.count) * part))
        bytes[place] ^= 0x10
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    }

    private func expectWhole(
        _ run: (result: ProgramResult, output: FilePath, folder: TemporaryFolder),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let content = try await Self.reference.value.content
        let errors = run.result.errors
        #expect(run.result.status == 0, "\(errors)", sourceLocation: sourceLocation)
        let isSame = try MaskSet.content(of: run.output) == content
        #expect(isSame, sourceLocation: sourceLocation)
    }

    @Test(arguments: [0, 1])
    func aStoppedRunLeavesAllThatItNeeds(which: Int) async throws {
        let run = try await resume(which) { output in
            let work = output.appending(".8cut-work")
            let names = try Folder.names(in: work)
            #expect(names == ["object_1", "state.plist"])
        }
        try await expectWhole(run)
        #expect(!run.result.lines.contains("frame 1/48"), "it starts over")
    }

    @Test(arguments: [0, 1], [0, 0.5, 1])
    func aDamagedStateIsNotUsed(which: Int, part: Double) async throws {
        let run = try await resume(which) { output in
            try flip(output.appending(".8cut-work").appending("state.plist"), at: part)
        }
        try await expectWhole(run)
    }

    @Test(arguments: [0, 1])
    func aStateThatIsCutOffIsNotUsed(which: Int) async throws {
        for length in [0, 5000] {
            let run = try await resume(which) { output in
                let path = output.appending(".8cut-work").appending("state.plist")
                truncate(path.string, off_t(length))
            }
            try await expectWhole(run)
        }
    }

    @Test(arguments: [0, 1])
    func masksThatWaitedAndAreDamagedOrLostAreMadeAgain(which: Int) async throws {
        let damages: [@Sendable (FilePath) throws -> Void] = [
            { try self.flip($0, at: 0.5) }, { truncate($0.string, 100) }, { unlink($0.string) },
        ]
        for damage in damages {
            let run = try await resume(which) { output in
                let work = output.appending(".8cut-work").appending("object_1")
                try damage(work.appending("28.logits"))
            }
            try await expectWhole(run)
        }
    }

    @Test func aMaskThatIsDamagedMeanwhileIsMadeAgain() async throws {
        let run = try await resume(1) { output in
            truncate(output.appending("frame_0007.png").string, 50)
        }
        try await expectWhole(run)
    }

    @Test func otherSettingsDoNotGoOnFromThere() async throws {
        let refused = try await resume(0, ["--fill-holes", "0"]) { _ in }
        #expect(refused.result.status == 4)
        #expect(refused.result.errors.contains("fillHoles"), "\(refused.result.errors)")
        // Replacing takes what was stopped away, too, in the end.
        let reference = try await Self.reference.value
        for which in [0, 1] {
            let run = try await resume(which, ["--point", "9,9,-#2", "--overwrite"]) { _ in }
            #expect(run.result.status == 0, "\(run.result.errors)")
            let fresh = run.folder["fresh"]
            try await SamRun.masks(
                reference.clip,
                to: fresh,
                Self.options + ["--point", "9,9,-#2"]
            )
            #expect(try MaskSet.content(of: run.output) == MaskSet.content(of: fresh))
        }
    }

    /// Masks of another method in place of those that were being built aside.
    @Test func whatWasBuiltAsideForOtherSettingsIsThrownAway() async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        try await SamRun.masks(reference.clip, to: output)
        _ = try await Program.run8cut(
            SamRun.arguments(reference.clip, to: output, ["--objects", "separate", "--overwrite"]),
            environment: TestTools.environment
        ) { process in
            try await waitForMasks(20, in: output.appending(".8cut-staging"))
            kill(process, SIGKILL)
        }
        let short = try await Clip.make(folder["short.mp4"], size: (128, 72), seconds: 0.5)
        let arguments = ["masks", "saliency", "-i", short.string, "-o", output.string]
        let result = try await Program.run8cut(arguments + ["--overwrite"])
        #expect(result.status == 0, "\(result.errors)")
        _ = try await Program.run8cut(arguments.dropLast() + [folder["fresh"].string])
        #expect(try MaskSet.content(of: output) == MaskSet.content(of: folder["fresh"]))
    }
}
