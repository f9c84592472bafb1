import Files
import FoundationEssentials
import GRDB
import SystemPackage

/// The entry of a clip in `dataset.json`.
package struct DatasetEntry: Sendable, Equatable {
    package struct Masks: Sendable, Equatable {
        /// "saliency", "depth", "sam".
        package let method: String
        /// The folder, relative to that of the file.
        package let path: String
        /// How far the masks can be trusted, 0…1; nil where the method does not say.
        package let confidence: Double?
        /// An estimate of their IoU with the true masks, 0…1; nil where they were not judged.
        package let score: Double?

        package init(
            method: String,
            path: String,
            confidence: Double? = nil,
            score: Double? = nil
        ) {
            self.method = method
            self.path = path
            self.confidence = confidence
            self.score = score
        }

        fileprivate var json: String {
            let fields = [
                ("method", quoted(method)), ("path", quoted(path)),
                confidence.map { ("confidence", number($0)) }, score.map { ("score", number($0)) },
            ]
            let lines = fields.compactMap(\.self).map { "        \(quoted($0.0)): \($0.1)" }
            return "      {\n" + lines.joined(separator: ",\n") + "\n      }"
        }
    }

    /// The clip, relative to the folder of the file.
    package let path: String
    /// The label of the sound; empty without one.
    package let label: String
    /// The category of the label; empty without one.
    package let category: String
    /// The path of the source video.
    package let source: String
    /// The time of the first frame, in seconds from the start of the source video.
    package let start: Double
    /// In seconds.
    package let duration: Double
    package let masks: [Masks]
    /// The last word of a person on the latest masks; nil where nobody has given one.
    package let review: Review?

    /// A person's verdict.
    package struct Review: Sendable, Equatable {
        package let verdict: Verdict
        package let reviewer: String
    }

    package init(
        path: String,
        label: String,
        category: String,
        source: String,
        start: Double,
        duration: Double,
        masks: [Masks],
        review: Review? = nil
    ) {
        self.path = path
        self.label = label
        self.category = category
        self.source = source
        // Timestamps are not more exact than microseconds.
        self.start = (start * 1e6).rounded() / 1e6
        self.duration = (duration * 1e6).rounded() / 1e6
        self.masks = masks
        self.review = review
    }

    /// The names of the fields that this program writes.
    static let names: Set = [
        "path", "label", "category", "source", "start", "duration", "masks", "verdict", "reviewer",
    ]

    /// The entry as JSON, indented by two.
    ///
    /// - Parameters:
    ///   - others: further members as JSON, which other programs have added.
    ///   - folder: that of the list, for an absolute path; nil for a relative one.
    /// - Returns: the text of the object.
    func json(keeping others: [String], in folder: FilePath?) -> String {
        var fields = [
            ("path", quoted(folder?.pushing(FilePath(path)).string ?? path)),
            ("label", quoted(label)),
            ("category", quoted(category)), ("source", quoted(source)),
            ("start", number(start)), ("duration", number(duration)),
        ]
        if !masks.isEmpty {
            fields.append(("masks", "[\n" + masks.map(\.json).joined(separator: ",\n") + "\n    ]"))
        }
        if let review {
            fields.append(("verdict", quoted(review.verdict.rawValue)))
            fields.append(("reviewer", quoted(review.reviewer)))
        }
        let lines = (fields.map { "\(quoted($0.0)): \($0.1)" } + others).map { "    " + $0 }
        return "{\n" + lines.joined(separator: ",\n") + "\n  }"
    }
}

private func quoted(_ text: String) -> String {
    (try? JSONText.line(text)) ?? "\"\""
}

private func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}

