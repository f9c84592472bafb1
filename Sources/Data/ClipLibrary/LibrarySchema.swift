import Diagnostics
import GRDB

/// The migrations of the library's tables. A published migration is never changed; changes are added
/// as new ones.
package enum LibrarySchema {
    /// The names of the migrations, in their order.
    package static let steps = [
        "clips", "masks", "search", "unlisted", "places", "confidence", "verdicts",
    ]

    package static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration(steps[0], migrate: makeClips)
        migrator.registerMigration(steps[1], migrate: makeMasks)
        migrator.registerMigration(steps[2], migrate: makeSearch)
        migrator.registerMigration(steps[3], migrate: markUnlisted)
        migrator.registerMigration(steps[4], migrate: settlePlaces)
        migrator.registerMigration(steps[5], migrate: addConfidence)
        migrator.registerMigration(steps[6], migrate: addVerdicts)
        return migrator
    }

    /// The tables that are ours, and those of SQLite and GRDB.
    private static let tables: Set = [
        "source", "label", "clip", "maskRun", "clipText", "verdict", "grdb_migrations",
        "sqlite_sequence",
    ]

    /// Makes sure that a database has nothing but our tables and their indexes: no triggers, views
    /// or virtual tables, which would run when ours are used.
    ///
    /// - Throws: `EightCutError` that names what else there is; nothing of a later version.
    static func check(_ database: Database, path: String) throws {
        let rows = try Row.fetchAll(
            database,
            sql:
                "SELECT type, name, tbl_name, coalesce(sql, '') AS sql FROM sqlite_master LIMIT 1000"
        )
        func text(_ row: Row, _ column: String) throws -> String {
            try row.decode(String?.self, forColumn: column) ?? ""
        }
        var others: [String] = []
        var hasOtherTables = false
        for row in rows {
            let (type, name) = (try text(row, "type"), try text(row, "name"))
            let isVirtual = try text(row, "sql").utf8.prefix(14).elementsEqual(
                "CREATE VIRTUAL".utf8
            )
            switch type {
            case "table" where !isVirtual:
                let isOfStatistics = name.utf8.starts(with: "sqlite_stat".utf8)
                if !tables.contains(name), !isOfStatistics { hasOtherTables = true }
            case "index": break
            default: others.append("\(type) \(quoted(name))")
            }
        }
        // A later version may have other tables; it says so in its migrations.
        let isLater =
            try others.isEmpty && hasOtherTables && migrator.hasBeenSuperseded(database)
        guard others.isEmpty, !hasOtherTables || isLater else {
            let what = others.isEmpty ? "other tables" : others.prefix(3).joined(separator: ", ")
            throw EightCutError(
                .outputUnusable,
                "cannot use the library",
                on: path,
                because: "8cut did not make all that is in it: \(what)",
                remedy: "Move the file away; dataset.json in each folder still lists the clips."
            )
        }
    }

    private static func makeClips(_ database: Database) throws {
        try database.create(table: "source") { table in
            table.autoIncrementedPrimaryKey("id")
            table.column("bytes", .integer).notNull()
            table.column("hash", .text).notNull()
            table.column("path", .text).notNull()
            table.column("addedAt", .double).notNull()
            table.uniqueKey(["bytes", "hash"])
        }
        try database.create(table: "label") { table in
            table.autoIncrementedPrimaryKey("id")
            table.column("name", .text).notNull()
            table.column("category", .text).notNull()
            table.uniqueKey(["name", "category"])
        }
        try database.create(table: "clip") { table in
            table.autoIncrementedPrimaryKey("id")
            table.column("sourceId", .integer).notNull().indexed()
                .references("source", onDelete: .restrict)
            table.column("labelId", .integer).indexed().references("label", onDelete: .restrict)
            table.column("path", .text).notNull().unique()
            table.column("start", .integer).notNull()
            table.column("duration", .double).notNull()
            table.column("frameCount", .integer).notNull()
            table.column("frameRate", .text).notNull()
            table.column("width", .integer).notNull()
            table.column("height", .integer).notNull()
            table.column("sampleRate", .integer)
            table.column("sampleCount", .integer)
            table.column("settings", .text).notNull()
            table.column("cutAt", .double).notNull()
            table.column("pending", .text)
            table.column("bytes", .integer)
            table.column("hash", .text)
        }
        try database.create(index: "clipByStart", on: "clip", columns: ["sourceId", "start"])
        try database.create(index: "clipByTime", on: "clip", columns: ["cutAt"])
    }

    private static func makeMasks(_ database: Database) throws {
        try database.create(table: "maskRun") { table in
            table.autoIncrementedPrimaryKey("id")
            table.column("clipId", .integer).notNull().references("clip", onDelete: .cascade)
            table.column("method", .text).notNull()
            table.column("path", .text).notNull()
            table.column("settings", .text).notNull()
            table.column("frameCount", .integer).notNull()
            table.column("isStale", .boolean).notNull().defaults(to: false)
            table.column("madeAt", .double).notNull()
            table.uniqueKey(["clipId", "path"])
        }
    }

    /// One short column is fast to scan where no index helps, as for a part of a word.
    private static func makeSearch(_ database: Database) throws {
        try database.create(table: "clipText") { table in
            table.primaryKey("clipId", .integer).references("clip", onDelete: .cascade)
            table.column("text", .text).notNull()
        }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT clip.id, clip.path, source.path AS source, label.name, label.category
                FROM clip JOIN source ON source.id = clip.sourceId
                LEFT JOIN label ON label.id = clip.labelId
                """
        )
        for row in rows {
            let text = try ClipText.make(
                path: row.decode(forColumn: "path"),
                source: row.decode(forColumn: "source"),
                label: row.decode(forColumn: "name"),
                category: row.decode(forColumn: "category")
            )
            try database.execute(
                sql: "INSERT INTO clipText (clipId, text) VALUES (?, ?)",
                arguments: [row.decode(Int64.self, forColumn: "id"), text]
            )
        }
    }

    /// Clips whose entry in `dataset.json` is to be written: another number after each change, 0
    /// when it is written.
    private static func markUnlisted(_ database: Database) throws {
        try database.execute(
            sql: "ALTER TABLE clip ADD COLUMN unlisted INTEGER NOT NULL DEFAULT 0"
        )
    }

    /// Folders and videos that were recorded as they were typed get the path of where they are, and
    /// the search texts are folded.
    private static func settlePlaces(_ database: Database) throws {
        try Library.settleSources(database)
        try Library.settleFolders(database)
        for id in try Int64.fetchAll(database, sql: "SELECT clipId FROM clipText") {
            // A damaged record keeps its text.
            try? Library.setText(id, database)
        }
    }

    /// How far masks can be trusted. Nobody has asked that of those that were made before.
    private static func addConfidence(_ database: Database) throws {
        try database.execute(sql: "ALTER TABLE maskRun ADD COLUMN confidence DOUBLE")
    }

    /// The score of masks, what they are known by, and what people think of them. A person has one
    /// verdict on the same masks of a clip.
    private static func addVerdicts(_ database: Database) throws {
        try database.execute(sql: "ALTER TABLE maskRun ADD COLUMN score DOUBLE")
        try database.execute(sql: "ALTER TABLE maskRun ADD COLUMN digest TEXT")
        try database.create(index: "maskRunByDigest", on: "maskRun", columns: ["digest"])
        try database.create(table: "verdict") { table in
            table.autoIncrementedPrimaryKey("id")
            table.column("clipId", .integer).notNull().references("clip", onDelete: .cascade)
            table.column("reviewer", .text).notNull()
            table.column("masksDigest", .text).notNull()
            table.column("verdict", .text).notNull()
            table.column("time", .double).notNull()
            table.column("draw", .text).notNull()
            table.column("score", .double)
            table.uniqueKey(["clipId", "reviewer", "masksDigest"])
        }
    }
}
