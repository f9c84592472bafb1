import Diagnostics
import Files
import Glibc
import MLTools
import SystemPackage
import TestSupport
import Testing

/// Every state that a kill can leave, and what becomes of it.
@Suite struct ToolsFolderTests {
    private static let contents = ["missing", "empty", "begun", "complete", "foreign"]

    private func make(_ content: String, at path: FilePath) throws {
        if content == "missing" { return }
        try Folder.create(path)
        if content == "empty" { return }
        try AtomicFile.write(path.string, to: path.appending("file"))
        if content == "begun" {
            try AtomicFile.write("{}", to: path.appending(ToolsFolder.earlyMarker))
        }
        if content == "complete" {
            try AtomicFile.write("{}", to: path.appending(ToolsFolder.marker))
        }
    }

    /// Which of the two folders a file comes from.
    private func origin(_ path: FilePath) throws -> String? {
        let file = path.appending("file")
        guard access(file.string, F_OK) == 0 else { return nil }
        return String(decoding: try MaskSet.bytes(of: file), as: UTF8.self)
    }

    @Test(arguments: contents, contents)
    func repairKeepsTheOldOrTheNew(previous: String, current: String) throws {
        let temporary = try TemporaryFolder()
        let folder = ToolsFolder(home: EightCutHome(temporary.path))
        try make(previous, at: folder.previous)
        try make(current, at: folder.path)

        try folder.repair()

        let isOurs = previous == "begun" || previous == "complete"
        if isOurs, ["missing", "empty", "begun"].contains(current) {
            #expect(try origin(folder.path) == folder.previous.string, "the old one is back")
        } else {
            let hasFile = current != "missing" && current != "empty"
            #expect(try origin(folder.path) == (hasFile ? folder.path.string : nil))
        }
        let stays = previous == "foreign" || (isOurs && current == "foreign")
        #expect((access(folder.previous.string, F_OK) == 0) == stays)
    }

    @Test func whatWasGivenUpIsDeletedByTheNextCommand() throws {
        let temporary = try TemporaryFolder()
        let folder = ToolsFolder(home: EightCutHome(temporary.path))
        try make("begun", at: folder.discarded)
        try make("complete", at: folder.path)

        try folder.repair(quickly: true)
        #expect(try Folder.names(in: temporary.path) == ["venv", "venv.discarded"])
        try folder.repair()
        #expect(try Folder.names(in: temporary.path) == ["venv"])
    }

    @Test func aLinkIsNeverOurs() throws {
        let temporary = try TemporaryFolder()
        try make("complete", at: temporary["elsewhere"])
        let folder = ToolsFolder(home: EightCutHome(temporary.path))
        symlink(temporary["elsewhere"].string, folder.path.string)

        #expect(ToolsFolder.content(of: folder.path) == .foreign)
        #expect(throws: EightCutError.self) {
            try ToolsRemoval.remove(home: EightCutHome(temporary.path))
        }
        #expect(try Folder.names(in: temporary["elsewhere"]) == ["8cut.json", "file"])
    }

    @Test func removingDoesNotFollowLinks() throws {
        let temporary = try TemporaryFolder()
        let folder = ToolsFolder(home: EightCutHome(temporary["home"]))
        try make("complete", at: folder.path)
        try AtomicFile.write("kept", to: temporary["kept"])
        symlink(temporary.path.string, folder.path.appending("link").string)

        #expect(try ToolsRemoval.remove(home: folder.home) != nil)

        #expect(access(temporary["kept"].string, F_OK) == 0)
        #expect(try Folder.names(in: temporary["home"]).isEmpty)
    }

    /// Markers are plain files; what has their names otherwise makes no folder ours.
    @Test(arguments: ["pipe", "link", "folder"])
    func aMarkerIsAPlainFile(kind: String) throws {
        let temporary = try TemporaryFolder()
        let folder = ToolsFolder(home: EightCutHome(temporary.path))
        try make("begun", at: temporary["other"])
        try make("empty", at: folder.path)
        let marker = folder.path.appending(ToolsFolder.marker)
        switch kind {
        case "pipe": mkfifo(marker.string, 0o600)
        case "folder": mkdir(marker.string, 0o700)
        default:
            symlink(temporary["other"].appending(ToolsFolder.earlyMarker).string, marker.string)
        }
        #expect(ToolsFolder.content(of: folder.path) == .foreign)
        #expect(throws: EightCutError.self) { try ToolsRemoval.remove(home: folder.home) }
        #expect(throws: (any Error).self) { try ToolsMarker(readingFrom: marker) }
        #expect(try Folder.names(in: folder.path) == [ToolsFolder.marker])
    }

    @Test func aHugeMarkerIsNotRead() throws {
        let temporary = try TemporaryFolder()
        let folder = ToolsFolder(home: EightCutHome(temporary.path))
        try make("complete", at: folder.path)
        let marker = folder.path.appending(ToolsFolder.marker)
        #expect(truncate(marker.string, 100_000_000) == 0)
        #expect(throws: (any Error).self) { try ToolsMarker(readingFrom: marker) }
        #expect(ToolsFolder.content(of: folder.path) == .complete)
    }
}
