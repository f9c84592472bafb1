import Files
import GRDB
import SystemPackage

extension Library {
    /// The number of a video, which is kept when it is new, and moved when it lies elsewhere.
    static func source(
        _ path: FilePath,
        _ fingerprint: FileFingerprint,
        _ database: Database
    ) throws -> Int64 {
        try database.execute(
            sql: """
                INSERT INTO source (bytes, hash, path, addedAt) VALUES (?, ?, ?, ?)
                ON CONFLICT (bytes, hash) DO UPDATE SET path = excluded.path
                """,
            arguments: [fingerprint.bytes, fingerprint.headAndTailSHA256, path.string, now()]
        )
        return try Int64.fetchOne(
            database,
            sql: "SELECT id FROM source WHERE bytes = ? AND hash = ?",
            arguments: [fingerprint.bytes, fingerprint.headAndTailSHA256]
        ) ?? 0
    }

    /// The number of a label; nil for a clip without.
    static func label(
        _ name: String?,
        _ category: String?,
        _ database: Database
    ) throws -> Int64? {
        guard name != nil || category != nil else { return nil }
        let values: StatementArguments = [name ?? "", category ?? ""]
        try database.execute(
            sql: "INSERT OR IGNORE INTO label (name, category) VALUES (?, ?)",
            arguments: values
        )
        return try Int64.fetchOne(
            database,
            sql: "SELECT id FROM label WHERE name = ? AND category = ?",
            arguments: values
        )
    }

    static func insert(_ draft: ClipDraft, _ sourceId: Int64, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO clip (sourceId, labelId, path, start, duration, frameCount, frameRate,
                width, height, sampleRate, sampleCount, settings, cutAt, pending)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                sourceId, try label(draft.label, draft.category, database), draft.path,
                draft.start, draft.duration, draft.frameCount, draft.frameRate, draft.width,
                draft.height, draft.sampleRate, draft.sampleCount, draft.settings, now(),
                draft.json,
            ]
        )
        try setText(database.lastInsertedRowID, database)
    }

    /// Notes anew what a clip is found by.
    static func setText(_ id: Int64, _ database: Database) throws {
        guard let clip = try LibraryClip.find(id, database) else { return }
        let text = ClipText.make(
            path: clip.path,
            source: clip.source,
            label: clip.label,
            category: clip.category
        )
        try database.execute(
            sql: "INSERT OR REPLACE INTO clipText (clipId, text) VALUES (?, ?)",
            arguments: [id, text]
        )
    }

    /// Gives a clip the values of a draft, and finishes it.
    static func update(
        _ id: Int64,
        _ draft: ClipDraft,
        _ database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE clip SET labelId = ?, start = ?, duration = ?, frameCount = ?,
                frameRate = ?, width = ?, height = ?, sampleRate = ?, sampleCount = ?,
                settings = ?, pending = NULL WHERE id = ?
                """,
            arguments: [
                try label(draft.label, draft.category, database),
                draft.start, draft.duration, draft.frameCount, draft.frameRate, draft.width,
                draft.height, draft.sampleRate, draft.sampleCount, draft.settings, id,
            ]
        )
        try setText(id, database)
    }
}
