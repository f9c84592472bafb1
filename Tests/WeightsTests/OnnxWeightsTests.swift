import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing
import Weights

/// The weights of ONNX models.
@Suite struct OnnxWeightsTests {
    private static let a = OnnxFile.tensor("model.a", [2, 3], [1, 2, 3, 4, 5, 6])
    private static let b = OnnxFile.tensor("model.b", [], [7])

    private static func read(_ bytes: [UInt8]) throws -> OnnxWeights {
        let folder = try TemporaryFolder()
        let file = folder["x.onnx"]
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: file) }
        return try OnnxWeights(file: file)
    }

    @Test func tensorsAreReadByTheirNames() throws {
        let weights = try Self.read(OnnxFile.model(of: [Self.b, Self.a]))
        #expect(weights.keys == ["model.a", "model.b"])
        let a = try #require(weights.tensor("model.a"))
        #expect(a.shape == [2, 3] && a.type == .float32)
        let bytes = try #require(a.bytes)
        #expect(Array(bytes.bindMemory(to: Float.self)) == [1, 2, 3, 4, 5, 6])
        #expect(weights.tensor("model.b")?.shape == [] && weights.tensor("c") == nil)
    }

    /// However the file has them.
    @Test func numbersAreAligned() throws {
        for length in 1...9 {
            let name = String(repeating: "n", count: length)
            let weights = try Self.read(OnnxFile.model(of: [OnnxFile.tensor(name, [1], [5])]))
            let bytes = try #require(weights.tensor(name)?.bytes?.baseAddress)
            #expect(Int(bitPattern: bytes) % 64 == 0)
        }
    }

    @Test func dimensionsMayBeInOneField() throws {
        let packed =
            OnnxFile.field(1, [2, 3] as [UInt8]) + OnnxFile.field(2, 2)
            + OnnxFile.field(8, Array("p".utf8)) + OnnxFile.field(9, [1, 2, 3, 4, 5, 6] as [UInt8])
        let tensor = try Self.read(OnnxFile.model(of: [packed])).tensor("p")
        #expect(tensor?.shape == [2, 3] && tensor?.type == .uint8)
    }

    private static let name = OnnxFile.field(8, Array("n".utf8))

    @Test(arguments: [
        ([], "0 graphs"),
        (Array("no model".utf8), "invalid"),
        (Array(OnnxFile.model(of: [a]).dropLast(5).dropLast(10)), "cut off"),
        (OnnxFile.model(of: [a]) + OnnxFile.model(of: []), "2 graphs"),
        (OnnxFile.model(of: [a, a]), "the same name"),
        (OnnxFile.model(of: [OnnxFile.tensor("n", [3], [1, 2])]), "has 8 bytes"),
        (OnnxFile.model(of: [OnnxFile.tensor("n", [-1], [])]), "has the shape [-1]"),
        (OnnxFile.model(of: [OnnxFile.tensor("n", [1 << 40, 1 << 40], [])]), "has the shape"),
        (OnnxFile.model(of: [OnnxFile.tensor("n", Array(repeating: 1, count: 17), [1])]), "many"),
        (OnnxFile.model(of: [OnnxFile.field(2, 1)]), "has no name"),
        (OnnxFile.model(of: [name + OnnxFile.field(2, 8)]), "the unknown type 8"),
        (
            OnnxFile.model(of: [name + OnnxFile.field(2, 1) + OnnxFile.field(4, [0, 0, 0, 0])]),
            "raw"
        ),
        (OnnxFile.model(of: [name + OnnxFile.field(2, 1) + OnnxFile.field(14, 1)]), "other files"),
        (OnnxFile.field(7, OnnxFile.field(15, [])), "sparse"),
    ])
    func whatCannotBeReadSaysWhy(bytes: [UInt8], why: String) throws {
        let error = #expect(throws: EightCutError.self) { try Self.read(bytes) }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains(exactly: why) == true, "\(String(describing: error))")
    }
}
