import ClipLibrary
import Diagnostics
import Files
import GRDB
import Glibc
import SystemPackage
import TestSupport
import Testing

/// The library is opened as a file that others may have made, and only its owner may read it.
@Suite struct UntrustedLibraryTests {
    private let folder: TemporaryFolder
    private let home: EightCutHome
    private var path: FilePath { home.path.appending(Library.fileName) }

    init() throws {
        folder = try TemporaryFolder()
        home = EightCutHome(folder["home"])
    }

    /// A library with one clip, closed again.
    private func make() async throws {
        let library = try await Library.open(home)
        try await Samples.add(Samples.draft("\(folder.path)/clips/x_001.mp4"), to: library)
    }

    private func execute(_ sql: String) throws {
        let queue = try DatabaseQueue(path: path.string)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func permissions(_ path: FilePath) -> UInt16? {
        FileStatus(following: path).map { UInt16($0.permissions.rawValue) }
    }

    @Test(arguments: [
        "CREATE TRIGGER t AFTER UPDATE ON clip BEGIN DELETE FROM clip; END",
        "CREATE VIEW v AS SELECT * FROM clip", "CREATE TABLE other (x)",
        "CREATE VIRTUAL TABLE other USING fts5(a)",
        "DROP TABLE clipText; CREATE VIEW clipText AS SELECT 1 AS clipId, 'x' AS text",
    ])
    func whatIsNotOursIsRefused(sql: String) async throws {
        try await make()
        try execute(sql)
        let error = await #expect(throws: EightCutError.self) { try await Library.open(home) }
        #expect(error?.code == .outputUnusable && error?.subject == path.string)
        let count = try await DatabaseQueue(path: path.string).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM clip")
        }
        #expect(count == 1)
    }

    /// A trigger that appears while the library is open does not run.
    @Test func triggersNeverRun() async throws {
        try await make()
        let library = try await Library.open(home)
        try execute("CREATE TRIGGER t AFTER UPDATE ON clip BEGIN DELETE FROM label; END")
        try await library.relabel(1, label: "dog", category: nil)
        #expect(try await library.clip(1)?.label == "dog")
    }

    @Test func masksStillGoWithTheirClip() async throws {
        try await make()
        let library = try await Library.open(home)
        try await library.recordMasks(
            of: 1,
            method: "depth",
            path: "/clips/x_001_masks",
            settings: "{}",
            frameCount: 1
        )
        try await library.remove([1])
        #expect(try await library.masks(of: 1).isEmpty)
    }

    @Test(arguments: ["1.5", "-0.1", "'high'", "9e999"])
    func masksWithAConfidenceThatNoneHaveAreLeftOut(confidence: String) async throws {
        try await make()
        let library = try await Library.open(home)
        for name in ["x_001_masks", "near"] {
            try await library.recordMasks(
                of: 1,
                method: "depth",
                path: "/clips/\(name)",
                settings: "{}",
                frameCount: 1
            )
        }
        try execute("UPDATE maskRun SET confidence = \(confidence) WHERE path LIKE '%_masks'")
        #expect(try await library.masks(of: 1).map(\.path) == ["/clips/near"])
    }

    @Test func onlyTheOwnerMayReadIt() async throws {
        try await make()
        #expect(permissions(home.path) == 0o700)
        #expect(permissions(path) == 0o600)
        // What an earlier version has made is narrowed.
        chmod(home.path.string, 0o755)
        chmod(path.string, 0o644)
        for name in ["settings.json", "session.json"] {
            try AtomicFile.write("{}", to: home.path.appending(name))
        }
        let library = try await Library.open(home)
        #expect(permissions(home.path) == 0o700)
        for name in try Folder.names(in: home.path) {
            #expect(permissions(home.path.appending(name)) == 0o600, "\(name)")
        }
        #expect(try await library.clips().count == 1)
    }

    @Test func aFolderThatSeveralUsersShareStaysShared() async throws {
        try Folder.create(home.path)
        chmod(home.path.string, 0o1777)
        _ = try await Library.open(home)
        #expect(permissions(home.path) == 0o1777)
        #expect(permissions(path) == 0o600)
    }

    @Test(arguments: ["library.sqlite", "library.sqlite-wal", "library.sqlite-shm"])
    func linksAndPipesAreNotFollowed(name: String) async throws {
        try await make()
        let file = home.path.appending(name)
        let precious = folder["precious"]
        try AtomicFile.write("keep", to: precious)
        for make in [
            { symlink(precious.string, file.string) }, { mkfifo(file.string, 0o600) },
            { link(precious.string, file.string) },
        ] {
            unlink(file.string)
            #expect(make() == 0)
            let error = await #expect(throws: EightCutError.self) { try await Library.open(home) }
            #expect(error?.subject == file.string)
            #expect(try MaskSet.bytes(of: precious) == Array("keep".utf8))
        }
    }

    /// The ML tools hold the lock of the folder for as long as they are installed.
    @Test func anInstallationDoesNotKeepTheLibraryClosed() async throws {
        try await make()
        let lock = try FolderLock(home.path)
        let library = try await Library.open(home)
        #expect(try await library.clips().count == 1)
        withExtendedLifetime(lock) {}
    }

    @Test func damagedRecordsAreNamedAndLeftOut() async throws {
        try await make()
        let library = try await Library.open(home)
        try await Samples.add(Samples.draft("/clips/x_002.mp4"), to: library)
        try execute("UPDATE clip SET start = 'x' WHERE id = 1")
        #expect(try await library.clips().map(\.id) == [2])
        #expect(try await library.damagedRecords().map(\.column) == ["start"])
        let error = await #expect(throws: EightCutError.self) { try await library.clip(1) }
        #expect(error?.code == .outputUnusable && error?.why.contains("start") == true)
    }
}
