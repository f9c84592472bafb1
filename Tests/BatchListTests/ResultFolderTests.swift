import BatchList
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

/// Results of rows, one file each.
@Suite struct ResultFolderTests {
    private func row(_ id: String = "a", _ more: String = "") throws -> BatchRow {
        try Lists().rows([Lists.row(id, more)])[0]
    }

    @Test func aResultIsReadAsItWasWritten() throws {
        let folder = try TemporaryFolder()
        let results = try ResultFolder(creating: folder["deep"].appending("results"))
        let row = try row("a ü")
        var result = BatchResult(
            of: row,
            .failed,
            error: EightCutError(.inputMissing, "cannot read", on: "x", because: "gone \(1)"),
            seconds: 1.5,
            attempt: 2
        )
        (result.frames, result.flags, result.inputBytes) = (3, ["empty": 1], 99)
        try results.write(result)
        #expect(try results.result(of: "a ü") == result)
        #expect(try results.result(of: "b") == nil)
        #expect(try ResultFolder(at: results.path)?.result(of: "a ü") == result)
        #expect(result.error?.error.code == .inputMissing)
        #expect(try Folder.names(in: results.path) == ["a ü.json"])
        let text = String(
            decoding: try SmallFile.read(results.path.appending("a ü.json"), limit: 9999),
            as: UTF8.self
        )
        #expect(text == result.json + "\n" && !result.json.contains("\n"))
    }

    @Test func aChangedRowIsNotDone() throws {
        let row = try row()
        let result = BatchResult(of: row, .done, seconds: 1)
        #expect(result.isDone(row))
        #expect(result.isDone(try self.row("a", #""label": "dog""#)))
        #expect(!result.isDone(try self.row("a", #""settings": {"threshold": 1}"#)))
        #expect(!BatchResult(of: row, .again, seconds: 1).isDone(row))
        #expect(!result.isDone(try self.row("b")))
    }

    @Test func damagedResultsAreNone() throws {
        let folder = try TemporaryFolder()
        let results = try ResultFolder(creating: folder.path)
        for id in ["a", "b"] {
            try results.write(BatchResult(of: try row(id), .done, seconds: 1))
        }
        let whole = try SmallFile.read(folder["a.json"], limit: 9999)
        let other = String(decoding: whole, as: UTF8.self)
        for (name, text) in [
            ("c.json", ""), ("d.json", String(other.prefix(40))), ("e.json", other),
            ("f.json", "[]"),
            ("g.json", other.replacing(#""a""#, with: #""g""#).replacing("done", with: "x")),
            ("notes.txt", "mine"), (".hidden.json", other),
        ] {
            try AtomicFile.write(text, to: folder[name])
        }
        try Folder.create(folder["h.json"])
        var ids: [String] = []
        let damaged = try results.forEach { ids.append($0.id) }
        #expect(ids == ["a", "b"])
        #expect(damaged == ["c.json", "d.json", "e.json", "f.json", "g.json", "h.json"])
        for id in ["c", "d", "e", "f", "g"] { #expect(try results.result(of: id) == nil) }
    }

    @Test func namesThatAreNoFileNames() {
        for id in ["", ".", "..", ".a", "a/b", "a\u{0}", "a\n", String(repeating: "é", count: 101)]
        {
            #expect(!ResultFolder.allows(id), "\(id)")
        }
        for id in ["a", "a.b", "é", " ", "-x", "con", String(repeating: "é", count: 100)] {
            #expect(ResultFolder.allows(id), "\(id)")
        }
    }

    @Test func aFolderThatIsNone() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("x", to: folder["file"])
        #expect(throws: EightCutError.self) { try ResultFolder(creating: folder["file"]) }
        #expect(throws: EightCutError.self) { try ResultFolder(at: folder["file"]) }
        #expect(try ResultFolder(at: folder["none"]) == nil)
    }
}
