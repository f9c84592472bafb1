import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing
import Weights

@Suite struct CheckpointWeightsTests {
    private func failure(of file: SafetensorsFile) throws -> EightCutError? {
        let folder = try TemporaryFolder()
        try file.write(to: folder["model.safetensors"])
        let error = #expect(throws: EightCutError.self, "\(file)") {
            try CheckpointWeights(folder.path)
        }
        #expect(error?.code == .inputUnusable)
        #expect(error?.subject == folder["model.safetensors"].string)
        return error
    }

    @Test func tensorsAreWhereTheHeaderSaysThatTheyAre() throws {
        let folder = try TemporaryFolder()
        try SafetensorsFile.valid.write(to: folder["model.safetensors"])
        let weights = try CheckpointWeights(folder.path)
        #expect(weights.keys == ["a.weight", "b.weight", "none", "one"])
        #expect(weights.name == folder.path.string)
        let half = try #require(weights.tensor("a.weight"))
        #expect(half.type == .float16 && half.shape == [2, 2])
        #expect(Array(try #require(half.bytes)) == Array(24..<32))
        let one = try #require(weights.tensor("one"))
        #expect(one.shape == [] && one.bytes.map(Array.init) == [32])
        #expect(weights.tensor("none")?.bytes?.count == 0)
        #expect(weights.tensor("c.weight") == nil)
    }

    @Test func aTensorOutlivesWhatItCameFrom() throws {
        let folder = try TemporaryFolder()
        try SafetensorsFile.valid.write(to: folder["model.safetensors"])
        let tensor = try #require(try CheckpointWeights(folder.path).tensor("b.weight"))
        unlink(folder["model.safetensors"].string)
        #expect(tensor.bytes.map(Array.init) == Array(0..<24))
    }

    @Test func lengthsThatDoNotFitAreRefused() throws {
        let valid = SafetensorsFile.valid
        for length: UInt64 in [.max, 1 << 63, 100_000_001, 1000] {
            var file = valid
            file.length = length
            let error = try failure(of: file)
            #expect(error?.why.contains("header") == true)
        }
        let cut = SafetensorsFile(json: valid.json, numbers: Array(valid.numbers.dropLast()))
        #expect(try failure(of: cut)?.why.contains("not complete") == true)
        let long = SafetensorsFile(json: valid.json, numbers: valid.numbers + [0])
        #expect(try failure(of: long)?.why.contains("speaks of") == true)
        for count in 0..<8 {
            let folder = try TemporaryFolder()
            let start = Array(valid.bytes().prefix(count))
            try start.withUnsafeBytes {
                try AtomicFile.write($0, to: folder["model.safetensors"])
            }
            #expect(throws: EightCutError.self) { try CheckpointWeights(folder.path) }
        }
    }

    @Test(arguments: [(1_000_000, "1000004 bytes"), (400, "\\u{1b}[2J'")])
    func longAndHostileTensorNamesAreShortened(length: Int, shown: String) throws {
        let name = String(repeating: "k", count: length) + "\\u001b[2J"
        let tensor = "{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,1]}"
        let file = SafetensorsFile(json: "{\"\(name)\":\(tensor)}", numbers: [7])
        let text = "\(try #require(try failure(of: file)))"
        #expect(text.utf8.count < 5000)
        #expect(!text.unicodeScalars.contains("\u{1b}"))
        #expect(text.contains(shown), "\(text)")
    }

    /// A dictionary of strings takes both names for one.
    @Test func canonicallyEqualTensorNamesAreRefused() throws {
        let names = [("\u{e9}", "[0,1]"), ("e\u{301}", "[1,2]")]
        let tensors = names.map {
            "\"\($0)\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":\($1)}"
        }
        let json = "{" + tensors.joined(separator: ",") + "}"
        _ = try failure(of: SafetensorsFile(json: json, numbers: [1, 2]))
    }

    @Test(arguments: [
        // Gaps, overlaps, offsets that run backwards or away.
        ("[24,32]", "[25,33]"), ("[24,32]", "[16,24]"), ("[0,24]", "[24,0]"),
        ("[0,24]", "[-24,0]"), ("[0,24]", "[0,24,24]"), ("[0,24]", "[]"),
        ("[24,32]", "[9223372036854775799,9223372036854775807]"),
        // Shapes that take other bytes, or none that can be counted.
        ("[2,3]", "[2,4]"), ("[2,3]", "[-2,-3]"), ("[2,3]", "[4294967296,4294967296]"),
        ("[2,2]", "[]"), ("[2,2]", "[9223372036854775807,0]"), ("[2,2]", "[2.5,2]"),
        ("[2,2]", "4"),
        // Types of another width, or unknown ones.
        ("\"F32\"", "\"F64\""), ("\"F32\"", "\"F33\""), ("\"F32\"", "\"f32\""), ("\"F32\"", "4"),
        // Members that are missing or of another kind.
        ("\"dtype\":\"F32\",", ""), ("\"pt\"", "1"), ("\"one\":", "\"one\":7,\"two\":"),
    ])
    func headersThatContradictThemselvesAreRefused(old: String, new: String) throws {
        var file = SafetensorsFile.valid
        #expect(file.json.contains(old))
        file.json = file.json.replacing(old, with: new, maxReplacements: 1)
        _ = try failure(of: file)
    }

    @Test func anUnknownTypeIsNamedWithItsKey() throws {
        var file = SafetensorsFile.valid
        file.json = file.json.replacing("\"F16\"", with: "\"Q4\"")
        let why = try #require(try failure(of: file)?.why)
        #expect(why.contains("'a.weight'") && why.contains("'Q4'"))
    }

    @Test(arguments: [
        ("\"none\"", "\"one\""), ("\"a.weight\"", "\"\\u0061.weight\",\"a.weight\""),
        ("\"shape\":[2,3]", "\"shape\":[3,2],\"shape\":[2,3]"),
        ("\"format\":\"pt\"", "\"format\":\"pt\",\"format\":\"tf\""),
    ])
    func aKeyThatIsThereTwiceIsRefused(old: String, new: String) throws {
        var file = SafetensorsFile.valid
        #expect(file.json.contains(old))
        if new.contains("u0061") {
            let tensor = "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"
            file.json = "{\"a\":\(tensor),\"\\u0061\":\(tensor)}"
            file.numbers = []
        } else {
            file.json = file.json.replacing(old, with: new)
        }
        #expect(try failure(of: file)?.why.contains("twice") == true)
    }

    @Test func moreThanAnyCheckpointHasIsRefusedSoon() throws {
        let empty = "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"
        let tensors = { (count: Int) in
            SafetensorsFile(
                json: "{" + (0..<count).map { "\"\($0)\":\(empty)" }.joined(separator: ",") + "}"
            )
        }
        let start = ContinuousClock.now
        #expect(try failure(of: tensors(21_000))?.why.contains("more than 20000") == true)
        #expect(try failure(of: tensors(300_000))?.why.contains("at most 2000000") == true)
        #expect(start.duration(to: .now) < .seconds(10))
        let folder = try TemporaryFolder()
        try tensors(5000).write(to: folder["model.safetensors"])
        #expect(try CheckpointWeights(folder.path).keys.count == 5000)
    }

    @Test(arguments: [
        ("a.weight", String(repeating: "x", count: 100_000)),
        ("\"F32\"", "\"" + String(repeating: "F", count: 100_000) + "\""),
        ("[2,3]", "[" + Array(repeating: "1", count: 100_000).joined(separator: ",") + "]"),
    ])
    func longTextsAreNotRepeatedInMessages(old: String, new: String) throws {
        var file = SafetensorsFile.valid
        file.json = file.json.replacing(old, with: new)
        let error = try #require(try failure(of: file))
        #expect(error.description.utf8.count < 3000)
    }

    @Test func otherEncodingsAreRefused() throws {
        let wide = SafetensorsFile.valid.json.utf8.flatMap { byte -> [UInt8] in [byte, 0] }
        let folder = try TemporaryFolder()
        try SafetensorsFile.valid.bytes(json: wide).withUnsafeBytes {
            try AtomicFile.write($0, to: folder["model.safetensors"])
        }
        let error = #expect(throws: EightCutError.self) { try CheckpointWeights(folder.path) }
        #expect(error?.why.contains("no JSON") == true)
    }

    @Test func whatIsNoFileIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder["model.safetensors"]
        mkfifo(path.string, 0o600)
        #expect(throws: EightCutError.self) { try CheckpointWeights(folder.path) }
        unlink(path.string)
        mkdir(path.string, 0o700)
        #expect(throws: EightCutError.self) { try CheckpointWeights(folder.path) }
        rmdir(path.string)
        let error = #expect(throws: EightCutError.self) { try CheckpointWeights(folder.path) }
        #expect(error?.code == .inputMissing)
    }

    @Test func damagedHeadersAreUnderstoodOrRefused() throws {
        let folder = try TemporaryFolder()
        let file = SafetensorsFile.valid
        var mutator = Mutator(seed: 11)
        var refused = 0
        for _ in 0..<3000 {
            try file.bytes(json: mutator.damage(file.json)).withUnsafeBytes {
                try AtomicFile.write($0, to: folder["model.safetensors"])
            }
            do {
                let weights = try CheckpointWeights(folder.path)
                let tensors = weights.keys.compactMap { weights.tensor($0) }
                #expect(tensors.reduce(0) { $0 + ($1.bytes?.count ?? 0) } == file.numbers.count)
                for tensor in tensors {
                    let count = tensor.shape.reduce(tensor.type.width, *)
                    #expect(tensor.bytes?.count == count)
                }
            } catch let error as EightCutError {
                #expect(error.code == .inputUnusable)
                refused += 1
            }
        }
        #expect(refused > 1500)
    }
}
