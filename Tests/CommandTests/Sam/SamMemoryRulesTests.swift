import MaskStore
import TestSupport
import Testing

/// `--memory-rules` of `8cut masks sam`.
@Suite struct SamMemoryRulesTests {
    @Test func rulesAreASettingThatResumingCompares() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48), rate: 3)
        let options = ["--point", "30,20", "--memory-rules"]
        let standard = try await SamRun.masks(clip, to: folder["m"], options + ["standard"])
        // Masks of before there was the option are not others.
        #expect(standard.manifest.method.settings["memoryRules"] == nil)
        let refused = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["m"], options + ["dam"]),
            environment: TestTools.environment
        )
        #expect(refused.status == 4, "\(refused.errors)")
        #expect(refused.errors.contains("memoryRules"), "\(refused.errors)")

        let dam = try await SamRun.masks(clip, to: folder["m"], options + ["dam", "--overwrite"])
        #expect(dam.manifest.method.settings["memoryRules"] == .text("dam"))
        #expect(dam.manifest.complete && dam.names.count == 3)
    }
}
