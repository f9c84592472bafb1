import Files
import MLTools
import SystemPackage
import TestSupport
import Testing

/// What the first run of a model says of threads and precision.
@Suite struct FirstRunAdviceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func run(_ name: String, _ options: [String] = []) async throws -> ProgramResult {
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48), rate: 2)
        var arguments = DepthRun.arguments(clip, to: folder[name])
        // They have all threads.
        arguments.removeLast(2)
        let library = try RuntimeLocation.find(in: TestTools.home.environment)
        let result = try await Program.run8cut(
            arguments + options,
            environment: [
                "EIGHTCUT_HOME": folder["home"].string, "EIGHTCUT_ONNXRUNTIME": library.string,
            ]
        )
        #expect(result.status == 0, "\(result.errors)")
        return result
    }

    private func isAdvised(_ result: ProgramResult) -> Bool {
        result.errors.contains(/using \d+ threads?, one for each core \(--threads changes it\)/)
    }

    @Test func theThreadsAreNamedOnce() async throws {
        #expect(isAdvised(try await run("one")))
        #expect(!isAdvised(try await run("two")))
        #expect(try Folder.names(in: folder["home"]) == ["advice.json"])
    }

    @Test(arguments: [
        ["--quiet"], ["--progress", "json"], ["--progress", "none"], ["--threads", "1"],
    ])
    func whoDoesNotAskIsNotTold(options: [String]) async throws {
        let result = try await run("one", options)
        #expect(!isAdvised(result) && !result.output.contains("one for each core"))
        #expect(try Folder.kind(of: folder["home"].appending("advice.json")) == .missing)
        // It is still news to the next run.
        #expect(isAdvised(try await run("two")))
    }

    @Test func aDamagedMemoryIsNoError() async throws {
        try Folder.create(folder["home"])
        try AtomicFile.write("{", to: folder["home"].appending("advice.json"))
        #expect(isAdvised(try await run("one")))
        #expect(!isAdvised(try await run("two")))
    }

    @Test func int8IsNotAdvisedToWhoHasIt() async throws {
        let result = try await run("one", ["--precision", "int8"])
        #expect(isAdvised(result) && !result.errors.contains("times as fast"))
    }
}
