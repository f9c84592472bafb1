import ClipLibrary
import ClipReview

/// The clips of a selection, and what has been said about their masks.
struct ReviewList: Sendable {
    /// The clips whose masks the person has not judged.
    private(set) var items: [ReviewQueue.Item] = []
    /// How many clips have masks.
    private(set) var maskedCount = 0
    /// The scores of the masks.
    private(set) var scores: [Int64: Double] = [:]
    /// All verdicts on the latest masks.
    private(set) var verdicts: [ClipVerdict] = []

    /// Clips that are read at once.
    private static let pageSize = 500
    /// Clips whose masks are looked at before the next pause.
    private static let refreshedAtOnce = 20

    /// Reads the library, on any thread.
    ///
    /// - Parameters:
    ///   - words: which clips: words that all occur in the names, the label or the category.
    ///   - reader: of the library, for the person.
    /// - Throws: `EightCutError` when the library cannot be read.
    init(_ words: [String], _ reader: ReviewReader) async throws {
        let library = reader.library
        var filter = ClipFilter()
        filter.words = words
        let ids = try await library.clips(filter, limit: nil, offset: 0) { $0.id }.clips
        let all = Set(ids)
        verdicts = try await library.currentVerdicts().filter { all.contains($0.clip) }
        let judged = Set(verdicts.filter { reader.isOwn($0) }.map(\.clip))
        for start in stride(from: 0, to: ids.count, by: Self.pageSize) {
            let page = Array(ids[start..<min(start + Self.pageSize, ids.count)])
            let reviews = try await library.reviews(of: page)
            for id in page {
                guard let masks = reviews[id]?.masks else { continue }
                maskedCount += 1
                scores[id] = masks.score
                guard !judged.contains(id) else { continue }
                items.append(ReviewQueue.Item(clip: id, score: masks.score))
            }
        }
    }

    /// Brings what the library knows of masks up to date with the disk, with pauses: the person's own
    /// verdicts come first.
    ///
    /// - Returns: whether something has changed.
    /// - Throws: `EightCutError` when the library cannot be read or written.
    static func refreshMasks(of words: [String], in library: Library) async throws -> Bool {
        guard !library.isReadOnly else { return false }
        var filter = ClipFilter()
        filter.words = words
        var (offset, isChanged) = (0, false)
        while true {
            let page = try await library.clips(filter, limit: pageSize, offset: offset)
            guard !page.isEmpty else { break }
            for start in stride(from: 0, to: page.count, by: refreshedAtOnce) {
                let some = Array(page[start..<min(start + refreshedAtOnce, page.count)])
                let wasStale = try await !CurrentMasks(library).refresh(some).isEmpty
                if wasStale { isChanged = true }
                try await Task.sleep(for: wasStale ? .milliseconds(500) : .milliseconds(5))
            }
            offset += page.count
        }
        return isChanged
    }
}

/// Writes what has changed into the lists of the clips' folders, some seconds later: a list with
/// thousands of clips is not written for each verdict. What a kill prevents is done when the library is
/// opened again.
@MainActor
final class ReviewPublisher {
    private let library: Library
    private var clips: Set<Int64> = []
    private var waiting: Task<Void, Never>?

    /// How long a change waits.
    private static let delay = Duration.seconds(5)

    init(_ library: Library) { self.library = library }

    func add(_ clip: Int64) {
        clips.insert(clip)
        guard waiting == nil else { return }
        waiting = Task { [weak self] in
            try? await Task.sleep(for: Self.delay)
            guard let self, !Task.isCancelled else { return }
            // What has begun is not cancelled.
            await Task { await self.publish() }.value
            waiting = nil
            if let clip = clips.first { add(clip) }
        }
    }

    /// Writes at once what still waits.
    func finish() async {
        waiting?.cancel()
        await waiting?.value
        await publish()
    }

    private func publish() async {
        guard !clips.isEmpty else { return }
        let some = Array(clips)
        clips = []
        for aside in (try? await library.publish(some)) ?? [] { DatasetFile.reportDamage(aside) }
    }
}
