import Files
import GRDB
import SystemPackage

extension Library {
    /// Records a clip that another program has cut. What the library knows stays as it is: nothing
    /// is done for a path that it knows already.
    ///
    /// - Parameters:
    ///   - info: the clip.
    ///   - file: its content.
    ///   - source: the path of the video.
    ///   - content: the video's content.
    /// - Returns: the number of the clip; nil where its path is known.
    /// - Throws: `EightCutError` when the library cannot be written.
    package func adopt(
        _ info: ClipInfo,
        _ file: FileFingerprint,
        of source: FilePath,
        _ content: FileFingerprint
    ) async throws -> Int64? {
        try await write { database in
            let known = try Int64.fetchOne(
                database,
                sql: "SELECT id FROM clip WHERE path = ?",
                arguments: [info.path]
            )
            guard known == nil else { return nil }
            let sourceId = try Self.knownSource(content, database)
            try Self.insert(
                ClipDraft(info, pending: ""),
                try sourceId ?? Self.source(source, content, database),
                database
            )
            let id = try Int64.fetchOne(
                database,
                sql: "SELECT id FROM clip WHERE path = ?",
                arguments: [info.path]
            )
            guard let id else { return nil }
            try database.execute(
                sql: "UPDATE clip SET pending = NULL, bytes = ?, hash = ? WHERE id = ?",
                arguments: [file.bytes, file.headAndTailSHA256, id]
            )
            try Self.markUnlisted(id, database)
            return id
        }
    }

    private static func knownSource(
        _ content: FileFingerprint,
        _ database: Database
    ) throws -> Int64? {
        try Int64.fetchOne(
            database,
            sql: "SELECT id FROM source WHERE bytes = ? AND hash = ?",
            arguments: [content.bytes, content.headAndTailSHA256]
        )
    }
}
