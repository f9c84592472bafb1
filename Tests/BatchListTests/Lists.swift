import BatchList
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

/// Lists of a test, in a folder that goes away.
struct Lists {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Writes a list and opens it.
    func open(_ text: String) throws -> BatchList {
        try AtomicFile.write(text, to: folder["list.jsonl"])
        return try BatchList(folder["list.jsonl"].string)
    }

    func open(_ lines: [String]) throws -> BatchList {
        try open(lines.map { $0 + "\n" }.joined())
    }

    func rows(_ lines: [String]) throws -> [BatchRow] {
        let list = try open(lines)
        return try (0..<list.count).map(list.row)
    }

    /// What is wrong with a list, and what to do about it.
    func fault(_ text: String) throws -> (why: String, remedy: String) {
        let error = try #require(throws: EightCutError.self) { try open(text) }
        #expect(error.code == .usage, "\(error)")
        #expect(error.subject == folder["list.jsonl"].string)
        return (error.why, error.remedy ?? "")
    }

    /// A row of an id, with more fields.
    static func row(_ id: String, _ more: String = "") -> String {
        #"{"id": "\#(id)", "input": "\#(id).mp4", "output": "\#(id)_masks", "#
            + #""method": "saliency"\#(more.isEmpty ? "" : ", " + more)}"#
    }
}
