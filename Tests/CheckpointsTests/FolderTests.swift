import Checkpoints
import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing
import Weights

@Suite struct FolderTests {
    private func find(
        _ text: String,
        of kinds: Set<CheckpointKind> = [.depth],
        _ folder: TemporaryFolder
    ) throws -> FilePath {
        let environment = HubEnvironment(["HF_HOME": folder["hf"].string])
        return try CheckpointFolder.find(
            text,
            of: kinds,
            settings: HubSettings(environment),
            home: EightCutHome(folder["home"])
        )
    }

    @Test func aFolderIsAModel() throws {
        let folder = try TemporaryFolder()
        try SmallCheckpoint.make(folder["model"])
        #expect(try find(folder["model"].string, folder) == folder["model"])
    }

    @Test func aNameThatIsNotDownloadedSuggestsTheDownload() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: EightCutError.self) {
            try find("depth-anything-v2-small", folder)
        }
        #expect(error?.code == .inputMissing)
        #expect(error?.remedy == "Run: 8cut models download depth-anything-v2-small")
        let large = #expect(throws: EightCutError.self) {
            try find("depth-anything-v2-large", folder)
        }
        #expect(large?.remedy?.contains("--accept-license") == true)
    }

    @Test func whatIsNeitherGetsItsOwnError() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("x", to: folder["file"])
        let cases: [(String, ErrorCode)] = [
            ("no-such-name", .usage), (folder["none"].string, .inputMissing),
            (folder["file"].string, .inputUnusable), (folder.path.string, .inputUnusable),
        ]
        for (text, code) in cases {
            let error = #expect(throws: EightCutError.self) { try find(text, folder) }
            #expect(error?.code == code, "\(text)")
        }
    }

    @Test func aCheckpointForSomethingElseIsRefusedByName() throws {
        let folder = try TemporaryFolder()
        for (name, kind) in [
            ("sam2.1-hiera-tiny", CheckpointKind.detector), ("owlv2-base", .depth),
        ] {
            let error = #expect(throws: EightCutError.self) { try find(name, of: [kind], folder) }
            #expect(error?.code == .usage)
            let names = CheckpointCatalogue.names(of: [kind])
            #expect(names.allSatisfy { error?.remedy?.contains($0) == true }, "\(names)")
        }
    }

    @Test func aDetectorNeedsItsVocabulary() throws {
        let folder = try TemporaryFolder()
        try SmallCheckpoint.make(folder["model"])
        for name in ["vocab.json", "merges.txt"] {
            let error = #expect(throws: EightCutError.self) {
                try find(folder["model"].string, of: [.detector], folder)
            }
            #expect(error?.code == .inputUnusable && error?.why == "it has no \(name)")
            try AtomicFile.write("x", to: folder["model"].appending(name))
        }
        #expect(try find(folder["model"].string, of: [.detector], folder) == folder["model"])
    }

    @Test func aDetectorOfSpeechNeedsNothingButItsWeights() throws {
        let folder = try TemporaryFolder()
        try SmallCheckpoint.make(folder["other"])
        let error = #expect(throws: EightCutError.self) {
            try find(folder["other"].string, of: [.speech], folder)
        }
        let name = "silero_vad_16k_op15.onnx"
        #expect(error?.why == "\(name) is missing")
        #expect(error?.remedy?.contains(name) == true)
        let bytes = OnnxFile.model(of: [OnnxFile.tensor("a", [1], [1])])
        try Folder.create(folder["model"])
        let file = folder["model"].appending(name)
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: file) }
        #expect(try find(folder["model"].string, of: [.speech], folder) == folder["model"])
    }

    @Test func truncatedWeightsAreNoticed() throws {
        let folder = try TemporaryFolder()
        try SmallCheckpoint.make(folder["model"])
        let weights = folder["model"].appending("model.safetensors")
        for size in [0, 7, 8, 50, 1000] {
            truncate(weights.string, size)
            let error = #expect(throws: EightCutError.self) {
                try find(folder["model"].string, folder)
            }
            #expect(error?.code == .inputUnusable)
            #expect(error?.why.contains("model.safetensors") == true)
        }
        // A header of absurd length, and offsets that no file has.
        for text in ["\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}{}", header("[0,-5]")] {
            try AtomicFile.write(text, to: weights)
            let problem = try #require(WeightsFile.problem(weights))
            #expect(problem.hasPrefix("is not a safetensors file"))
        }
    }

    private func header(_ offsets: String) -> String {
        let json = "{\"w\":{\"data_offsets\":\(offsets)}}"
        return String(decoding: [UInt8(json.utf8.count), 0, 0, 0, 0, 0, 0, 0], as: UTF8.self) + json
    }

    @Test func shardsAreFoundAndStayInTheirFolder() throws {
        let folder = try TemporaryFolder()
        let model = folder["model"]
        try SmallCheckpoint.make(model)
        try AtomicFile.rename(
            model.appending("model.safetensors"),
            to: model.appending("model-1.safetensors")
        )
        let index = model.appending("model.safetensors.index.json")
        try AtomicFile.write("{\"weight_map\":{\"a\":\"model-1.safetensors\"}}", to: index)
        #expect(try find(model.string, folder) == model)
        try AtomicFile.write(
            "{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}",
            to: index
        )
        let error = #expect(throws: EightCutError.self) { try find(model.string, folder) }
        #expect(error?.why == "model-2.safetensors is missing")
    }
}
