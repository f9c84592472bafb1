import InteractiveProtocol
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Frames of another size than the checkpoint says.
@Suite struct SamResolutionTests {
    @Test func aResolutionIsASettingThatResumingCompares() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 3)
        let own = try await SamRun.masks(clip, to: folder["own"], ["--point", "64,36"])
        #expect(own.manifest.method.settings["resolution"] == nil)

        let options = ["--point", "64,36", "--resolution", "512"]
        let larger = try await SamRun.masks(clip, to: folder["masks"], options)
        #expect(larger.manifest.method.settings["resolution"] == .number(512))
        #expect(larger.manifest.complete && larger.names.count == own.names.count)
        let scores = try larger.names.indices.map { try SamRun.scores(larger, $0) }
        #expect(try scores != own.names.indices.map { try SamRun.scores(own, $0) })

        let refused = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["masks"], ["--point", "64,36"]),
            environment: TestTools.environment
        )
        #expect(refused.status == 4, "\(refused.errors)")
        #expect(refused.errors.contains("resolution"), "\(refused.errors)")
    }

    @Test(arguments: ["513", "256", "0", "high"])
    func aResolutionThatIsNotOfferedIsNamed(resolution: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48), rate: 2)
        let result = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["masks"], ["--resolution", resolution]),
            environment: TestTools.environment
        )
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.errors.contains("--resolution") && result.errors.contains(resolution))
    }

    @Test func theServerMakesTheMasksOfTheCommand() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 3)
        let options = ["--point", "64,36", "--resolution", "512"]
        try await SamRun.masks(clip, to: folder["command"], options)
        let talk = try WorkerTalk(clip, ["--resolution", "512"])
        let output = folder["worker"].string
        try talk.say(
            #"{"id": 1, "do": "run", "prompts": [{"point": [64, 36]}], "output": "\#(output)"}"#
        )
        guard case .job(.finished(let end)) = try await talk.end(of: 1) else {
            throw WorkerTalk.Silence()
        }
        #expect(end.exitStatus == 0)
        let files = try MaskSet.content(of: folder["worker"])
        #expect(try files == MaskSet.content(of: folder["command"]))
    }
}
