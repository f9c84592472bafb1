import ClipLibrary
import Diagnostics
import Files
import GRDB
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Each step of the library's tables keeps what the steps before it have made.
@Suite struct MigrationTests {
    private static let source = """
        INSERT INTO source (bytes, hash, path, addedAt) VALUES (5, 'h', '/videos/Movie.mp4', 1)
        """
    private static let label = "INSERT INTO label (name, category) VALUES ('Dog', 'Animal')"
    private static let clip = """
        INSERT INTO clip (sourceId, labelId, path, start, duration, frameCount, frameRate, width,
        height, settings, cutAt) VALUES (1, 1, '/clips/x_001.mp4', 5000000000, 8.0, 200, '25/1',
        640, 360, '{}', 1700000000)
        """

    /// A database that has gone through the steps up to one.
    private func database(upTo step: Int) throws -> DatabaseQueue {
        let queue = try DatabaseQueue()
        try LibrarySchema.migrator.migrate(queue, upTo: LibrarySchema.steps[step])
        return queue
    }

    private func fill(_ queue: DatabaseQueue) throws {
        try queue.write { database in
            for sql in [Self.source, Self.label, Self.clip] { try database.execute(sql: sql) }
        }
    }

    @Test func theStepsAreThoseThatWerePublished() {
        let published = [
            "clips", "masks", "search", "unlisted", "places", "confidence", "verdicts",
        ]
        #expect(LibrarySchema.steps == published)
        #expect(LibrarySchema.migrator.migrations == LibrarySchema.steps)
    }

    @Test func theFirstStepMakesClips() throws {
        let queue = try database(upTo: 0)
        try fill(queue)
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM clip") } == 1)
        #expect(throws: DatabaseError.self) {
            try queue.write { try $0.execute(sql: "DELETE FROM source") }
        }
    }

    @Test func theSecondStepAddsMasksThatGoWithTheirClip() throws {
        let queue = try database(upTo: 0)
        try fill(queue)
        try LibrarySchema.migrator.migrate(queue, upTo: LibrarySchema.steps[1])
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO maskRun (clipId, method, path, settings, frameCount, madeAt)
                    VALUES (1, 'depth', '/clips/x_001_masks', '{}', 200, 1)
                    """
            )
            #expect(try Bool.fetchOne(database, sql: "SELECT isStale FROM maskRun") == false)
            try database.execute(sql: "DELETE FROM clip")
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM maskRun") == 0)
        }
    }

    @Test func theThirdStepFindsClipsThatWereThere() async throws {
        let queue = try database(upTo: 1)
        try fill(queue)
        let library = try Library(queue, path: ":memory:")
        var filter = ClipFilter()
        for (words, count) in [
            (["dog"], 1), (["ANIMAL", "x_0"], 1), (["movie"], 1), (["cat"], 0),
            (["dog", "cat"], 0),
        ] {
            filter.words = words
            #expect(try await library.clips(filter).count == count, "\(words)")
        }
        let clip = try #require(try await library.clip(1))
        #expect(clip.label == "Dog" && clip.source == "/videos/Movie.mp4" && clip.pending == nil)
        #expect(try await library.lastClip() == clip)
    }

    /// Earlier versions recorded folders as they were typed.
    @Test func theFifthStepFindsWhereFoldersAre() async throws {
        let folder = try TemporaryFolder()
        let clips = folder["clips"]
        try Samples.write(clips.appending("x_001.mp4"))
        try Samples.write(clips.appending("y_001.mp4"))
        #expect(symlink(clips.string, folder["link"].string) == 0)
        let queue = try database(upTo: 3)
        try await queue.write { database in
            try database.execute(sql: Self.source)
            for path in ["/gone/../clips/x_001.mp4", "/link/y_001.mp4"] {
                try database.execute(
                    sql: """
                        INSERT INTO clip (sourceId, path, start, duration, frameCount, frameRate,
                        width, height, settings, cutAt)
                        VALUES (1, ?, 0, 8.0, 200, '25/1', 640, 360, '{}', 1)
                        """,
                    arguments: [folder.path.string + path]
                )
            }
        }
        let library = try Library(queue, path: ":memory:")
        var filter = ClipFilter()
        filter.folder = LibraryPath.plain(clips).string
        let found = try await library.clips(filter).map { FilePath($0.path).lastComponent?.string }
        #expect(found == ["y_001.mp4", "x_001.mp4"])
    }

    /// Nobody knows how sure a method was of masks that earlier versions recorded.
    @Test func theSixthStepKeepsMasks() async throws {
        let queue = try database(upTo: 4)
        try fill(queue)
        try await queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO maskRun (clipId, method, path, settings, frameCount, madeAt)
                    VALUES (1, 'saliency', '/clips/x_001_masks', '{}', 200, 1)
                    """
            )
        }
        let library = try Library(queue, path: ":memory:")
        let masks = try await library.masks(of: 1)
        #expect(masks.map(\.path) == ["/clips/x_001_masks"] && masks.map(\.confidence) == [nil])
        try await library.recordMasks(
            of: 1,
            method: "saliency",
            path: "/clips/x_001_masks",
            settings: "{}",
            frameCount: 200,
            confidence: 0.5
        )
        #expect(try await library.masks(of: 1).map(\.confidence) == [0.5])
    }

    /// Masks that earlier versions recorded have no score, and nobody has judged them.
    @Test func theSeventhStepKeepsMasks() async throws {
        let queue = try database(upTo: 5)
        try fill(queue)
        try await queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO maskRun
                    (clipId, method, path, settings, frameCount, madeAt, confidence)
                    VALUES (1, 'saliency', '/clips/x_001_masks', '{}', 200, 1, 0.5)
                    """
            )
        }
        let library = try Library(queue, path: ":memory:")
        let masks = try await library.masks(of: 1)
        #expect(masks.map(\.confidence) == [0.5])
        #expect(masks.map(\.score) == [nil] && masks.map(\.digest) == [nil])
        let verdict = ClipVerdict(clip: 1, .keep, by: "anna", at: 1, masksDigest: "")
        try await library.record([verdict])
        #expect(try await library.currentVerdicts() == [verdict])
    }

    @Test func aLibraryOfALaterVersionIsLeftAlone() throws {
        let queue = try DatabaseQueue()
        var migrator = LibrarySchema.migrator
        migrator.registerMigration("later") { try $0.execute(sql: "CREATE TABLE later (x)") }
        try migrator.migrate(queue)
        #expect(throws: EightCutError.self) { try Library(queue, path: "x") }
    }

    @Test func aDamagedFileIsRefusedAndKept() async throws {
        let folder = try TemporaryFolder()
        let home = EightCutHome(folder["home"])
        let path = home.path.appending(Library.fileName)
        try Samples.write(path, String(repeating: "no database ", count: 1000))
        let error = await #expect(throws: EightCutError.self) { try await Library.open(home) }
        #expect(error?.code == .outputUnusable && error?.subject == path.string)
        #expect(try MaskSet.bytes(of: path).count == 12_000)
    }
}
