import Diagnostics
import Files
import OWLv2
import OnnxEngine
import SystemPackage
import TestSupport
import Testing
import Weights

/// Checkpoints as they are published, and such as are not what they should be.
@Suite struct CheckpointTests {
    @Test(arguments: zip(Owlv2Fixtures.published, [155.0, 437.6]))
    func publishedSizesAreThose(name: String, millions: Double) throws {
        let folder = Owlv2Fixtures.published(name)
        let list = try WeightList(folder.appending("weights.json"))
        let count = list.keys.compactMap { list.tensor($0)?.shape.reduce(1, *) }.reduce(0, +)
        #expect((Double(count) / 1e5).rounded() / 10 == millions)
        let configuration = try Owlv2Configuration.read(from: folder)
        #expect(configuration.textLength == 16 && configuration.vocabularySize == 49_408)
        #expect(try Owlv2ImageProcessing.read(from: folder).side == configuration.imageSize)
        // Every tensor is used, and all that are used are there.
        _ = try Owlv2Graphs(configuration, weights: list).build()
    }

    /// The small checkpoint with one of its files changed.
    private func failure(
        changing name: String,
        _ part: String,
        to other: String
    ) throws -> EightCutError? {
        let folder = try TemporaryFolder()
        for file in try Folder.names(in: Owlv2Fixtures.tiny) {
            var bytes = try SmallFile.read(Owlv2Fixtures.tiny.appending(file), limit: 1 << 26)
            if file == name {
                let text = String(decoding: bytes, as: UTF8.self)
                bytes = Array(text.replacing(exactly: part, with: other).utf8)
                #expect(text.contains(exactly: part), "\(name) has no \(part)")
            }
            try bytes.withUnsafeBytes { try AtomicFile.write($0, to: folder[file]) }
        }
        do {
            _ = try Owlv2Detector(
                checkpoint: folder.path,
                library: TestTools.library(),
                settings: SessionSettings(threads: 1)
            )
            return nil
        } catch let error as EightCutError {
            return error
        }
    }

    @Test(arguments: [
        ("config.json", "\"owlv2\"", "\"owlvit\"", "model_type"),
        ("config.json", "\"projection_dim\": 48", "\"projection_dim\": 64", "projection_dim"),
        ("config.json", "\"patch_size\": 16", "\"patch_size\": 17", "image_size"),
        ("config.json", "\"hidden_size\": 64", "\"hidden_size\": 68", "missing|shape"),
        ("preprocessor_config.json", "\"do_pad\": true", "\"do_pad\": false", "do_pad"),
        ("preprocessor_config.json", "\"resample\": 2", "\"resample\": 3", "resample"),
        ("preprocessor_config.json", "96", "112", "image processor"),
    ])
    func whatDoesNotFitIsNamed(
        _ file: String,
        _ part: String,
        _ other: String,
        _ why: String
    ) throws {
        let error = try #require(try failure(changing: file, part, to: other))
        #expect(error.code == .inputUnusable)
        #expect(why.split(separator: "|").contains { error.why.contains(exactly: $0) }, "\(error)")
    }

    @Test func aTextThatIsTooLongIsRefused() async throws {
        let detector = try Owlv2Detector(
            checkpoint: Owlv2Fixtures.tiny,
            library: TestTools.library(),
            settings: SessionSettings(threads: 1)
        )
        let error = await #expect(throws: EightCutError.self) {
            try await detector.queries([["a photo of a very large dog on the sofa"]])
        }
        #expect(error?.code == .usage)
        #expect(error?.why.contains(exactly: "14 at most") == true)
    }
}
