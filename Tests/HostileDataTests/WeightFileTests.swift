import DepthAnythingV2
import Diagnostics
import Files
import SAM2
import SystemPackage
import TestSupport
import Testing
import Weights

/// Checkpoints that anybody may have published.
@Suite struct WeightFileTests {
    /// The tensors of a file that is read lie in the file, one behind the other.
    @Test func safetensors() throws {
        var inputs = HostileInputs("safetensors", Self.headers.map { Self.file($0, bytes: 24) })
        inputs.mutate = Self.mutateFile
        try inputs.run { input in
            let path = try input.write(as: CheckpointWeights.fileName)
            #expect((WeightsFile.problem(path) == nil) == ((try? WeightsFile(path)) != nil))
            let weights = try CheckpointWeights(input.folder)
            var count = 0
            for key in weights.keys {
                let tensor = try #require(weights.tensor(key))
                let bytes = tensor.bytes.map { Array($0) } ?? []
                #expect(bytes.count == tensor.shape.reduce(tensor.type.width, *))
                count += bytes.count
            }
            #expect(count < input.bytes.count)
            weights.releasePages()
        }
    }

    /// The tensors of an ONNX model that is read have the bytes that their shapes need.
    @Test func onnxModels() throws {
        let tensors = [
            OnnxFile.tensor("model.a", [2, 3], [1, 2, 3, 4, 5, 6]), OnnxFile.tensor("b", [], [7]),
        ]
        let examples = [OnnxFile.model(of: tensors), OnnxFile.model(of: [])]
        try HostileInputs("onnx-model", examples).run { input in
            let path = try input.write(as: "model.onnx")
            #expect((OnnxWeights.problem(path) == nil) == ((try? OnnxWeights(file: path)) != nil))
            let weights = try OnnxWeights(file: path)
            var count = 0
            for key in weights.keys {
                let tensor = try #require(weights.tensor(key))
                let bytes = tensor.bytes.map { Array($0) } ?? []
                #expect(bytes.count == tensor.shape.reduce(tensor.type.width, *))
                count += bytes.count
            }
            #expect(count < max(1, input.bytes.count))
        }
    }

    /// Bundles for ncnn, and PyTorch's archives and pickles.
    @Test func otherFormats() throws {
        try Self.run("ncnn-bundle", [MaskSet.bytes(of: FireRedFixtures.tiny)], NcnnBundle.problem) {
            try NcnnBundle(file: $0)
        }
        let tensors = [
            TorchFile.Tensor("a", [2, 3], [1, 2, 3, 4, 5, 6]), TorchFile.Tensor("b", [], [7]),
        ]
        let examples = [TorchFile.checkpoint(tensors), TorchFile.checkpoint([])]
        try Self.run("torch-checkpoint", examples, TorchWeights.problem) {
            try TorchWeights(file: $0)
        }
        // The pickle alone is changed, in an archive that is valid.
        let pickles = [TorchFile.pickle(tensors), TorchFile.pickle([])]
        try HostileInputs("pickle", pickles).run { input in
            let checkpoint = TorchFile.checkpoint(tensors, pickle: input.bytes)
            let file = try Self.write(checkpoint, input)
            try Self.check(TorchWeights(file: file), within: checkpoint.count)
        }
    }

    private static func run(
        _ kind: String,
        _ examples: [[UInt8]],
        _ problem: (FilePath) -> String?,
        _ open: (FilePath) throws -> any WeightSource
    ) throws {
        try HostileInputs(kind, examples).run { input in
            let file = try write(input.bytes, input)
            #expect((problem(file) == nil) == ((try? open(file)) != nil))
            try check(open(file), within: input.bytes.count)
        }
    }

    private static func write(_ bytes: [UInt8], _ input: HostileInputs.Input) throws -> FilePath {
        let file = input.folder.appending("weights")
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: file) }
        return file
    }

    /// Tensors have the bytes that their shapes need, and no more than there are.
    private static func check(_ weights: any WeightSource, within limit: Int) throws {
        var count = 0
        for key in weights.keys {
            let tensor = try #require(weights.tensor(key))
            let bytes = tensor.bytes.map { Array($0) } ?? []
            #expect(bytes.count == tensor.shape.reduce(tensor.type.width, *))
            count += bytes.count
        }
        #expect(count <= limit)
    }

    /// The files of an index lie beside it.
    @Test func indexes() throws {
        try HostileInputs("safetensors-index", texts: [Self.index]).run { input in
            if let index = WeightIndex(input.bytes) {
                #expect(index.files.allSatisfy { !$0.utf8.contains(0x2f) && $0.first != "." })
            }
            _ = try input.write(as: WeightIndex.fileName)
            _ = try CheckpointWeights(input.folder)
        }
    }

    @Test func configurationsOfDepthModels() throws {
        let folder = DepthFixtures.folder.appending("tiny")
        try checkConfigurations("depth-configuration", folder) {
            _ = try DepthAnythingConfiguration.read(from: $0)
        }
    }

    @Test(arguments: ["tiny", Sam2Fixtures.edgetam])
    func configurationsOfSAM2AndEdgeTAM(model: String) throws {
        try checkConfigurations("sam2-configuration-" + model, Sam2Fixtures.model(model)) {
            _ = try Sam2Configuration.read(from: $0)
            _ = try Sam2ImageProcessing.read(from: $0)
        }
    }

    private func checkConfigurations(
        _ kind: String,
        _ folder: FilePath,
        _ read: (FilePath) throws -> Void
    ) throws {
        let names = try Folder.names(in: folder).filter { $0.hasSuffix("config.json") }
        let files = try names.map { ($0, try MaskSet.bytes(of: folder.appending($0))) }
        try HostileInputs(kind, files.map(\.1)).run { input in
            for (name, bytes) in files {
                let path = input.folder.appending(name)
                try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
            }
            // One of the files is damaged: which one it was may not be the one it becomes.
            _ = try input.write(as: input.mutator.one(of: names) ?? "config.json")
            try read(input.folder)
        }
    }

    /// Mutates the header alone, mostly with the right length, or the whole file.
    private static func mutateFile(_ mutator: inout Mutator, _ files: [[UInt8]]) -> [UInt8] {
        if mutator.isOne(in: 5) { return mutator.mutated(files) }
        let header = mutator.mutated(headers.map { Array($0.utf8) })
        var bytes = file(String(decoding: header, as: UTF8.self), bytes: 24)
        if mutator.isOne(in: 8) {
            let length = mutator.one(of: [0, 1, 1 << 31, 1 << 53, 1 << 63, UInt64.max, 99_999_999])
            bytes.replaceSubrange(0..<8, with: word(length ?? 0))
        }
        return bytes
    }

    private static func file(_ header: String, bytes: Int) -> [UInt8] {
        word(UInt64(header.utf8.count)) + Array(header.utf8) + [UInt8](repeating: 7, count: bytes)
    }

    private static func word(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static let headers = [
        #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"#
            + #""b":{"dtype":"U8","shape":[8],"data_offsets":[16,24]}}"#,
        #"{"é":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"#
            + "\"e\u{301}\":"
            + #"{"dtype":"BF16","shape":[2,4],"data_offsets":[8,24]}}      "#,
        #"{"a":{"dtype":"I64","shape":[3,1],"data_offsets":[0,24]},"#
            + #""empty":{"dtype":"F32","shape":[0],"data_offsets":[24,24]}}"#,
    ]

    private static let index = """
        {"metadata": {"total_size": 24}, "weight_map": {
          "a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
        """
}
