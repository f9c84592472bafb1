import Diagnostics
import Files
import FoundationEssentials
import GRDB
import SystemPackage

/// Folders are known by where they are. A folder that was moved behind a link since, or that an
/// earlier version recorded as it was typed, gets its real path here.
extension Library {
    /// Gives all records of a folder that has another real path now that path.
    ///
    /// - Throws: `EightCutError` when the library cannot be read or written.
    package func settleFolders() async throws {
        guard !isReadOnly, try await read(Self.foldersElsewhere).isEmpty == false else { return }
        try await write { try Self.settleFolders($0) }
    }

    /// The folders of all clips, of their masks and of their videos, as they are recorded.
    ///
    /// - Throws: `EightCutError` when the library cannot be read.
    func folders() async throws -> [FilePath] {
        try await read { database in
            try ["clip", "maskRun", "source"].flatMap { try Self.recordedFolders(of: $0, database) }
        }.map { FilePath($0) }
    }

    /// Gives clips the paths to which their files were moved. Clips may take each other's places.
    ///
    /// - Throws: `EightCutError` when the library cannot be written, or a clip that is being cut has
    ///   one of the paths.
    func move(_ moves: [LibraryMove]) async throws {
        try await write { database in
            // No clip can have these.
            for move in moves {
                try database.execute(
                    sql: "UPDATE clip SET path = ? WHERE id = ?",
                    arguments: ["/.8cut-moving/\(move.clip.id)", move.clip.id]
                )
            }
            for move in moves {
                try database.execute(
                    sql: "UPDATE clip SET path = ? WHERE id = ?",
                    arguments: [move.to.string, move.clip.id]
                )
                try Self.setText(move.clip.id, database)
                try Self.markUnlisted(move.clip.id, database)
            }
        }
    }

    /// Gives masks the path to which their folder was moved.
    func moveMasks(of id: Int64, _ old: String, to new: FilePath) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE OR REPLACE maskRun SET path = ? WHERE clipId = ? AND path = ?",
                arguments: [new.string, id, old]
            )
            try Self.markUnlisted(id, database)
        }
    }

    static func settleFolders(_ database: Database) throws {
        for (old, new) in try foldersElsewhere(database) {
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT id, path, pending FROM clip WHERE path >= ? AND path < ?",
                arguments: [old + "/", old + "0"]
            )
            for row in rows {
                guard let path = try? row.decode(String.self, forColumn: "path"),
                    let moved = replace(old, new, path)
                else { continue }
                let id = try row.decode(Int64.self, forColumn: "id")
                let pending = (try? row.decode(String?.self, forColumn: "pending")) ?? nil
                try move(id, to: moved, pending: pending.map { draft($0, old, new) }, database)
                try settleMasks(id, old, new, database)
            }
        }
    }

    /// Videos whose recorded path has `.`, `..` or links in it.
    static func settleSources(_ database: Database) throws {
        for row in try Row.fetchAll(database, sql: "SELECT id, path FROM source") {
            guard let path = try? row.decode(String.self, forColumn: "path"),
                FilePath(path).isAbsolute
            else { continue }
            let plain = LibraryPath.plainFile(FilePath(path)).string
            guard !plain.isExactly(path), FileStatus(following: FilePath(plain)) != nil else {
                continue
            }
            try database.execute(
                sql: "UPDATE source SET path = ? WHERE id = ?",
                arguments: [plain, try row.decode(Int64.self, forColumn: "id")]
            )
            try database.execute(
                sql: "UPDATE clip SET unlisted = 1 WHERE sourceId = ?",
                arguments: [try row.decode(Int64.self, forColumn: "id")]
            )
        }
    }

    /// Folders that exist under another path than the recorded one, and that path.
    private static func foldersElsewhere(_ database: Database) throws -> [(String, String)] {
        try recordedFolders(of: "clip", database).compactMap { folder in
            let real = LibraryPath.plain(FilePath(folder))
            guard !real.string.isExactly(folder), (try? Folder.kind(of: real)) == .folder else {
                return nil
            }
            return (folder, real.string)
        }
    }

    private static func recordedFolders(
        of table: String,
        _ database: Database
    ) throws -> [String] {
        // What is left of a path when all characters but the slash are taken from its end.
        let sql = "SELECT DISTINCT rtrim(path, replace(path, '/', '')) AS folder FROM \(table)"
        return try Row.fetchAll(database, sql: sql).compactMap { row in
            guard let folder = try? row.decode(String.self, forColumn: "folder"),
                folder.hasPrefix(exactly: "/"), folder.utf8.count < 4096,
                !folder.utf8.contains(0)
            else { return nil }
            return folder.removing(suffix: "/").map(String.init).flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// Gives a clip another path, unless another clip has that.
    private static func move(
        _ id: Int64,
        to path: String,
        pending: String?,
        _ database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE OR IGNORE clip SET path = ?, pending = ?, unlisted = 1 WHERE id = ?
                """,
            arguments: [path, pending, id]
        )
        try setText(id, database)
    }

    /// A draft whose files are in the new folder; one that is damaged as it is.
    private static func draft(_ json: String, _ old: String, _ new: String) -> String {
        guard var draft = try? JSONDecoder().decode(ClipDraft.self, from: Data(json.utf8)) else {
            return json
        }
        draft.info.path = replace(old, new, draft.info.path) ?? draft.info.path
        draft.pending = replace(old, new, draft.pending) ?? draft.pending
        draft.pendingAudio = draft.pendingAudio.map { replace(old, new, $0) ?? $0 }
        return draft.json
    }

    private static func settleMasks(
        _ id: Int64,
        _ old: String,
        _ new: String,
        _ database: Database
    ) throws {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT id, path FROM maskRun WHERE clipId = ?",
            arguments: [id]
        )
        for row in rows {
            guard let path = try? row.decode(String.self, forColumn: "path"),
                let moved = replace(old, new, path)
            else { continue }
            try database.execute(
                sql: "UPDATE OR IGNORE maskRun SET path = ? WHERE id = ?",
                arguments: [moved, try row.decode(Int64.self, forColumn: "id")]
            )
        }
    }

    /// A path in the old folder as one in the new; nil for a path elsewhere, or in a folder below.
    private static func replace(_ old: String, _ new: String, _ path: String) -> String? {
        guard let name = path.removing(prefix: old + "/"),
            !name.utf8.contains(UInt8(ascii: "/"))
        else { return nil }
        return (new == "/" ? "" : new) + "/" + name
    }
}
