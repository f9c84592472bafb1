import ClipLibrary
import Files
import GRDB
import SystemPackage
import TestSupport
import Testing

/// The library, looked at without touching it.
@Suite struct LibraryHealthTests {
    /// The names in a home folder, without its library's lock.
    private func names(_ home: EightCutHome) throws -> [String] { try Folder.names(in: home.path) }

    @Test func nothingIsMadeWhereThereIsNone() async throws {
        let folder = try TemporaryFolder()
        let home = EightCutHome(folder["home"])
        guard case .absent = await LibraryHealth(of: home) else {
            Issue.record("there is one")
            return
        }
        #expect(try Folder.kind(of: home.path) == .missing)
    }

    @Test func aLibraryIsReadAndNothingIsWrittenBesideIt() async throws {
        let folder = try TemporaryFolder()
        let home = EightCutHome(folder["home"])
        try await add(to: home, in: folder)
        let before = try names(home)
        let bytes = try MaskSet.bytes(of: home.path.appending("library.sqlite"))
        guard case .differs(let clips, let findings) = await LibraryHealth(of: home) else {
            Issue.record("the clip's file is missing")
            return
        }
        #expect(clips == 1 && findings > 0)
        #expect(try names(home) == before)
        #expect(try MaskSet.bytes(of: home.path.appending("library.sqlite")) == bytes)
    }

    @Test func anEarlierVersionIsNotUpgraded() async throws {
        let folder = try TemporaryFolder()
        let home = EightCutHome(folder["home"])
        _ = try home.open()
        let path = home.path.appending("library.sqlite")
        let first = try #require(LibrarySchema.steps.first)
        try LibrarySchema.migrator.migrate(DatabaseQueue(path: path.string), upTo: first)
        let bytes = try MaskSet.bytes(of: path)
        guard case .older = await LibraryHealth(of: home) else {
            Issue.record("it is of an earlier version")
            return
        }
        #expect(try MaskSet.bytes(of: path) == bytes)
    }

    @Test func aDamagedOneIsUnusable() async throws {
        let folder = try TemporaryFolder()
        let home = EightCutHome(folder["home"])
        _ = try home.open()
        let text = String(repeating: "no database ", count: 1000)
        try AtomicFile.write(text, to: home.path.appending("library.sqlite"))
        guard case .unusable(let error) = await LibraryHealth(of: home) else {
            Issue.record("it is damaged")
            return
        }
        #expect(error.why.contains("damaged"))
    }

    /// A log without its index is left by a crash: reading it would make a file.
    @Test func aLogThatACrashHasLeftIsNotTouched() async throws {
        let folder = try TemporaryFolder()
        let home = EightCutHome(folder["home"])
        try await add(to: home, in: folder)
        for name in ["library.sqlite-shm", "library.sqlite-wal"] {
            try? FolderTree.remove(home.path.appending(name))
        }
        try AtomicFile.write("a log", to: home.path.appending("library.sqlite-wal"))
        let before = try names(home)
        guard case .unchecked = await LibraryHealth(of: home) else {
            Issue.record("it cannot be read without a new file")
            return
        }
        #expect(try names(home) == before)
    }

    /// A library with a clip whose file is missing.
    private func add(to home: EightCutHome, in folder: TemporaryFolder) async throws {
        let library = try await Library.open(home)
        _ = try await Samples.add(Samples.draft(folder["x_001.mp4"].string), to: library)
    }
}
