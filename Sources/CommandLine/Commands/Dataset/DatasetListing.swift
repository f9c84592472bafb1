import ClipLibrary
import DatasetExport
import DatasetProfiles
import Diagnostics

/// What becomes of the clips of a data set, for `--dry-run`.
struct DatasetListing: Encodable {
    private let rows: [Row]
    private let warnings: [String]
    private let summary: DatasetSummary

    private struct Row: ListRow {
        let id: Int64
        let path: String
        /// "link", "cut" or "reject".
        let action: String
        let split: DatasetSplit?
        let label: String
        let masks: String?
        let rejections: [Rejection]

        static let heading = ["ID", "ACTION", "SPLIT", "MASKS", "LABEL", "CLIP", "WHY"]

        var cells: [String] {
            [
                "\(id)", action, split?.rawValue ?? "-", visible(masks ?? "-"), visible(label),
                visible(path), rejections.isEmpty ? "" : visible(rejections.sentence),
            ]
        }
    }

    init(_ plan: DatasetPlan) {
        rows = plan.rows.map { planned in
            Row(
                id: planned.clip.id,
                path: planned.clip.path,
                action: planned.row == nil ? "reject" : planned.isCut ? "cut" : "link",
                split: planned.row?.split,
                label: planned.clip.label ?? "",
                masks: planned.row?.maskMethod,
                rejections: planned.rejections
            )
        }
        warnings = plan.warnings
        summary = plan.summary
    }

    /// Writes it to standard output.
    func write(asJSON: Bool) throws {
        guard !asJSON else { return try Listing.write(json: self) }
        try Listing.write(table: rows)
        let counts = [
            "\(summary.clips) accepted", "\(summary.rejected) rejected", "\(summary.hours) h",
            "\(summary.overlapping) overlapping",
        ]
        try Listing.write(counts.joined(separator: ", "))
        for warning in warnings { try Listing.write("warning: \(visible(warning))") }
    }
}
