import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing
import Weights

@Suite struct WeightListTests {
    @Test func aListHasShapesAndNoBytes() throws {
        let folder = try TemporaryFolder()
        let text = "{\"checkpoint\":\"x\",\"note\":\"n\",\"tensors\":{\"b\":[2,3],\"a\":[]}}"
        try AtomicFile.write(text, to: folder["list.json"])
        let list = try WeightList(folder["list.json"])
        #expect(list.name == "x" && list.keys == ["a", "b"])
        let tensor = try #require(list.tensor("b"))
        #expect(tensor.shape == [2, 3] && tensor.type == .float32 && tensor.bytes == nil)
        #expect(list.tensor("c") == nil)
    }

    @Test(arguments: [
        "", "{}", "{\"checkpoint\":\"x\",\"tensors\":{\"a\":[-1]}}",
        "{\"checkpoint\":\"x\",\"tensors\":{\"a\":\"b\"}}",
    ])
    func whatIsNoListIsRefused(text: String) throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(text, to: folder["list.json"])
        let error = #expect(throws: EightCutError.self) { try WeightList(folder["list.json"]) }
        #expect(error?.code == .inputUnusable)
        let missing = #expect(throws: EightCutError.self) { try WeightList(folder["none"]) }
        #expect(missing?.code == .inputMissing)
    }
}
