import Diagnostics
import Files
import Foundation
import SAM2
import SystemPackage
import TestSupport
import Testing

@Suite struct ConfigurationTests {
    private static let variants = Sam2Fixtures.folder.appending("config-variants")

    @Test(arguments: [
        ("tiny", "4.56.2"), ("tiny", "4.57.6"), ("tiny", "5.0.0"), ("tiny", "5.23.0"),
        ("tiny", "5.23.0-short"), ("tiny-2.0", "2.0-4.56.2"), ("tiny-2.0", "2.0-4.57.6"),
        ("tiny-2.0", "2.0-5.0.0"), ("tiny-2.0", "2.0-5.23.0"),
    ])
    func allVersionsSpellingsMeanTheSame(model: String, variant: String) throws {
        let own = Sam2Fixtures.model(model)
        let other = Self.variants.appending(variant)
        #expect(try Sam2Configuration.read(from: own) == Sam2Configuration.read(from: other))
        #expect(try Sam2ImageProcessing.read(from: own) == Sam2ImageProcessing.read(from: other))
    }

    @Test func versionsDifferInWhatMemoriesAndPointersSay() throws {
        let newer = try Sam2Configuration.read(from: Sam2Fixtures.model("tiny"))
        let older = try Sam2Configuration.read(from: Sam2Fixtures.model("tiny-2.0"))
        #expect(newer.memory.hasOcclusionEmbedding && newer.memory.hasPointerTimes)
        #expect(!older.memory.hasOcclusionEmbedding && !older.memory.hasPointerTimes)
    }

    @Test func anotherSizeChangesTheGridsAndNothingElse() throws {
        let own = try Sam2Configuration.read(from: Sam2Fixtures.model("tiny"))
        let small = try own.resized(to: 192)
        #expect(small.featureSizes == [48, 24, 12] && small.maskSize == 48)
        #expect(try small.resized(to: 256) == own)
    }

    /// What the published EdgeTAM says, and how it differs from SAM 2.
    @Test func edgeTAMHasRepViTAndShortMemories() throws {
        let published = Sam2Fixtures.published("edgetam")
        let configuration = try Sam2Configuration.read(from: published)
        guard case .repvit(let repvit) = configuration.backbone else {
            Issue.record("\(configuration.backbone)")
            return
        }
        #expect(repvit.stages.map(\.width) == [48, 96, 192, 384])
        #expect(repvit.stages.map(\.blocks) == [2, 2, 14, 2])
        #expect(configuration.memory.perceiver?.tokens == 512)
        #expect(configuration.memory.layers == 2)
        #expect(!configuration.memory.hasPointerTimes)
        #expect(try configuration.resized(to: 768).featureSize == 48)
        #expect(try configuration.resized(to: 512).featureSize == 32)
        #expect(throws: EightCutError.self) { try configuration.resized(to: 896) }
    }

    @Test(arguments: [
        ("tiny", 200), ("tiny", 0), ("tiny", -64), ("tiny", 8192), ("tiny-2.0", 240),
    ])
    func aSizeThatTheModelCannotHaveIsNamed(model: String, side: Int) throws {
        let configuration = try Sam2Configuration.read(from: Sam2Fixtures.model(model))
        let error = #expect(throws: EightCutError.self) { try configuration.resized(to: side) }
        #expect(error?.code == .usage && error?.subject == "\(side)")
        #expect(error?.why.contains("multiples of 32 pixels, up to 4096") ?? false)
    }

    @Test(arguments: [
        ("\"model_type\": \"sam2_video\"", "\"model_type\": \"sam3\"", "model_type"),
        ("\"image_size\": 256", "\"image_size\": 250", "image_size"),
        (
            "\"memory_attention_num_attention_heads\": 1",
            "\"memory_attention_num_attention_heads\": 2", "memory_attention_num_attention_heads"
        ),
        ("\"num_maskmem\": 7", "\"num_maskmem\": \"seven\"", "num_maskmem"),
        ("\"vision_config\"", "\"visionary_config\"", "vision_config"),
    ])
    func aSettingThatIsNotUnderstoodIsNamed(old: String, new: String, field: String) throws {
        let folder = try TemporaryFolder()
        let source = Sam2Fixtures.model("tiny").appending(Sam2Configuration.fileName)
        let text = try String(contentsOfFile: source.string, encoding: .utf8)
        // The first is the outermost but for the image's size, which stands in several places.
        let changed = text.replacingOccurrences(of: old, with: new)
        try #require(changed != text, "\(old) is not in the file")
        try AtomicFile.write(changed, to: folder.path.appending(Sam2Configuration.fileName))
        let error = #expect(throws: EightCutError.self) {
            _ = try Sam2Configuration.read(from: folder.path)
        }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains(field) ?? false, "\(error?.why ?? "")")
    }
}
