import Files
import GRDB
import Glibc
import SystemPackage

extension Library {
    /// Notes clips that are about to be cut out of one video.
    ///
    /// A video is known by its content, so that one that was moved or renamed is the same.
    ///
    /// - Parameters:
    ///   - drafts: the clips.
    ///   - source: where the video is.
    ///   - fingerprint: what it is known by.
    /// - Returns: their numbers, in their order.
    /// - Throws: `EightCutError` when the library cannot be written.
    package func begin(
        _ drafts: [ClipDraft],
        of source: FilePath,
        _ fingerprint: FileFingerprint
    ) async throws -> [Int64] {
        try await write { database in
            let sourceId = try Self.source(source, fingerprint, database)
            return try drafts.map { draft in
                // A clip that is gone from the disk leaves its place to a new one.
                try database.execute(
                    sql: "DELETE FROM clip WHERE path = ?",
                    arguments: [draft.path]
                )
                try Self.insert(draft, sourceId, database)
                return database.lastInsertedRowID
            }
        }
    }

    /// Notes that a clip is in its place.
    package func finish(_ id: Int64, _ draft: ClipDraft, _ file: FileFingerprint) async throws {
        try await write { database in
            try Self.update(id, draft, database)
            try database.execute(
                sql: "UPDATE clip SET bytes = ?, hash = ?, cutAt = ? WHERE id = ?",
                arguments: [file.bytes, file.headAndTailSHA256, now(), id]
            )
        }
    }

    /// Notes that a clip is about to be cut again, with other values; its masks do not fit it any
    /// more when `finish` is called.
    package func beginAgain(_ id: Int64, _ draft: ClipDraft) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE clip SET pending = ? WHERE id = ?",
                arguments: [draft.json, id]
            )
        }
    }

    /// Forgets that a clip was to be cut again.
    package func abandonAgain(_ id: Int64) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE clip SET pending = NULL WHERE id = ?",
                arguments: [id]
            )
        }
    }

    /// Says that the masks of a clip were made before it was cut as it is now.
    package func markMasksStale(_ id: Int64) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE maskRun SET isStale = 1 WHERE clipId = ?",
                arguments: [id]
            )
        }
    }

    /// Forgets clips. Files are not touched.
    package func remove(_ ids: [Int64]) async throws {
        try await write { database in
            for id in ids {
                try database.execute(sql: "DELETE FROM clip WHERE id = ?", arguments: [id])
            }
        }
    }

    /// Puts a clip back that was taken out, with its number and its masks.
    ///
    /// - Throws: `EightCutError` when the library cannot be written, or something else has taken
    ///   its place meanwhile.
    package func restore(_ clip: LibraryClip, _ masks: [LibraryMasks]) async throws {
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
                        INSERT INTO maskRun
                        (clipId, method, path, settings, frameCount, isStale, madeAt)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        clip.id, run.method, run.path, run.settings, run.frameCount, run.isStale,
                        run.madeAt,
                    ]
                )
            }
        }
    }

    /// Gives a clip another label, another category, or both; nil leaves what there is.
    package func relabel(_ id: Int64, label: String?, category: String?) async throws {
        try await write { database in
            guard let clip = try LibraryClip.find(id, database) else { return }
            let (name, kind) = (label ?? clip.label, category ?? clip.category)
            try database.execute(
                sql: "UPDATE clip SET labelId = ? WHERE id = ?",
                arguments: [try Self.label(name, kind, database), id]
            )
            try Self.setText(id, database)
        }
    }

    /// Notes what the file of a clip is like now.
    package func setFingerprint(_ id: Int64, _ file: FileFingerprint) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE clip SET bytes = ?, hash = ?, pending = NULL WHERE id = ?",
                arguments: [file.bytes, file.headAndTailSHA256, id]
            )
        }
    }

    /// Notes masks; those that were in the same folder before are forgotten.
    ///
    /// - Parameters:
    ///   - id: the clip.
    ///   - method: the method's name.
    ///   - path: the folder, absolute.
    ///   - settings: the method's settings as JSON.
    ///   - frameCount: how many masks.
    /// - Throws: `EightCutError` when the library cannot be written.
    package func recordMasks(
        of id: Int64,
        method: String,
        path: String,
        settings: String,
        frameCount: Int
    ) async throws {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO maskRun
                    (clipId, method, path, settings, frameCount, isStale, madeAt)
                    VALUES (?, ?, ?, ?, ?, 0, ?)
                    """,
                arguments: [id, method, path, settings, frameCount, now()]
            )
        }
    }

    /// Forgets masks that are gone.
    package func removeMasks(of id: Int64, path: String) async throws {
        try await write { database in
            try database.execute(
                sql: "DELETE FROM maskRun WHERE clipId = ? AND path = ?",
                arguments: [id, path]
            )
        }
    }
}

/// Seconds since 1970.
func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
