import ClipLibrary
import Diagnostics
import Files
import GRDB
import SystemPackage
import TestSupport
import Testing

/// A library that another program has written to, or that is damaged.
@Suite struct LibraryRowTests {
    /// Rows with values of every kind in every column are listed or refused, and `check`, also where
    /// it repairs, changes nothing outside the folder of the clips.
    @Test func rows() async throws {
        var inputs = HostileInputs("library-rows", [[]])
        inputs.share = 0.25
        let scratch = try TemporaryFolder()
        let template = try await Self.makeLibrary(EightCutHome(scratch.path))
        try await inputs.run { input in
            let home = EightCutHome(input.folder.appending("home"))
            try Folder.create(home.path)
            let path = home.path.appending(Library.fileName)
            try template.withUnsafeBytes { try AtomicFile.write($0, to: path) }
            try Self.damage(path, &input.mutator, folder: input.folder)
            try await Self.useEverything(of: home, in: input.folder)
        }
    }

    /// A file with flipped, removed and repeated bytes.
    @Test func files() async throws {
        let scratch = try TemporaryFolder()
        let template = try await Self.makeLibrary(EightCutHome(scratch.path))
        var inputs = HostileInputs("library-file", [template])
        inputs.share = 0.25
        try await inputs.run { input in
            let home = EightCutHome(input.folder.appending("home"))
            try Folder.create(home.path)
            let path = home.path.appending(Library.fileName)
            try input.bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
            try await Self.useEverything(of: home, in: input.folder)
        }
    }

    // MARK: Use

    private static func useEverything(of home: EightCutHome, in folder: FilePath) async throws {
        guard let library = try await Library.openExisting(home) else { return }
        // Each of them is refused or answered, whatever the others do.
        let finished = await refusing { try await library.clips() }
        let pending = await refusing { try await library.pendingClips() }
        await refusing { _ = try await library.lastClip() }
        await refusing { _ = try await library.labels() }
        await refusing { _ = try await library.changeMark() }
        await refusing { _ = try await library.currentVerdicts() }
        await refusing { _ = try await library.scores() }
        var filter = ClipFilter()
        filter.words = ["dog", "%"]
        filter.folder = folder.string
        await refusing { [filter] in _ = try await library.clips(filter, limit: 5, offset: 1) }
        for id in [1, 2, 3, .max, .min] as [Int64] {
            await refusing { _ = try await library.clip(id) }
            await refusing { _ = try await library.masks(of: id) }
            await refusing { _ = try await library.verdicts(of: id) }
            await refusing { _ = try await library.reviews(of: [id]) }
        }
        for clip in (finished ?? []) + (pending ?? []) {
            _ = clip.draft
            await refusing { _ = try await library.clip(at: clip.path) }
            await refusing { _ = try JSONText.line(clip.info) }
        }
        await refusing { _ = try await LibraryCheck(library, fixes: false).run() }
        await refusing { _ = try await LibraryCheck(library, fixes: true).run() }
        await refusing { _ = try await library.clips() }
    }

    @discardableResult
    private static func refusing<Answer>(
        _ body: () async throws -> Answer
    ) async -> Answer? {
        do { return try await body() } catch is EightCutError {
        } catch is EncodingError {
            // Values that JSON cannot hold are the caller's to report.
        } catch {
            Issue.record("\(type(of: error)): \(error)")
        }
        return nil
    }

    // MARK: Rows

