import ClipFinding
import Diagnostics
import Localization

// What the search for clips says.
extension ClipFindModel {
    /// "12 left · 3 kept".
    package var leftText: String {
        guard state == .ready else { return "" }
        return [pluralized("1 left", "%1 left", queue.waiting), keptText]
            .compactMap(\.self).joined(separator: " · ")
    }

    /// "3 kept"; nil without any.
    package var keptText: String? {
        kept.isEmpty ? nil : pluralized("1 kept", "%1 kept", kept.count)
    }

    /// "12 found", or what misses the limits by least.
    package var summaryText: String { localized(summary) }

    /// "Clip 3 of 12 at 0:12.345".
    package var clipText: String {
        guard let row = queue.current, let place = queue.place else { return summaryText }
        return localized(
            "Clip %1 of %2 at %3",
            "\(place + 1)",
            "\(queue.rows.count)",
            TimeText.exact(row.start)
        )
    }

    /// Where the clip that is shown begins, and whether a cut is in it.
    package var startText: String {
        guard let row = queue.current else { return "" }
        let text = localized("Start %1, frame %2", TimeText.exact(row.start), "\(row.startFrame)")
        return crossesCut(row) ? text + " · " + localized("a cut is in the clip") : text
    }

    /// Whether more than one shot is in a clip whose start was moved.
    package func crossesCut(_ row: FindQueue.Row) -> Bool {
        guard let video = found?.video, row.isMoved else { return false }
        let shot = row.candidate.shot
        let end = row.start + row.candidate.duration - 0.0011
        return row.startFrame < shot.start || video.frame(at: end) >= shot.end
    }

    /// When a clip begins, for its row.
    package func timeText(_ row: FindQueue.Row) -> String { TimeText.exact(row.start) }

    /// The score and what is to be said of a clip, for its row.
    package func detailText(_ row: FindQueue.Row) -> String {
        let number = ReviewModel.number(row.candidate.score)
        let flags = row.candidate.flags.map(Self.name(of:))
        let cut = crossesCut(row) ? [localized("a cut is in the clip")] : []
        return ([localized("score %1", number)] + flags + cut).joined(separator: " · ")
    }

    /// What was said about a clip; nil if nothing was.
    package func verdictText(_ row: FindQueue.Row) -> String? {
        switch row.verdict {
        case nil: nil
        case .keep: localized("Kept")
        case .reject: localized("Rejected")
        }
    }

    /// A row for screen readers.
    package func rowText(_ row: FindQueue.Row) -> String {
        [timeText(row), detailText(row), verdictText(row)].compactMap(\.self)
            .joined(separator: " · ")
    }

    /// What the limit does, for screen readers.
    package var limitText: String { signal.meaning(limit) }

    private static func name(of flag: Candidate.Flag) -> String {
        switch flag {
        case .speech: localized("speech")
        case .music: localized("music")
        case .clipped: localized("clipped")
        case .mono: localized("mono")
        case .letterbox: localized("letterbox")
        case .exported: localized("exported")
        case .rejected: localized("rejected")
        }
    }

    func text(after verdict: FoundVerdicts.Verdict) -> String {
        switch verdict {
        case .keep: pluralized("Kept, 1 left", "Kept, %1 left", queue.waiting)
        case .reject: pluralized("Rejected, 1 left", "Rejected, %1 left", queue.waiting)
        }
    }

    var takenBackText: String {
        pluralized("Taken back, 1 left", "Taken back, %1 left", queue.waiting)
    }

    var exportedText: String {
        kept.isEmpty
            ? localized("All clips that were kept are exported.")
            : pluralized(
                "Exported, 1 clip still to export",
                "Exported, %1 clips still to export",
                kept.count
            )
    }
}
