import Diagnostics
import Files
import GRDB
import SystemPackage

/// Selects clips.
package struct ClipFilter: Sendable {
    /// Words that must all occur in the names, the label or the category.
    package var words: [String] = []
    /// This label, in upper or lower case.
    package var label: String?
    /// This category, in upper or lower case.
    package var category: String?
    /// In this folder, or in one below it: a path that `LibraryPath.plain` gives.
    package var folder: String?
    /// Only clips whose latest masks have a lower score.
    package var scoreBelow: Double?
    /// Only clips whose latest masks have at least this score.
    package var leastScore: Double?
    /// Only clips with this last word on their latest masks.
    package var verdict: VerdictFilter?
    package var order = Order.newest

    /// The order of a list.
    package enum Order: String, Sendable, CaseIterable {
        /// The latest first.
        case newest
        /// The lowest score of the latest masks first; those without one come last.
        case score
    }

    package init() {}

    /// The same clips, and those that it leaves out for what is known of their masks.
    package var ignoringMasks: ClipFilter {
        var filter = self
        (filter.scoreBelow, filter.leastScore, filter.verdict) = (nil, nil, nil)
        filter.order = .newest
        return filter
    }

    /// Whether it depends on what is known of masks.
    package var readsMasks: Bool {
        scoreBelow != nil || leastScore != nil || verdict != nil || order == .score
    }
}

