import Diagnostics
import Files
import GRDB
import Glibc
import SystemPackage

extension Library {
    /// Records clips that are about to be cut from one video, which is identified by its content:
    /// after a move or a rename it is the same.
    ///
    /// - Parameters:
    ///   - drafts: the clips.
    ///   - source: the path of the video.
    ///   - fingerprint: the video's fingerprint.
    /// - Returns: the numbers of the clips, in their order.
    /// - Throws: `EightCutError` when the library cannot be written.
    package func begin(
        _ drafts: [ClipDraft],
        of source: FilePath,
        _ fingerprint: FileFingerprint
    ) async throws -> [Int64] {
        try await write { database in
            let sourceId = try Self.source(source, fingerprint, database)
            return try drafts.map { draft in
                // Only a clip whose file is gone can have the path of a new one.
                try database.execute(
                    sql: "DELETE FROM clip WHERE path = ?",
                    arguments: [draft.path]
                )
                try Self.insert(draft, sourceId, database)
                return database.lastInsertedRowID
            }
        }
    }

    /// Records that the files of a clip are complete under their temporary names. From here on they
    /// get their names, whatever happens.
    ///
    /// - Parameters:
    ///   - id: the clip.
    ///   - draft: with `file` and `fileNumber`.
    /// - Throws: `EightCutError` when the library cannot be written.
    package func complete(_ id: Int64, _ draft: ClipDraft) async throws {
        try await beginAgain(id, draft)
    }

