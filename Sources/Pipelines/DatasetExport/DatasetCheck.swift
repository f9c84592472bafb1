import DatasetProfiles
import Diagnostics
import Files
import Glibc
import Media
import SystemPackage

/// Reads a data set as its consumer does, whoever wrote it, and finds the rows that would be
/// rejected.
package struct DatasetCheck: Sendable {
    /// A row that was looked at.
    package struct Row: Sendable, Equatable {
        package let row: FoundRow
        package var rejections: [Rejection]
        /// What the user should know of it all the same, as a sentence.
        package var warning: String?
    }

    private let profile: DatasetProfile
    private let folder: FilePath
    private let width: Int

    /// - Parameters:
    ///   - profile: the consumer.
    ///   - folder: that of the data set.
    ///   - width: clips that are looked at at a time.
    package init(_ profile: DatasetProfile, _ folder: FilePath, width: Int) {
        self.profile = profile
        self.folder = folder
        self.width = width
    }

    /// - Returns: every row of the tables, in their order, and then the clips that have none.
    /// - Throws: `EightCutError` when there is no such folder, or the consumer cannot read a table;
    ///   `CancellationError`.
    package func run() async throws -> [Row] {
        let dataset = try DatasetFolder(folder)
        // A record that cannot be read is no matter of the consumer's.
        let record = (try? ExportRecord(in: OpenFolder(folder))) ?? nil
        var (checked, unlisted): ([Row], [Row]) = ([], [])
        if profile.layout.clipsPerShard == nil {
            (checked, unlisted) = try await check(dataset, record)
        } else {
            try await Shard.forEach(in: dataset) { shard in
                let found = try await check(shard, record)
                checked += found.rows
                unlisted += found.unlisted
            }
        }
        DatasetRelations(checked.map(\.row), record).check(&checked)
        return checked + unlisted
    }

    /// The rows of a folder of clips, and the clips that have none.
    private func check(
        _ dataset: DatasetFolder,
        _ record: ExportRecord?
    ) async throws -> (rows: [Row], unlisted: [Row]) {
        let rows = try profile.layout.rows(in: dataset)
        let checked = try await inParallel(rows, width: width) { row in
            try await check(row, dataset, record)
        }
        let known = Set(rows.map { ExactText($0.clip) })
        return (checked, try Self.unlisted(in: dataset, except: rows, known))
    }

    private func check(
        _ row: FoundRow,
        _ dataset: DatasetFolder,
        _ record: ExportRecord?
    ) async throws -> Row {
        var checked = Row(row: row, rejections: textRejections(row))
        let facts = try await facts(row, dataset, &checked.rejections)
        for path in row.companions where !dataset.hasFile(path) {
            checked.rejections.append(Rejection(.file, "there is no video \(quoted(path))"))
        }
        guard let rule = profile.masks else { return checked }
        guard let masks = row.masks else {
            if rule.isRequired {
                checked.rejections.append(Rejection(.masks, "it has no masks"))
            }
            return checked
        }
        let check = MaskCheck(rule: rule, dataset: dataset, object: record?.object)
        let found = try await check.run(masks, of: facts)
        checked.rejections += found.rejections
        checked.warning = found.warning
        return checked
    }

    private func textRejections(_ row: FoundRow) -> [Rejection] {
        var rejections: [Rejection] = []
        if let objection = profile.table.objection(toName: row.stem) {
            rejections.append(Rejection(.name, "\(quoted(row.stem)): \(objection)"))
        }
        guard let label = row.label else {
            return rejections + [Rejection(.label, "it has no label")]
        }
        if let objection = profile.table.objection(to: label) {
            rejections.append(Rejection(.label, "\(quoted(label)): \(objection)"))
        }
        return rejections + profile.layout.objections(toName: row.stem, label)
    }

    /// What is known of the clip of a row; nil where it is missing, or no video.
    private func facts(
        _ row: FoundRow,
        _ dataset: DatasetFolder,
        _ rejections: inout [Rejection]
    ) async throws -> ClipFacts? {
        guard dataset.hasFile(row.clip) else {
            rejections.append(Rejection(.file, "there is no clip \(quoted(row.clip))"))
            return nil
        }
        do {
            let facts = try await ClipProbe.facts(of: dataset.path(row.clip))
            rejections += profile.clip?.rejections(of: facts) ?? []
            return facts
        } catch let error as EightCutError where error.code == .inputUnusable {
            rejections.append(Rejection(.file, error.why))
            return nil
        }
    }

    /// Videos that no row has: the consumer never sees them.
    private static func unlisted(
        in dataset: DatasetFolder,
        except rows: [FoundRow],
        _ known: Set<ExactText>
    ) throws -> [Row] {
        let masks = Set(rows.flatMap { $0.companions + [$0.masks ?? ""] }.map(ExactText.init))
        return try dataset.videos().filter { path in
            !known.contains(ExactText(path)) && !masks.contains(ExactText(path))
                && !isCompanion(path, of: known)
        }.map { path in
            let row = FoundRow(place: path, stem: path, label: nil, clip: path)
            return Row(row: row, rejections: [Rejection(.table, "no row of a table has this clip")])
        }
    }

    /// What consumers have beside a clip under its name.
    private static let companions = [
        "_mask", "_detail", "_mask_detail", "_start", "_end",
    ]

    private static func isCompanion(_ path: String, of clips: Set<ExactText>) -> Bool {
        guard let (stem, ending) = path.divided(atLast: ".") else { return false }
        return companions.contains { suffix in
            guard let clip = stem.removing(suffix: suffix) else { return false }
            return clips.contains(ExactText("\(clip).\(ending)"))
        }
    }
}
