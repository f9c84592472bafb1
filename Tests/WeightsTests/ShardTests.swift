import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing
import Weights

@Suite struct ShardTests {
    /// A checkpoint in two files, `a` in the first, `b` in the second.
    private func checkpoint(index: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try SafetensorsFile.tiny("a").write(to: folder["x-1.safetensors"])
        try SafetensorsFile.tiny("b").write(to: folder["x-2.safetensors"])
        try AtomicFile.write(index, to: folder[WeightIndex.fileName])
        return folder
    }

    private let valid = """
        {"metadata":{"total_size":2},"weight_map":{"a":"x-1.safetensors","b":"x-2.safetensors"}}
        """

    @Test func shardsAreReadAsOne() throws {
        let folder = try checkpoint(index: valid)
        let weights = try CheckpointWeights(folder.path)
        #expect(weights.keys == ["a", "b"])
        #expect(weights.tensor("b")?.bytes.map(Array.init) == [7])
    }

    @Test func aSingleFileGoesBeforeAnIndex() throws {
        let folder = try checkpoint(index: "damaged")
        try SafetensorsFile.tiny("c").write(to: folder["model.safetensors"])
        #expect(try CheckpointWeights(folder.path).keys == ["c"])
    }

    @Test func aKeyThatItsShardLacksIsNamed() throws {
        for index in [
            valid.replacing("\"a\":", with: "\"missing\":\"x-2.safetensors\",\"a\":"),
            valid.replacing("\"b\":", with: "\"missing\":\"x-2.safetensors\",\"b\":"),
        ] {
            let folder = try checkpoint(index: index)
            let error = #expect(throws: EightCutError.self) { try CheckpointWeights(folder.path) }
            #expect(error?.why.contains("'missing'") == true)
            #expect(error?.subject == folder["x-2.safetensors"].string)
        }
        let swapped = try checkpoint(
            index: valid.replacing("\"a\"", with: "\"c\"").replacing("\"b\"", with: "\"a\"")
                .replacing("\"c\"", with: "\"b\"")
        )
        let error = #expect(throws: EightCutError.self) { try CheckpointWeights(swapped.path) }
        #expect(error?.why.contains("'a'") == true)
    }

    @Test func aKeyInTwoShardsIsNamed() throws {
        let folder = try checkpoint(index: valid)
        try SafetensorsFile.tiny("a").write(to: folder["x-2.safetensors"])
        let error = #expect(throws: EightCutError.self) { try CheckpointWeights(folder.path) }
        #expect(error?.why.contains("'a' is also in x-1.safetensors") == true)
        #expect(error?.subject == folder["x-2.safetensors"].string)
    }

    @Test func aMissingShardIsNamed() throws {
        let folder = try checkpoint(
            index: valid.replacing("x-2.safetensors", with: "x-3.safetensors")
        )
        let error = #expect(throws: EightCutError.self) { try CheckpointWeights(folder.path) }
        #expect(error?.code == .inputMissing)
        #expect(error?.subject == folder["x-3.safetensors"].string)
    }

    @Test(arguments: [
        "../x.safetensors", "/x.safetensors", "a/b.safetensors", ".x.safetensors", "x.bin", "",
        "x\\n.safetensors", "x .safetensors",
    ])
    func oddNamesOfShardsAreRefused(name: String) {
        let text = "{\"weight_map\":{\"a\":\"\(name)\"}}"
        #expect(WeightIndex(Array(text.utf8)) == nil)
    }

    @Test(arguments: ["", "{}", "{\"weight_map\":{}}", "{\"weight_map\":[1]}", "[]"])
    func anIndexThatMakesNoSenseIsRefused(text: String) throws {
        #expect(WeightIndex(Array(text.utf8)) == nil)
        let folder = try checkpoint(index: text)
        let error = #expect(throws: EightCutError.self) { try CheckpointWeights(folder.path) }
        #expect(error?.subject == folder[WeightIndex.fileName].string)
    }

    @Test func damagedIndexesAreUnderstoodOrRefused() throws {
        let folder = try checkpoint(index: valid)
        var mutator = Mutator(seed: 12)
        for _ in 0..<2000 {
            try mutator.damage(valid).withUnsafeBytes {
                try AtomicFile.write($0, to: folder[WeightIndex.fileName])
            }
            do {
                let weights = try CheckpointWeights(folder.path)
                #expect(weights.keys.allSatisfy { weights.tensor($0)?.bytes?.count == 1 })
            } catch is EightCutError {}
        }
    }
}