    /// Records that a clip is finished. The masks of one that was cut before are stale.
    package func finish(_ id: Int64, _ draft: ClipDraft, _ file: FileFingerprint) async throws {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE maskRun SET isStale = 1 WHERE clipId = ?
                    AND (SELECT hash FROM clip WHERE id = ?) IS NOT NULL
                    """,
                arguments: [id, id]
            )
            try Self.update(id, draft, database)
            try Self.markUnlisted(id, database)
            try database.execute(
                sql: "UPDATE clip SET bytes = ?, hash = ?, cutAt = ? WHERE id = ?",
                arguments: [file.bytes, file.headAndTailSHA256, now(), id]
            )
        }
    }

    /// Records that a clip is about to be cut again with other values. After `finish` its masks are
    /// stale.
    ///
    /// - Parameters:
    ///   - id: the clip.
    ///   - draft: the clip as it will be.
    ///   - source: the path and the fingerprint of the video; nil for that of the clip.
    /// - Throws: `EightCutError` when the library cannot be written.
    package func beginAgain(
        _ id: Int64,
        _ draft: ClipDraft,
        of source: (path: FilePath, file: FileFingerprint)? = nil
    ) async throws {
        try await write { database in
            var draft = draft
            if let source {
                draft.source = try Self.source(source.path, source.file, database)
            }
            try database.execute(
                sql: "UPDATE clip SET pending = ? WHERE id = ?",
                arguments: [draft.json, id]
            )
        }
    }

    /// Drops the draft of a clip that was about to be cut again.
    package func abandonAgain(_ id: Int64) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE clip SET pending = NULL WHERE id = ?",
                arguments: [id]
            )
        }
    }

    /// Marks the masks of a clip as made before it was cut again.
    package func markMasksStale(_ id: Int64) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE maskRun SET isStale = 1 WHERE clipId = ?",
                arguments: [id]
            )
            try Self.markUnlisted(id, database)
        }
    }

    /// Removes clips from the library, not from the disk.
    package func remove(_ ids: [Int64]) async throws {
        try await write { database in
            for id in ids {
                try database.execute(sql: "DELETE FROM clip WHERE id = ?", arguments: [id])
            }
        }
    }

    /// Restores a removed clip with its number, its masks and what people think of them.
    ///
    /// - Throws: `EightCutError` when the library cannot be written, or the clip's path or number is
    ///   taken.
    package func restore(
        _ clip: LibraryClip,
        _ masks: [LibraryMasks],
        _ verdicts: [ClipVerdict] = []
    ) async throws {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO clip (id, sourceId, labelId, path, start, duration, frameCount,
                    frameRate, width, height, sampleRate, sampleCount, settings, cutAt, bytes, hash)
                    VALUES (?, (SELECT id FROM source WHERE path = ? ORDER BY id DESC LIMIT 1),
                    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    clip.id, clip.source, try Self.label(clip.label, clip.category, database),
                    clip.path, clip.start, clip.duration, clip.frameCount, clip.frameRate,
                    clip.width, clip.height, clip.sampleRate, clip.sampleCount, clip.settings,
                    clip.cutAt, clip.bytes, clip.hash,
                ]
            )
            try Self.setText(clip.id, database)
            for run in masks {
                try database.execute(
                    sql: """
                        INSERT INTO maskRun (clipId, method, path, settings, frameCount,
                        confidence, score, digest, isStale, madeAt)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        clip.id, run.method, run.path, run.settings, run.frameCount,
                        run.confidence, run.score, run.digest, run.isStale, run.madeAt,
                    ]
                )
            }
            for verdict in verdicts { try Self.insert(verdict, database) }
            try Self.markUnlisted(clip.id, database)
        }
    }

    /// Changes the label, the category, or both; nil keeps the old one.
    package func relabel(_ id: Int64, label: String?, category: String?) async throws {
        try await write { database in
            guard let clip = try LibraryClip.find(id, database) else { return }
            let (name, kind) = (label ?? clip.label, category ?? clip.category)
            try database.execute(
                sql: "UPDATE clip SET labelId = ? WHERE id = ?",
                arguments: [try Self.label(name, kind, database), id]
            )
            try Self.setText(id, database)
            try Self.markUnlisted(id, database)
        }
    }

    /// Records the fingerprint of a clip's file.
    package func setFingerprint(_ id: Int64, _ file: FileFingerprint) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE clip SET bytes = ?, hash = ?, pending = NULL WHERE id = ?",
                arguments: [file.bytes, file.headAndTailSHA256, id]
            )
        }
    }

    /// Records masks, in the place of older ones in the same folder.
    ///
    /// - Parameters:
    ///   - id: the clip.
    ///   - method: the method's name.
    ///   - path: the folder, absolute.
    ///   - settings: the method's settings as JSON.
    ///   - frameCount: the number of masks.
    ///   - confidence: how far they can be trusted, 0…1; nil where the method does not say.
    ///   - score: an estimate of their IoU with the true masks, 0…1; nil where they were not judged.
    ///   - digest: changes when the masks do; nil where that is not known.
    ///   - madeAt: in seconds since 1970; nil for now.
    /// - Throws: `EightCutError` when the library cannot be written.
    package func recordMasks(
        of id: Int64,
        method: String,
        path: String,
        settings: String,
        frameCount: Int,
        confidence: Double? = nil,
        score: Double? = nil,
        digest: String? = nil,
        madeAt: Double? = nil
    ) async throws {
        let path = LibraryPath.plainFile(FilePath(path)).string
        try await write { database in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO maskRun (clipId, method, path, settings, frameCount,
                    confidence, score, digest, isStale, madeAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
                    """,
                arguments: [
                    id, method, path, settings, frameCount, confidence, score, digest,
                    madeAt ?? now(),
                ]
            )
            try Self.markUnlisted(id, database)
        }
    }

    /// Removes masks from the library, not from the disk.
    package func removeMasks(of id: Int64, path: String) async throws {
        try await write { database in
            try database.execute(
                sql: "DELETE FROM maskRun WHERE clipId = ? AND path = ?",
                arguments: [id, path]
            )
            try Self.markUnlisted(id, database)
        }
    }
}

extension Library {
    /// Notes that the entry of a clip in `dataset.json` is to be written. Each change has a number
    /// of its own, so that writing the entry of an earlier one does not take the note away.
    static func markUnlisted(_ id: Int64, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE clip SET unlisted = ? WHERE id = ?",
            arguments: [Int64.random(in: 1 ... .max), id]
        )
    }

    /// The number of a video, which is inserted if it is new. One that was moved gets its new path,
    /// and so do the entries of its earlier clips in `dataset.json`.
    static func source(
        _ path: FilePath,
        _ fingerprint: FileFingerprint,
        _ database: Database
    ) throws -> Int64 {
        let path = LibraryPath.plainFile(path).string
        let known = try Row.fetchOne(
            database,
            sql: "SELECT id, path FROM source WHERE bytes = ? AND hash = ?",
            arguments: [fingerprint.bytes, fingerprint.headAndTailSHA256]
        )
        guard let known else {
            try database.execute(
                sql: "INSERT INTO source (bytes, hash, path, addedAt) VALUES (?, ?, ?, ?)",
                arguments: [fingerprint.bytes, fingerprint.headAndTailSHA256, path, now()]
            )
            return database.lastInsertedRowID
        }
        let id = try known.decode(Int64.self, forColumn: "id")
        let old = try? known.decode(String.self, forColumn: "path")
        guard old.map(path.isExactly) != true else { return id }
        try database.execute(
            sql: "UPDATE source SET path = ? WHERE id = ?",
            arguments: [path, id]
        )
        let clips = try Int64.fetchAll(
            database,
            sql: "SELECT id FROM clip WHERE sourceId = ?",
            arguments: [id]
        )
        for clip in clips {
            try setText(clip, database)
            try markUnlisted(clip, database)
        }
        return id
    }

    /// The number of a label, which is inserted if it is new; nil without label and category.
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

    /// Updates the search text of a clip.
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

    /// Gives a clip the values of a draft, and marks it as finished.
    static func update(
        _ id: Int64,
        _ draft: ClipDraft,
        _ database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE clip SET labelId = ?, start = ?, duration = ?, frameCount = ?,
                frameRate = ?, width = ?, height = ?, sampleRate = ?, sampleCount = ?,
                settings = ?, pending = NULL,
                sourceId = coalesce((SELECT id FROM source WHERE id = ?), sourceId) WHERE id = ?
                """,
            arguments: [
                try label(draft.label, draft.category, database),
                draft.start, draft.duration, draft.frameCount, draft.frameRate, draft.width,
                draft.height, draft.sampleRate, draft.sampleCount, draft.settings, draft.source, id,
            ]
        )
        try setText(id, database)
    }
}

/// Seconds since 1970.
func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
