import Diagnostics
import Files
import MaskStore
import Methods
import SystemPackage
import TestSupport
import Testing

/// The reference engine of SAM 2 with a stand-in for its script.
@Suite struct ReferenceSamTests {
    private static let prompts =
        "{\"prompts\":[{\"frame\":3,\"label\":1,\"object\":1,\"point\":[5,6]}],\"v\":1}"

    @Test func theScriptIsGivenThePrompts() async throws {
        let reference = try await StandInReference(.sam(prompts: Self.prompts))
        _ = try await reference.run()
        let manifest = try MaskSet(reference.output).manifest
        #expect(manifest.complete && manifest.frameCount == 12)
        #expect(manifest.method.name == "sam")
        #expect(manifest.method.settings["engine"] == .text("reference"))
        #expect(manifest.method.settings["prompts"] == .text(Self.prompts))
        #expect(try reference.prompts() == Self.prompts)
        #expect(try reference.leftovers().isEmpty)
    }

    @Test func aRunResumesWhereItStopped() async throws {
        let reference = try await StandInReference(.sam(prompts: Self.prompts))
        try reference.behave("fail")
        await #expect(throws: EightCutError.self) { try await reference.run() }
        try reference.behave("well")
        _ = try await reference.run()
        #expect(try MaskSet(reference.output).manifest.complete)
        #expect(try reference.skips() == ["0", "4"])
        #expect(try reference.prompts() == Self.prompts)
    }

    @Test func theScriptIsFoundBesideTheProgram() throws {
        let script = try ReferenceScript.sam.find(program: Program.eightCut)
        let text = String(decoding: try MaskSet.bytes(of: script), as: UTF8.self)
        #expect(text.contains("Sam2VideoModel"))
    }
}