extension Library {
    /// Finished clips.
    ///
    /// - Parameters:
    ///   - filter: which, and in which order.
    ///   - limit: the most clips; nil for all.
    ///   - offset: how many to skip.
    /// - Returns: the clips.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func clips(
        _ filter: ClipFilter = ClipFilter(),
        limit: Int? = nil,
        offset: Int = 0
    ) async throws -> [LibraryClip] {
        try await clips(filter, limit: limit, offset: offset) { $0 }.clips
    }

    /// Finished clips as something that takes less memory.
    ///
    /// - Parameters:
    ///   - filter: which, and in which order.
    ///   - limit: the most clips; nil for all.
    ///   - offset: how many to skip.
    ///   - transform: what is kept of a clip.
    /// - Returns: what is kept, and the records among them that are damaged.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func clips<Value: Sendable>(
        _ filter: ClipFilter,
        limit: Int?,
        offset: Int,
        as transform: @escaping @Sendable (LibraryClip) -> Value
    ) async throws -> (clips: [Value], damaged: [DamagedRecord]) {
        var conditions = [LibraryClip.isFinished]
        var values: [DatabaseValue] = []
        for word in filter.words.map(ClipText.condition) {
            conditions.append(word.sql)
            values.append(word.value)
        }
        if filter.label != nil || filter.category != nil {
            let labels = try await labels(filter.label, filter.category)
            // Numbers of ours: they need no quotes.
            let list = labels.map { "\($0)" }.joined(separator: ", ")
            conditions.append("clip.labelId IN (\(list))")
        }
        if let folder = filter.folder {
            // The prefix as a range, because LIKE would interpret % and _.
            conditions.append("clip.path >= ? AND clip.path < ?")
            values += [(folder + "/").databaseValue, (folder + "0").databaseValue]
        }
        if let limit = filter.scoreBelow {
            conditions.append("\(LibraryClip.score) < ?")
            values.append(limit.databaseValue)
        }
        if let limit = filter.leastScore {
            conditions.append("\(LibraryClip.score) >= ?")
            values.append(limit.databaseValue)
        }
        switch filter.verdict {
        case .given(let verdict):
            conditions.append("\(LibraryClip.verdict) = ?")
            values.append(verdict.rawValue.databaseValue)
        case .some(.none): conditions.append("\(LibraryClip.verdict) IS NULL")
        case nil: break
        }
        let byText = !filter.words.isEmpty
        let newest = "\(byText ? "clipText.clipId" : "clip.id") DESC"
        let order =
            switch filter.order {
            case .newest: newest
            case .score: "\(LibraryClip.score) IS NULL, \(LibraryClip.score), \(newest)"
            }
        let sql =
            (byText ? LibraryClip.selectionByText : LibraryClip.selection) + " WHERE "
            + conditions.joined(separator: " AND ")
            + " ORDER BY \(order) LIMIT ? OFFSET ?"
        values += [(limit ?? -1).databaseValue, offset.databaseValue]
        let arguments = StatementArguments(values)
        return try await read { database in
            let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
            var (clips, damaged) = ([Value](), [DamagedRecord]())
            while let row = try rows.next() {
                do {
                    clips.append(transform(try LibraryClip(row: row)))
                } catch let record as DamagedRecord {
                    damaged.append(record)
                }
            }
            return (clips, damaged)
        }
    }

    /// A clip, finished or not; nil if the number is unknown.
    package func clip(_ id: Int64) async throws -> LibraryClip? {
        try await one(" WHERE clip.id = ?", [id])
    }

    /// The clip that was cut last; nil in an empty library.
    package func lastClip() async throws -> LibraryClip? {
        try await all(
            LibraryClip.selection + " WHERE " + LibraryClip.isFinished
                + " ORDER BY clip.cutAt DESC, clip.id DESC LIMIT 100"
        ).first
    }

    /// The clip at a path; nil if there is none.
    package func clip(at path: String) async throws -> LibraryClip? {
        try await one(" WHERE clip.path = ?", [LibraryPath.plainFile(FilePath(path)).string])
    }

    /// Finished clips of a video that begin within half a second of a time.
    ///
    /// - Parameters:
    ///   - start: in nanoseconds.
    ///   - fingerprint: the video's fingerprint.
    /// - Returns: the clips, in the order in which they were cut first.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func clips(
        near start: Int,
        of fingerprint: FileFingerprint
    ) async throws -> [LibraryClip] {
        let half = 500_000_000
        let most = Int.max - half
        let middle = min(max(start, -most), most)
        let arguments: StatementArguments = [
            fingerprint.bytes, fingerprint.headAndTailSHA256, middle - half, middle + half,
        ]
        return try await all(
            LibraryClip.selection + """
                 WHERE source.bytes = ? AND source.hash = ? AND clip.start BETWEEN ? AND ?
                AND \(LibraryClip.isFinished) ORDER BY clip.id
                """,
            arguments
        )
    }

    /// All finished clips of a video, by where they begin.
    ///
    /// - Parameter fingerprint: the video's fingerprint.
    /// - Returns: the clips.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func clips(of fingerprint: FileFingerprint) async throws -> [LibraryClip] {
        try await all(
            LibraryClip.selection + """
                 WHERE source.bytes = ? AND source.hash = ? AND \(LibraryClip.isFinished)
                ORDER BY clip.start, clip.id
                """,
            [fingerprint.bytes, fingerprint.headAndTailSHA256]
        )
    }

    /// All clips of a video in a folder, also those that are being cut for the first time.
    ///
    /// - Parameters:
    ///   - fingerprint: the video's fingerprint.
    ///   - folder: a path that `LibraryPath.plain` gives.
    /// - Returns: the clips, in the order in which they were begun.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func clips(
        of fingerprint: FileFingerprint,
        inFolder folder: FilePath
    ) async throws -> [LibraryClip] {
        try await settleFolders()
        return try await all(
            LibraryClip.selection + " WHERE source.bytes = ? AND source.hash = ? ORDER BY clip.id",
            [fingerprint.bytes, fingerprint.headAndTailSHA256]
        ).filter { LibraryPath.place($0.path)?.folder == folder }
    }

    /// The number of finished clips of a video.
    ///
    /// - Parameter fingerprint: the video's fingerprint.
    /// - Returns: their number.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func clipCount(of fingerprint: FileFingerprint) async throws -> Int {
        try await read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT COUNT(*) FROM clip JOIN source ON source.id = clip.sourceId
                    WHERE source.bytes = ? AND source.hash = ? AND \(LibraryClip.isFinished)
                    """,
                arguments: [fingerprint.bytes, fingerprint.headAndTailSHA256]
            ) ?? 0
        }
    }

    /// A number that changes when another process has changed the library.
    ///
    /// - Throws: `EightCutError` when the library cannot be read.
    package func changeMark() async throws -> Int {
        let database = self.database
        // SQLite counts for each connection: it must be the same one each time.
        return try await database.writeWithoutTransaction { database in
            try Int.fetchOne(database, sql: "PRAGMA data_version") ?? 0
        }
    }

    /// Clips that were started and not finished, and those that are being cut again.
    package func pendingClips() async throws -> [LibraryClip] {
        try await all(LibraryClip.selection + " WHERE clip.pending IS NOT NULL ORDER BY clip.id")
    }

    /// The clips whose records are damaged, which no list has.
    ///
    /// - Parameter limit: the most records that are looked at, the latest first.
    /// - Returns: what is damaged, and where.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func damagedRecords(limit: Int? = nil) async throws -> [DamagedRecord] {
        let sql = LibraryClip.selection + " ORDER BY clip.id DESC LIMIT ?"
        return try await read { database in
            let rows = try Row.fetchCursor(database, sql: sql, arguments: [limit ?? -1])
            var damaged: [DamagedRecord] = []
            while let row = try rows.next() {
                do { _ = try LibraryClip(row: row) } catch let error as DamagedRecord {
                    damaged.append(error)
                }
            }
            return damaged
        }
    }

    /// The masks of a clip, in the order of their creation.
    package func masks(of id: Int64) async throws -> [LibraryMasks] {
        try await read { try Self.masks(of: id, $0) }
    }

    /// The masks of clips, in the order of their creation.
    ///
    /// - Parameter ids: the clips.
    /// - Returns: the masks by the number of their clip.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func masks(of ids: [Int64]) async throws -> [Int64: [LibraryMasks]] {
        try await read { try Self.masks(of: ids, $0) }
    }

    /// All labels in use with their categories, by name.
    package func labels() async throws -> [(name: String, category: String)] {
        let rows = try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT name, category FROM label
                    WHERE id IN (SELECT labelId FROM clip) ORDER BY name, category
                    """
            ).compactMap { row -> [String]? in
                guard let name = try? row.decode(String.self, forColumn: "name"),
                    let category = try? row.decode(String.self, forColumn: "category")
                else { return nil }
                return [name, category]
            }
        }
        return rows.map { ($0[0], $0[1]) }
    }

    /// The numbers of labels with a name, a category, or both, in upper or lower case.
    private func labels(_ name: String?, _ category: String?) async throws -> [Int64] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT id, name, category FROM label").compactMap {
                row in
                let has = { (column: String, wanted: String?) in
                    guard let wanted else { return true }
                    let value = try? row.decode(String.self, forColumn: column)
                    return value?.isSameName(as: wanted) ?? false
                }
                guard has("name", name), has("category", category) else { return nil }
                return try? row.decode(Int64.self, forColumn: "id")
            }
        }
    }

    /// Masks whose records are not damaged.
    static func masks(of id: Int64, _ database: Database) throws -> [LibraryMasks] {
        try masks(of: [id], database)[id] ?? []
    }

    static func masks(
        of ids: [Int64],
        _ database: Database
    ) throws -> [Int64: [LibraryMasks]] {
        let masks: [LibraryMasks] = try records(of: ids, "maskRun", "id", database)
        let found = Dictionary(grouping: masks, by: \.clipId)
        return ids.reduce(into: [:]) { $0[$1] = found[$1] ?? [] }
    }

    /// Clips of which records are read at once.
    private static let most = 500

    /// The records of clips in a table that are not damaged.
    ///
    /// - Parameters:
    ///   - ids: the clips.
    ///   - table: one with the column `clipId`.
    ///   - order: the columns that order the records of a clip.
    ///   - database: the library.
    /// - Returns: the records; those of a clip are in order.
    /// - Throws: `DatabaseError` when the table cannot be read.
    static func records<Value: FetchableRecord>(
        of ids: [Int64],
        _ table: String,
        _ order: String,
        _ database: Database
    ) throws -> [Value] {
        var values: [Value] = []
        for start in stride(from: 0, to: ids.count, by: most) {
            // Numbers of ours: they need no quotes.
            let list = ids[start..<min(start + most, ids.count)].map(String.init)
                .joined(separator: ", ")
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT * FROM \(table) WHERE clipId IN (\(list)) ORDER BY \(order)"
            )
            while let row = try rows.next() {
                if let value = try? Value(row: row) { values.append(value) }
            }
        }
        return values
    }

    /// Clips whose records are not damaged.
    private func all(
        _ sql: String,
        _ arguments: StatementArguments = StatementArguments()
    ) async throws -> [LibraryClip] {
        try await read { database in
            let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
            var clips: [LibraryClip] = []
            while let row = try rows.next() {
                if let clip = try? LibraryClip(row: row) { clips.append(clip) }
            }
            return clips
        }
    }

    private func one(_ condition: String, _ arguments: StatementArguments) async throws
        -> LibraryClip?
    {
        try await read { database in
            try LibraryClip.fetchOne(
                database,
                sql: LibraryClip.selection + condition,
                arguments: arguments
            )
        }
    }
}