    /// The bytes of a library with three clips, labels and masks.
    private static func makeLibrary(_ home: EightCutHome) async throws -> [UInt8] {
        _ = try await Library.open(home)
        let path = home.path.appending(Library.fileName)
        let queue = try DatabaseQueue(path: path.string)
        try await queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = DELETE")
            try database.execute(sql: rows)
        }
        try queue.close()
        return try MaskSet.bytes(of: path)
    }

    private static let rows = """
        INSERT INTO source VALUES (1, 123, 'ab', '/v/a.mp4', 1.5);
        INSERT INTO label VALUES (1, 'dog', 'Animal');
        INSERT INTO clip VALUES
        (1, 1, 1, '/c/a_001.mp4', 1500000000, 8.0, 192, '24/1', 320, 180, 48000, 384000, '{}', 2.5,
         NULL, 99, 'cd', 0),
        (2, 1, NULL, '/c/b_001.mp4', 0, 8.0, 192, '24/1', 320, 180, NULL, NULL, '{}', 3.5,
         '{}', NULL, NULL, 0),
        (3, 1, 1, '/c/c_001', 7, 1.0, 10, '30000/1001', 320, 180, 48000, 48000, '{}', 4.5,
         NULL, 1, 'ef', 0);
        INSERT INTO maskRun VALUES (1, 1, 'saliency', '/c/a_001_masks', '{}', 192, 0, 3.0,
         0.5, 0.75, 'digest');
        INSERT INTO verdict VALUES (1, 1, 'anna', 'digest', 'keep', 4.5, 'worst', 0.75);
        INSERT INTO clipText VALUES (1, 'dog a_001'), (2, 'b_001'), (3, 'dog c_001');
        """

    private static let columns = [
        "source": ["bytes", "hash", "path", "addedAt"], "label": ["name", "category"],
        "clip": [
            "labelId", "path", "start", "duration", "frameCount", "frameRate", "width", "height",
            "sampleRate", "sampleCount", "settings", "cutAt", "pending", "bytes", "hash",
        ],
        "maskRun": [
            "method", "path", "settings", "frameCount", "isStale", "madeAt", "confidence",
            "score", "digest",
        ],
        "verdict": ["reviewer", "masksDigest", "verdict", "time", "draw", "score"],
        "clipText": ["text"],
    ]

    /// Writes other values into the rows, and sometimes triggers and views into the schema.
    private static func damage(
        _ path: FilePath,
        _ mutator: inout Mutator,
        folder: FilePath
    ) throws {
        var statements: [String] = []
        for _ in 0..<Int.random(in: 1...6, using: &mutator) {
            let table = mutator.one(of: columns.keys.sorted()) ?? "clip"
            let column = mutator.one(of: columns[table] ?? []) ?? "path"
            let value = value(&mutator, folder)
            let key = table == "clipText" ? "clipId" : "id"
            let row = Int.random(in: 1...3, using: &mutator)
            statements.append("UPDATE \(table) SET \(column) = \(value) WHERE \(key) = \(row)")
        }
        if mutator.isOne(in: 6) { statements.append(mutator.one(of: schemas) ?? "") }
        let queue = try DatabaseQueue(path: path.string)
        queue.writeWithoutTransaction { database in
            // What a table refuses stays as it was.
            for statement in statements { try? database.execute(sql: statement) }
        }
        try queue.close()
    }

    private static func value(_ mutator: inout Mutator, _ folder: FilePath) -> String {
        let root = folder.removingLastComponent().string
        let draft = """
            {"path":"\(root)/inside/a.mp4","pending":"\(root)/other","start":0,"duration":1.0,
            "frameCount":10,"frameRate":"10","width":320,"height":240,"settings":"{}"}
            """
        var texts = [
            root + "/other", root + "/other/keep.txt", root + "/inside/../other", root,
            root + "/inside/x/../../masks.json", "/", "", ".", "..", "~", "relative/a.mp4",
            "/proc/self/mem", "/dev/zero", "/dev/null", String(repeating: "a/", count: 3000),
            "a\u{301}/\u{301}", "\u{1b}[31m", "=cmd|'/c calc'!A0", draft, "{", "[]",
            "0/0", "9223372036854775807/1", "-1", "1e308", "nan", "depth", "dog",
        ]
        if mutator.isOne(in: 3) {
            texts = [String(decoding: mutator.mutated([Array(draft.utf8)]), as: UTF8.self)]
        }
        let literals = [
            "9223372036854775807", "-9223372036854775808", "9e999", "-9e999", "1e308", "1e18", "0",
            "-1", "2147483648", "0.5", "NULL", "''", "x''", "x'00'", "x'ff'", "zeroblob(100000)",
            "CAST(x'ff41' AS TEXT)", "CAST(x'4100ff' AS TEXT)", "-0.0", "1e-320",
        ]
        if mutator.isOne(in: 2) { return mutator.one(of: literals) ?? "NULL" }
        let text = (mutator.one(of: texts) ?? "").replacing("\0", with: "")
        return "'" + text.unicodeScalars.map { $0 == "'" ? "''" : String($0) }.joined() + "'"
    }

    private static let schemas = [
        "CREATE TRIGGER t AFTER UPDATE ON clip BEGIN DELETE FROM label; END",
        "CREATE TRIGGER t AFTER DELETE ON clip BEGIN DELETE FROM source; END",
        "DROP TABLE maskRun", "DROP TABLE clipText", "ALTER TABLE clip DROP COLUMN hash",
        "DELETE FROM grdb_migrations", "INSERT INTO grdb_migrations VALUES ('later')",
        "CREATE VIEW v AS SELECT * FROM clip", "PRAGMA user_version = 99",
        "DROP TABLE label; CREATE VIEW label AS SELECT 1 AS id, 'a' AS name, 'b' AS category",
    ]
}
