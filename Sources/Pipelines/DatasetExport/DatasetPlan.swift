import ClipLibrary
import DatasetProfiles

/// What becomes of a clip.
package struct PlannedRow: Sendable {
    package enum Outcome: Sendable {
        /// It is in the data set.
        case accepted(DatasetRow, files: [PlannedFile])
        /// The consumer would reject it, for at least one reason.
        case rejected([Rejection])
    }

    package let clip: LibraryClip
    package internal(set) var outcome: Outcome
    /// How loud it will be; nil where that is not measured.
    var loudness: Loudness?

    package var row: DatasetRow? {
        if case .accepted(let row, _) = outcome { row } else { nil }
    }

    package var files: [PlannedFile] {
        if case .accepted(_, let files) = outcome { files } else { [] }
    }

    package var rejections: [Rejection] {
        if case .rejected(let rejections) = outcome { rejections } else { [] }
    }

    /// Whether the clip is cut again.
    package var isCut: Bool {
        // The clip itself is the first file.
        if case .cut = files.first?.step { true } else { false }
    }
}

/// Files that are made together.
struct PlannedUnit: Sendable {
    let files: [PlannedFile]
    /// How many clips they are of.
    let clipCount: Int

    /// The files of each clip, or so many clips of a split in an archive.
    static func units(of rows: [PlannedRow], _ layout: any DatasetLayout) -> [PlannedUnit] {
        let accepted = rows.filter { $0.row != nil }
        guard let most = layout.clipsPerShard else {
            return accepted.map { PlannedUnit(files: $0.files, clipCount: 1) }
        }
        return Dictionary(grouping: accepted) { $0.row?.split }.values.flatMap { rows in
            stride(from: 0, to: rows.count, by: most).compactMap { first in
                let shard = rows[first..<min(first + most, rows.count)]
                let name = Shard.name(first / most)
                guard let path = rows[0].row?.inSplit(name) else { return nil }
                let file = PlannedFile(path, .shard(shard.flatMap(\.files)))
                return PlannedUnit(files: [file], clipCount: shard.count)
            }
        }
    }
}

/// A data set before the first byte of it is written.
package struct DatasetPlan: Sendable {
    package let request: DatasetRequest
    /// A row for each clip of the selection.
    package let rows: [PlannedRow]
    /// The files that are made together, of one clip or of a shard.
    let units: [PlannedUnit]
    /// The files of the data set as a whole.
    package let tables: [PlannedFile]
    /// What the user should know of the set, as sentences.
    package let warnings: [String]
    package let summary: DatasetSummary

    package var accepted: [PlannedRow] { rows.filter { $0.row != nil } }

    package var rejected: [PlannedRow] { rows.filter { $0.row == nil } }

    /// All files.
    var files: [PlannedFile] { units.flatMap(\.files) + tables }
}
