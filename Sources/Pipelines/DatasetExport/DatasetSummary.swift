import ClipLibrary
import DatasetProfiles

/// What a data set consists of.
package struct DatasetSummary: Sendable, Equatable, Codable {
    package let clips: Int
    /// Clips of the selection that are not in it.
    package let rejected: Int
    /// How long all clips are together.
    package let hours: Double
    /// The clips of each label; "" is none.
    package let clipsByLabel: [String: Int]
    /// The clips of each split; empty where the set is not divided.
    package let clipsBySplit: [String: Int]
    /// Clips that overlap another one in their source.
    package let overlapping: Int

    init(_ rows: [PlannedRow], splits: [DatasetSplit]) {
        let accepted = rows.compactMap { planned in planned.row.map { (planned.clip, $0) } }
        clips = accepted.count
        rejected = rows.count - accepted.count
        let seconds = accepted.reduce(0) { $0 + $1.1.duration }
        hours = (seconds / 3600 * 1e4).rounded() / 1e4
        clipsByLabel = accepted.reduce(into: [:]) { $0[$1.1.label, default: 0] += 1 }
        var bySplit = Dictionary(uniqueKeysWithValues: splits.map { ($0.rawValue, 0) })
        for (_, row) in accepted {
            if let split = row.split { bySplit[split.rawValue, default: 0] += 1 }
        }
        clipsBySplit = bySplit
        overlapping = Self.overlapping(accepted)
    }

    private static func overlapping(_ clips: [(LibraryClip, DatasetRow)]) -> Int {
        let bySource = Dictionary(grouping: clips) { $0.0.sourceHash }
        return bySource.values.reduce(0) { total, clips in
            let spans = clips.map { (start: $0.1.start, end: $0.1.start + $0.1.duration) }
                .sorted { $0.start < $1.start }
            var overlaps = Set<Int>()
            // The span that goes on longest of those before.
            var longest = 0
            for place in spans.indices.dropFirst() {
                if spans[place].start < spans[longest].end - 1e-6 {
                    overlaps.formUnion([longest, place])
                }
                if spans[place].end > spans[longest].end { longest = place }
            }
            return total + overlaps.count
        }
    }
}
