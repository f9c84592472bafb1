import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing
import Weights

/// The weights of PyTorch's checkpoints, and what is no such thing.
@Suite struct TorchWeightsTests {
    private static let a = TorchFile.Tensor("layer.a", [2, 3], [1, 2, 3, 4, 5, 6])
    private static let b = TorchFile.Tensor("layer.b", [], [7])

    private static func read(_ bytes: [UInt8]) throws -> TorchWeights {
        let folder = try TemporaryFolder()
        let file = folder["x.pth"]
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: file) }
        return try TorchWeights(file: file)
    }

    private static func numbers(_ tensor: StoredTensor?) -> [Float]? {
        tensor?.bytes.map { Array($0.bindMemory(to: Float.self)) }
    }

    @Test func tensorsAreReadByTheirNames() throws {
        let weights = try Self.read(TorchFile.checkpoint([Self.b, Self.a]))
        #expect(weights.keys == ["layer.a", "layer.b"])
        let a = weights.tensor("layer.a")
        #expect(a?.shape == [2, 3] && a?.type == .float32)
        #expect(Self.numbers(a) == [1, 2, 3, 4, 5, 6])
        #expect(weights.tensor("layer.b")?.shape == [])
        #expect(Self.numbers(weights.tensor("layer.b")) == [7] && weights.tensor("c") == nil)
    }

    @Test func aTensorMayBeAPartOfItsStorage() throws {
        let part = TorchFile.Tensor("a", [2, 1], [1, 2, 3, 4], strides: [1, 9], offset: 1)
        let weights = try Self.read(TorchFile.checkpoint([part]))
        #expect(Self.numbers(weights.tensor("a")) == [2, 3])
    }

    /// What PyTorch itself has written.
    @Test func aCheckpointOfPyTorchIsRead() throws {
        let weights = try TorchWeights(file: TransNetFixtures.tiny)
        #expect(weights.keys.count == 90)
        #expect(weights.tensor("cls_layer1.weight")?.shape == [1, 6])
        let counter = weights.tensor("SDDCNN.0.DDCNN.0.bn.num_batches_tracked")
        #expect(counter?.type == .int64 && counter?.shape == [])
    }

    private static func file(pickle content: [UInt8]) -> [UInt8] {
        TorchFile.checkpoint([a], pickle: TorchFile.pickle(of: content))
    }

    private static func dictionary(_ name: String, _ value: [UInt8]) -> [UInt8] {
        file(pickle: TorchFile.dictionary + TorchFile.text(name) + value + Array("s".utf8))
    }

    private static let call =
        TorchFile.global("os", "system") + Array("(".utf8)
        + TorchFile.text("true") + Array("tR".utf8)

    /// None of these runs anything.
    @Test(arguments: [
        (file(pickle: call), "calls 'os.system'"),
        (dictionary("a", call), "calls 'os.system'"),
        (file(pickle: TorchFile.global("torch", "load")), "calls 'torch.load'"),
        (file(pickle: TorchFile.global("builtins", "eval")), "calls 'builtins.eval'"),
        (file(pickle: TorchFile.global("collections", "OrderedDict")), "no dictionary"),
        (file(pickle: Array("N".utf8)), "no dictionary"),
        (dictionary("a", Array("N".utf8)), "'a' is no tensor"),
        (dictionary("a", TorchFile.dictionary), "'a' is no tensor"),
        (file(pickle: Array("}}".utf8)), "no dictionary"),
        (file(pickle: Array("R".utf8)), "invalid"),
        (file(pickle: Array("h\u{5}".utf8)), "invalid"),
        (file(pickle: Array("t".utf8)), "invalid"),
        (file(pickle: Array(repeating: 0x85, count: 5)), "invalid"),
        (file(pickle: Array(")".utf8) + Array(repeating: 0x85, count: 5)), "invalid"),
        (file(pickle: Array("X\u{5}\u{0}\u{0}\u{0}ab".utf8)), "invalid"),
        (file(pickle: Array("cos".utf8)), "cut off"),
        (file(pickle: Array("i".utf8)), "the instruction 105"),
        (file(pickle: Array("\u{0}".utf8)), "the instruction 0"),
        (TorchFile.checkpoint([a], pickle: [0x80, 4]), "not of protocol 2"),
        (TorchFile.checkpoint([a], pickle: []), "cut off"),
        (TorchFile.checkpoint([a], pickle: Array(TorchFile.pickle([a]).dropLast())), "cut off"),
        (TorchFile.checkpoint([a], pickle: TorchFile.pickle([a]) + [0]), "no dictionary"),
        (TorchFile.checkpoint([a, a]), "invalid name"),
        (TorchFile.checkpoint([], pickle: TorchFile.pickle([a])), "are missing"),
    ])
    func whatIsNoDictionaryOfTensorsSaysWhy(bytes: [UInt8], why: String) throws {
        let error = #expect(throws: EightCutError.self) { try Self.read(bytes) }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains(exactly: why) == true, "\(String(describing: error))")
    }

    private static func shaped(_ shape: [Int], _ strides: [Int]? = nil, offset: Int = 0) -> [UInt8]
    {
        TorchFile.checkpoint([
            TorchFile.Tensor("a", shape, [1, 2, 3, 4], strides: strides, offset: offset)
        ])
    }

    @Test(arguments: [
        (shaped([5]), "longer than its numbers"),
        (shaped([4], offset: 1), "longer than its numbers"),
        (shaped([1], offset: -1), "longer than its numbers"),
        (shaped([1 << 30, 1 << 30, 1 << 30], [1, 1, 1]), "row by row"),
        (shaped([2, 2], [1, 2]), "row by row"),
        (shaped([-1]), "row by row"),
        (shaped([2], [1, 1]), "invalid"),
        (shaped(Array(repeating: 1, count: 17)), "invalid"),
    ])
    func tensorsLieInTheirNumbers(bytes: [UInt8], why: String) throws {
        let error = #expect(throws: EightCutError.self) { try Self.read(bytes) }
        #expect(error?.why.contains(exactly: why) == true, "\(String(describing: error))")
    }

    private static let members = TorchFile.members([a])

    private static func edited(_ place: Int, _ bytes: [UInt8]) -> [UInt8] {
        var file = TorchFile.archive(members)
        let start = place < 0 ? file.count + place : place
        file.replaceSubrange(start..<start + bytes.count, with: bytes)
        return file
    }

    @Test(arguments: [
        ([], "no zip archive"),
        (Array("no archive that is as long as an end".utf8), "no zip archive"),
        (TorchFile.archive([]), "0 pickles"),
        (TorchFile.archive(members + [TorchFile.Member("y/data.pkl", [])]), "2 pickles"),
        (TorchFile.archive(members + [members[1]]), "the same name"),
        (
            TorchFile.archive(members + [TorchFile.Member("x/byteorder", Array("big".utf8))]),
            "little endian"
        ),
        (TorchFile.archive([TorchFile.Member("x/data.pkl", [], method: 8)]), "compressed"),
        (edited(-6, TorchFile.word(1 << 30)), "directory is invalid"),
        (edited(-10, TorchFile.word(1 << 30)), "directory is invalid"),
        (edited(-12, TorchFile.half(1)), "directory is invalid"),
        (edited(-2, TorchFile.half(1)), "comment"),
        (edited(0, [0]), "not what the directory says"),
        (edited(30, Array("y".utf8)), "not what the directory says"),
    ])
    func archivesThatAreNoneSayWhy(bytes: [UInt8], why: String) throws {
        let error = #expect(throws: EightCutError.self) { try Self.read(bytes) }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains(exactly: why) == true, "\(String(describing: error))")
    }

    /// A small file does not become much memory.
    @Test func tensorsThatShareTheirNumbersAreRefused() throws {
        let whole = TorchFile.Tensor("a", [1000], Array(repeating: 1, count: 1000))
        let items = (0..<100).flatMap {
            TorchFile.text("t\($0)") + TorchFile.tensor(whole, 0) + Array("s".utf8)
        }
        let pickle = TorchFile.pickle(of: TorchFile.dictionary + items)
        let error = #expect(throws: EightCutError.self) {
            try Self.read(TorchFile.checkpoint([whole], pickle: pickle))
        }
        #expect(error?.why.contains("share their numbers") == true)
    }

    @Test func aFileThatIsNotThereIsNamed() {
        let error = #expect(throws: EightCutError.self) {
            try TorchWeights(file: "/no-such-folder/x.pth")
        }
        #expect(error?.code == .inputMissing && error?.subject == "/no-such-folder/x.pth")
        #expect(TorchWeights.problem("/no-such-folder/x.pth") == "is missing")
    }
}
