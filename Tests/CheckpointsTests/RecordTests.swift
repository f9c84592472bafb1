import Checkpoints
import Testing

/// Records are files that anybody may have changed: what they name is opened and deleted.
@Suite struct RecordTests {
    private static let hash = String(repeating: "0a", count: 32)
    private static let commit = String(repeating: "c", count: 40)

    private func record(
        name: String = "model.safetensors",
        etag: String = hash,
        bytes: String = "7",
        commit: String = commit,
        repository: String = "depth-anything/Depth-Anything-V2-Small-hf",
        copies: Int = 1
    ) throws -> CheckpointRecord? {
        let checkpoint = try CheckpointCatalogue.named("depth-anything-v2-small")
        let file = "{\"name\":\"\(name)\",\"etag\":\"\(etag)\",\"bytes\":\(bytes),\"isOurs\":true}"
        let files = Array(repeating: file, count: copies).joined(separator: ",")
        let text = """
            {"repository":"\(repository)","commit":"\(commit)","files":[\(files)]}
            """
        return CheckpointRecord(Array(text.utf8), of: checkpoint)
    }

    @Test func aRecordIsRead() throws {
        let record = try #require(try record())
        #expect(record.files.map(\.name) == ["model.safetensors"] && record.files[0].bytes == 7)
    }

    @Test(arguments: [
        "../x", "/etc/passwd", "", ".", "..", ".hidden", "a/b", "a\\u0000b", "x\\ny", "a\u{301}/b",
    ])
    func namesThatLeadElsewhereAreInvalid(name: String) throws {
        #expect(try record(name: name) == nil)
        #expect(try record(etag: name) == nil)
        #expect(try record(commit: name) == nil)
    }

    @Test(arguments: [
        "-1", "9223372036854775807", "9223372036854775808", "1e3000", "\"7\"", "null",
    ])
    func sizesAreThoseOfFiles(bytes: String) throws {
        #expect(try record(bytes: bytes) == nil)
    }

    @Test func aRecordOfAnotherCheckpointOrOfTooMuchIsInvalid() throws {
        #expect(try record(repository: "facebook/sam2.1-hiera-tiny") == nil)
        #expect(try record(copies: 0) == nil)
        #expect(try record(copies: 2) == nil, "one name twice")
    }
}
