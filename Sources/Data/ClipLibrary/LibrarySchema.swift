import GRDB

/// The migrations of the library's tables. A published migration is never changed; changes are added
/// as new ones.
package enum LibrarySchema {
    /// The names of the migrations, in their order.
    package static let steps = ["clips", "masks", "search"]

    package static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration(steps[0], migrate: makeClips)
        migrator.registerMigration(steps[1], migrate: makeMasks)
        migrator.registerMigration(steps[2], migrate: makeSearch)
        return migrator
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
}
