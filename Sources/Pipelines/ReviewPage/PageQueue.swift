import ClipLibrary
import ClipReview
import Diagnostics
import Files
import Progress

/// A clip that a page asks about.
struct AskedClip: Sendable {
    let clip: LibraryClip
    let masks: LibraryMasks
    /// How it came up.
    let draw: ClipVerdict.Draw

    /// What the masks are known by; empty where nobody knows.
    var digest: String { masks.digest ?? "" }
}

/// Which clips a page asks about.
package struct PageSelection: Sendable {
    /// Which of the library's clips.
    package var filter: ClipFilter
    /// Who is asked.
    package var reviewer: Reviewer
    /// The most clips; nil for all.
    package var limit: Int?

    /// - Parameters:
    ///   - filter: which of the library's clips. Without a verdict in it, those of them that the
    ///     reviewer has not judged.
    ///   - reviewer: who is asked.
    ///   - limit: the most clips; nil for all.
    package init(_ filter: ClipFilter, _ reviewer: Reviewer, limit: Int? = nil) {
        (self.filter, self.reviewer, self.limit) = (filter, reviewer, limit)
    }
}

/// Finds the clips of a page, in the order in which they are asked about.
struct PageQueue {
    private let library: Library
    private let selection: PageSelection
    private let reporter: any ProgressReporter

    init(_ library: Library, _ selection: PageSelection, _ reporter: any ProgressReporter) {
        (self.library, self.selection, self.reporter) = (library, selection, reporter)
    }

    /// - Returns: the clips, and how many others have no masks.
    /// - Throws: `EightCutError` when the library cannot be read or written, or `CancellationError`.
    func clips() async throws -> (asked: [AskedClip], withoutMasks: Int) {
        let found = try await found()
        let reviews = try await library.reviews(of: found.map(\.id))
        let judged = try await judged()
        var waiting: [Int64: (clip: LibraryClip, masks: LibraryMasks)] = [:]
        for clip in found where !judged.contains(clip.id) {
            if let masks = reviews[clip.id]?.masks { waiting[clip.id] = (clip, masks) }
        }
        var queue = ReviewQueue(
            waiting.map { ReviewQueue.Item(clip: $0.key, score: $0.value.masks.score) }
        )
        var asked: [AskedClip] = []
        while asked.count < selection.limit ?? .max, let turn = queue.next() {
            guard let (clip, masks) = waiting[turn.item.clip] else { continue }
            asked.append(AskedClip(clip: clip, masks: masks, draw: draw(turn.draw)))
        }
        return (asked, found.count { reviews[$0.id]?.masks == nil })
    }

    /// The clips of the filter, with the masks that are there now: they decide on scores and verdicts.
    private func found() async throws -> [LibraryClip] {
        if selection.filter.folder != nil { try await library.settleFolders() }
        for record in try await library.damagedRecords() {
            try reporter.warn("rejectedClip", record.sentence)
        }
        try await CurrentMasks(library).refresh(matching: selection.filter)
        return try await library.clips(selection.filter)
    }

    /// Those that the reviewer is not asked about again.
    private func judged() async throws -> Set<Int64> {
        guard selection.filter.verdict == nil else { return [] }
        let own = try await library.currentVerdicts().filter {
            $0.reviewer.isExactly(selection.reviewer.name)
        }
        return Set(own.map(\.clip))
    }

    /// Drawn from the clips of some scores only, a clip is no example of all that are left.
    private func draw(_ draw: ClipVerdict.Draw) -> ClipVerdict.Draw {
        let isOfAll = selection.filter.scoreBelow == nil && selection.filter.leastScore == nil
        return draw == .random && !isOfAll ? .named : draw
    }
}
