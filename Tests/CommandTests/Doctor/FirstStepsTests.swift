import Processes
import SystemPackage
import TestSupport
import Testing

/// `8cut` without a command.
@Suite struct FirstStepsTests {
    private static let snapshot = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().removingLastComponent().appending("Fixtures")
        .appending("first-steps.txt")

    private func expected() async throws -> String {
        let version = try #require(try await Program.run8cut(["--version"]).lines.first)
        return String(decoding: try MaskSet.bytes(of: Self.snapshot), as: UTF8.self)
            .replacing("VERSION", with: version)
    }

    @Test func theFirstStepsFitAGlance() async throws {
        let result = try await Program.run8cut([])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.output == (try await expected()))
        #expect(result.lines.count <= 12 && result.lines.allSatisfy { $0.count <= 80 })
    }

    @Test(arguments: [["ffmpeg"], ["ffprobe"], []])
    func aMissingFFmpegComesFirst(there: [String]) async throws {
        let folder = try TemporaryFolder()
        let programs = try await ProgramFolder(folder["bin"], real: there)
        let result = try await Program.run8cut([], environment: ["PATH": programs.path])
        #expect(result.status == 0)
        #expect(result.lines.first?.contains("FFmpeg is not installed") == true)
        #expect(result.output.contains(PackageManager.current.advice(on: .ffmpeg).english))
        #expect(result.output.hasSuffix(try await expected()))
    }

    @Test func aWrongFolderForFFmpegComesFirst() async throws {
        let result = try await Program.run8cut([], environment: ["EIGHTCUT_FFMPEG": "/no-such"])
        #expect(result.status == 0 && result.lines.first?.contains("EIGHTCUT_FFMPEG") == true)
    }

    @Test func aWordThatIsNoCommandIsStillAnError() async throws {
        let result = try await Program.run8cut(["nonsense"])
        #expect(result.status == 64 && result.errors.contains("nonsense"))
    }
}
