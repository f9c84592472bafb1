import DatasetProfiles
import Diagnostics
import Files
import Media
import Progress
import SystemPackage

/// Reads a data set as its consumer does, whoever wrote it, and finds the rows that would be
/// rejected.
package struct DatasetCheck: Sendable {
    /// A row that was looked at.
    package struct Row: Sendable, Equatable {
        package let row: FoundRow
        package var rejections: [Rejection]
        /// What the user should know of it all the same, as sentences.
        package var warnings: [String] = []
        /// What identifies the content of its clip; nil where there is none.
        var content: String?
    }

    private let profile: DatasetProfile
    private let folder: FilePath
    private let width: Int
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - profile: the consumer.
    ///   - folder: that of the data set.
    ///   - width: clips that are looked at at a time.
    ///   - reporter: receives how many clips are checked, or archives of clips.
    package init(
        _ profile: DatasetProfile,
        _ folder: FilePath,
        width: Int,
        reporter: any ProgressReporter = SilentReporter()
    ) {
        self.profile = profile
        self.folder = folder
        self.width = width
        self.reporter = reporter
    }

    /// - Returns: every row of the tables, in their order, and then the clips that have none.
    /// - Throws: `EightCutError` when there is no such folder, or the consumer cannot read a table;
    ///   `CancellationError` or `OutputClosed`.
    package func run() async throws -> [Row] {
        let dataset = try DatasetFolder(folder)
        // A record that cannot be read is no matter of the consumer's.
        let record = (try? ExportRecord(in: OpenFolder(folder))) ?? nil
        var (checked, unlisted): ([Row], [Row]) = ([], [])
        if profile.layout.clipsPerShard == nil {
            let rows = try profile.layout.rows(in: dataset)
            let progress = RowProgress(total: rows.count, doneAtStart: 0, reporter: reporter)
            (checked, unlisted) = try await check(rows, dataset, record, progress)
        } else {
            let shards = try Shard.all(in: dataset)
            let progress = RowProgress(
                total: shards.count,
                doneAtStart: 0,
                unit: "archive",
                reporter: reporter
            )
            for shard in shards {
                try await Shard.unpacked(shard, of: dataset) { dataset in
                    let rows = try profile.layout.rows(in: dataset)
                    let found = try await check(rows, dataset, record, nil)
                    checked += found.rows
                    unlisted += found.unlisted
                }
                try progress.report(1)
            }
        }
        DatasetRelations(checked.map(\.row), record).check(&checked, profile)
        let remedy = RowRemedy(profile: profile, isOurs: record != nil, folder: folder)
        return (checked + unlisted).map(remedy.advised)
    }

    /// The rows of a folder of clips, and the clips that have none.
    private func check(
        _ rows: [FoundRow],
        _ dataset: DatasetFolder,
        _ record: ExportRecord?,
        _ progress: RowProgress?
    ) async throws -> (rows: [Row], unlisted: [Row]) {
        let parts = stride(from: 0, to: rows.count, by: AudioProbe.width).map { start in
            Array(rows[start..<min(start + AudioProbe.width, rows.count)])
        }
        let checked = try await inParallel(parts, width: width) { part in
            let checked = try await check(part, dataset, record)
            try progress?.report(part.count)
            return checked
        }
        let known = Set(rows.map { ExactText($0.clip) })
        return (checked.flatMap(\.self), try Self.unlisted(in: dataset, except: rows, known))
    }

    /// Some rows, whose audio is decoded in one go.
    private func check(
        _ rows: [FoundRow],
        _ dataset: DatasetFolder,
        _ record: ExportRecord?
    ) async throws -> [Row] {
        let isThere = rows.map { dataset.hasFile($0.clip) && !$0.images.contains(clipOf: $0) }
        let paths = zip(rows, isThere).filter(\.1).map { dataset.path($0.0.clip) }
        var facts = try await ClipProbe.facts(of: paths)[...]
        var checked: [Row] = []
        for (row, isThere) in zip(rows, isThere) {
            try Task.checkCancellation()
            let found = isThere ? facts.popFirst() : nil
            checked.append(try await check(row, found, dataset, record))
        }
        return checked
    }

    private func check(
        _ row: FoundRow,
        _ found: Result<ClipFacts, EightCutError>?,
        _ dataset: DatasetFolder,
        _ record: ExportRecord?
    ) async throws -> Row {
        var checked = Row(row: row, rejections: textRejections(row))
        var facts: ClipFacts?
        switch found {
        case .success(let clip):
            facts = clip
            checked.rejections += profile.clip?.rejections(of: clip) ?? []
            checked.content = try? FileFingerprint(of: dataset.path(row.clip)).headAndTailSHA256
        case .failure(let error): checked.rejections.append(Rejection(.file, error.why))
        case nil where row.isClipRead:
            checked.rejections.append(Rejection(.file, "there is no clip \(quoted(row.clip))"))
        case nil: break
        }
        for path in row.companions where !dataset.hasFile(path) {
            checked.rejections.append(Rejection(.file, "there is no file \(quoted(path))"))
        }
        checked.rejections += images(row, dataset)
        checked.rejections += row.faults.prefix(Self.mostFaults).map { Rejection(.masks, $0) }
        guard let rule = profile.masks else { return checked }
        guard let masks = row.masks else {
            if rule.isRequired {
                checked.rejections.append(Rejection(.masks, "it has no masks"))
            }
            return checked
        }
        let check = MaskCheck(rule: rule, dataset: dataset, object: record?.object)
        let (rejections, warning) = try await check.run(masks, of: facts, row)
        checked.rejections += rejections
        if let warning { checked.warnings.append(warning) }
        return checked
    }

    /// Of many faults of one kind, the first ones are listed.
    private static let mostFaults = 3

    /// What is wrong with the images of a row.
    private func images(_ row: FoundRow, _ dataset: DatasetFolder) -> [Rejection] {
        let faults = row.images.lazy.compactMap { image -> String? in
            guard dataset.hasFile(image.path) else {
                return "there is no image \(quoted(image.path))"
            }
            guard let header = try? ImageHeader(of: dataset.path(image.path)),
                let size = header.size
            else { return "\(quoted(image.path)) is no image" }
            guard size.width != image.width || size.height != image.height else { return nil }
            return
                "\(quoted(image.path)) has \(size) pixels, and not \(image.width)x\(image.height)"
        }
        return faults.prefix(Self.mostFaults).map { Rejection(.file, $0) }
    }

    private func textRejections(_ row: FoundRow) -> [Rejection] {
        var rejections: [Rejection] = []
        if let objection = profile.table.objection(to: row.stem) {
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

extension [FoundImage] {
    /// Whether the clip of a row is one of its images.
    fileprivate func contains(clipOf row: FoundRow) -> Bool {
        contains { $0.path.isExactly(row.clip) }
    }
}