extension Library {
    /// Writes finished clips into the `dataset.json` of their folders.
    ///
    /// - Parameter ids: clips; those that are not finished are skipped.
    /// - Returns: the paths that damaged lists were moved to.
    /// - Throws: `EightCutError` when a folder is not writable.
    @discardableResult
    package func publish(_ ids: [Int64]) async throws -> [FilePath] {
        var members: [FilePath: [Int64]] = [:]
        for id in ids {
            guard let clip = try await clip(id) else { continue }
            members[FilePath(clip.path).removingLastComponent(), default: []].append(id)
        }
        var aside: [FilePath] = []
        for (folder, ids) in members {
            let lock = try await FolderLock(waitingFor: folder)
            defer { withExtendedLifetime(lock) {} }
            if let path = try await publish(ids, in: OpenFolder(folder)) { aside.append(path) }
        }
        return aside
    }

    /// The same for clips of one folder whose lock the caller holds.
    @discardableResult
    package func publish(_ ids: [Int64], in folder: OpenFolder) async throws -> FilePath? {
        let (entries, marks) = try await read { database in
            var entries: [DatasetEntry] = []
            var marks: [Int64: Int64] = [:]
            for id in ids {
                guard let clip = try LibraryClip.find(id, database), clip.isFinished else {
                    continue
                }
                entries.append(try Self.entry(of: clip, database))
                marks[id] = try Int64.fetchOne(
                    database,
                    sql: "SELECT unlisted FROM clip WHERE id = ?",
                    arguments: [id]
                )
            }
            return (entries, marks)
        }
        let aside = try DatasetFile(in: folder.path).update(entries, in: folder)
        try await write { database in
            for (id, mark) in marks where mark != 0 {
                try database.execute(
                    sql: "UPDATE clip SET unlisted = 0 WHERE id = ? AND unlisted = ?",
                    arguments: [id, mark]
                )
            }
        }
        return aside
    }

    /// Writes the entries of all clips that were changed and not listed since, such as those of a
    /// video that was moved. Folders that cannot be written, or that another process has locked,
    /// are left for another time.
    ///
    /// - Throws: `EightCutError` when the library cannot be read.
    package func publishUnlisted() async throws {
        var unlisted: [FilePath: [Int64]] = [:]
        for id in try await unlistedClips() {
            guard let clip = try? await clip(id), clip.isFinished else { continue }
            unlisted[FilePath(clip.path).removingLastComponent(), default: []].append(id)
        }
        for (path, ids) in unlisted {
            guard let folder = try? OpenFolder.ifPresent(path), let lock = try? FolderLock(folder)
            else { continue }
            DatasetFile.reportDamage((try? await publish(ids, in: folder)) ?? nil)
            withExtendedLifetime(lock) {}
        }
    }

    /// Clips whose entry in `dataset.json` is still to be written.
    func unlistedClips() async throws -> [Int64] {
        try await read { database in
            try Int64.fetchAll(database, sql: "SELECT id FROM clip WHERE unlisted <> 0")
        }
    }

    /// The entry of a clip in `dataset.json`.
    func entry(of clip: LibraryClip) async throws -> DatasetEntry {
        try await read { try Self.entry(of: clip, $0) }
    }

    private static func entry(of clip: LibraryClip, _ database: Database) throws -> DatasetEntry {
        let masks = try masks(of: clip.id, database)
        let verdict = review(masks, try verdicts(of: [clip.id], database)[clip.id] ?? []).verdict
        let folder = FilePath(clip.path).removingLastComponent()
        return DatasetEntry(
            path: FilePath(clip.path).lastComponent?.string ?? clip.path,
            label: clip.label ?? "",
            category: clip.category ?? "",
            source: clip.source,
            start: Double(clip.start) / 1e9,
            duration: clip.duration,
            masks: masks.filter { !$0.isStale }.map {
                .init(
                    method: $0.method,
                    path: relative(FilePath($0.path), to: folder),
                    confidence: $0.confidence,
                    score: $0.score
                )
            },
            review: verdict.map { .init(verdict: $0.verdict, reviewer: $0.reviewer) }
        )
    }

    private static func relative(_ path: FilePath, to folder: FilePath) -> String {
        var rest = path
        return rest.removePrefix(folder) ? rest.string : path.string
    }
}
