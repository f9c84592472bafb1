import Diagnostics
import GRDB

extension Library {
    /// Records verdicts, in the place of older ones of the same person on the same masks. One that is
    /// older than that which is there is dropped.
    ///
    /// - Parameter verdicts: of clips that the library has.
    /// - Throws: `EightCutError` when the library cannot be written; then none is recorded.
    package func record(_ verdicts: [ClipVerdict]) async throws {
        try await write { database in
            for verdict in verdicts {
                try Self.insert(verdict, database)
                try Self.markUnlisted(verdict.clip, database)
            }
        }
    }

    /// Takes a person's verdict on masks back.
    ///
    /// - Parameters:
    ///   - verdict: the verdict; it stays if there is a later one.
    ///   - earlier: what the person had said before.
    /// - Throws: `EightCutError` when the library cannot be written.
    package func withdraw(_ verdict: ClipVerdict, for earlier: ClipVerdict?) async throws {
        try await write { database in
            try database.execute(
                sql: """
                    DELETE FROM verdict
                    WHERE clipId = ? AND reviewer = ? AND masksDigest = ? AND time <= ?
                    """,
                arguments: [verdict.clip, verdict.reviewer, verdict.masksDigest, verdict.time]
            )
            if let earlier { try Self.insert(earlier, database) }
            try Self.markUnlisted(verdict.clip, database)
        }
    }

    /// All verdicts on a clip, also on earlier masks, in the order in which they were given.
    ///
    /// - Throws: `EightCutError` when the library cannot be read.
    package func verdicts(of id: Int64) async throws -> [ClipVerdict] {
        try await read { try Self.verdicts(of: [id], $0)[id] ?? [] }
    }

    /// All verdicts on the latest masks of clips.
    ///
    /// - Returns: in the order in which they were given.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func currentVerdicts() async throws -> [ClipVerdict] {
        try await read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT verdict.* FROM verdict JOIN clip ON clip.id = verdict.clipId
                    WHERE masksDigest = \(LibraryClip.masksDigest) ORDER BY time, verdict.id
                    """
            )
            var verdicts: [ClipVerdict] = []
            while let row = try rows.next() {
                if let verdict = try? ClipVerdict(row: row) { verdicts.append(verdict) }
            }
            return verdicts
        }
    }

    /// The scores of the latest masks of all finished clips that have one.
    ///
    /// - Throws: `EightCutError` when the library cannot be read.
    package func scores() async throws -> [(clip: Int64, score: Double)] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT clip.id, \(LibraryClip.score) AS score FROM clip
                    WHERE \(LibraryClip.isFinished) ORDER BY clip.id
                    """
            ).compactMap { row in
                guard let id = try? row.decode(Int64.self, forColumn: "id"),
                    let score = try? row.decode(Double.self, forColumn: "score")
                else { return nil }
                return (id, score)
            }
        }
    }

    /// The clips whose latest masks are known by a digest.
    ///
    /// - Throws: `EightCutError` when the library cannot be read.
    package func clips(withMasks digest: String) async throws -> [Int64] {
        try await read { database in
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT clip.id FROM clip
                    WHERE clip.id IN (SELECT clipId FROM maskRun WHERE digest = ?)
                    AND \(LibraryClip.masksDigest) = ? ORDER BY clip.id
                    """,
                arguments: [digest, digest]
            )
        }
    }

    /// The latest masks of clips, and the last word on them.
    ///
    /// - Parameter ids: the clips.
    /// - Returns: by the number of the clip.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func reviews(of ids: [Int64]) async throws -> [Int64: ClipReview] {
        try await read { database in
            let masks = try Self.masks(of: ids, database)
            let verdicts = try Self.verdicts(of: ids, database)
            return ids.reduce(into: [:]) {
                $0[$1] = Self.review(masks[$1] ?? [], verdicts[$1] ?? [])
            }
        }
    }

    /// The labels of clips with their categories, the most used first.
    ///
    /// - Parameter limit: the most labels.
    /// - Returns: the labels.
    /// - Throws: `EightCutError` when the library cannot be read.
    package func mostUsedLabels(_ limit: Int) async throws -> [(name: String, category: String)] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT label.name, label.category FROM clip
                    JOIN label ON label.id = clip.labelId
                    WHERE label.name != '' GROUP BY label.id
                    ORDER BY COUNT(*) DESC, label.name, label.category LIMIT ?
                    """,
                arguments: [limit]
            ).compactMap { row -> [String]? in
                guard let name = try? row.decode(String.self, forColumn: "name"),
                    let category = try? row.decode(String.self, forColumn: "category")
                else { return nil }
                return [name, category]
            }
        }.map { ($0[0], $0[1]) }
    }

    /// - Parameters:
    ///   - masks: of a clip, in the order of their creation.
    ///   - verdicts: on the clip, in the order in which they were given.
    /// - Returns: the latest masks, and the last word on them.
    static func review(_ masks: [LibraryMasks], _ verdicts: [ClipVerdict]) -> ClipReview {
        let latest = masks.filter { !$0.isStale }.enumerated()
            .max { ($0.element.madeAt, $0.offset) < ($1.element.madeAt, $1.offset) }?.element
        let digest = latest?.digest ?? ""
        return ClipReview(
            masks: latest,
            verdict: verdicts.last { $0.masksDigest.isExactly(digest) }
        )
    }

    static func verdicts(
        of ids: [Int64],
        _ database: Database
    ) throws -> [Int64: [ClipVerdict]] {
        let verdicts: [ClipVerdict] = try records(of: ids, "verdict", "time, id", database)
        return Dictionary(grouping: verdicts, by: \.clip)
    }

    static func insert(_ verdict: ClipVerdict, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO verdict (clipId, reviewer, masksDigest, verdict, time, draw, score)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (clipId, reviewer, masksDigest) DO UPDATE SET
                verdict = excluded.verdict, time = excluded.time, draw = excluded.draw,
                score = excluded.score WHERE excluded.time >= verdict.time
                """,
            arguments: [
                verdict.clip, verdict.reviewer, verdict.masksDigest, verdict.verdict.rawValue,
                verdict.time, verdict.draw.rawValue, verdict.score,
            ]
        )
    }
}

extension LibraryClip {
    /// A value of the latest masks that are not of an earlier cut, as SQL.
    private static func ofMasks(_ column: String) -> String {
        """
        (SELECT maskRun.\(column) FROM maskRun WHERE maskRun.clipId = clip.id
        AND NOT maskRun.isStale ORDER BY maskRun.madeAt DESC, maskRun.id DESC LIMIT 1)
        """
    }

    /// The score of the latest masks, as SQL.
    static let score = ofMasks("score")
    /// What the latest masks are known by, as SQL; empty without masks.
    static let masksDigest = "coalesce(" + ofMasks("digest") + ", '')"
    /// The last word on the latest masks, as SQL.
    static let verdict = """
        (SELECT verdict.verdict FROM verdict WHERE verdict.clipId = clip.id
        AND verdict.masksDigest = \(masksDigest)
        ORDER BY verdict.time DESC, verdict.id DESC LIMIT 1)
        """
}
