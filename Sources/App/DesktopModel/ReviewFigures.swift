import ClipLibrary
import ClipReview
import Observation

/// What the verdicts so far say about the scores, and about the people.
@MainActor
@Observable
package final class ReviewFigures {
    /// Nil while there are too few verdicts.
    package private(set) var calibration: Calibration?
    /// How many verdicts there are of those that a calibration needs.
    package private(set) var count = (all: 0, random: 0)
    /// With the person that has judged most of the same masks; nil for nobody.
    package private(set) var agreement: Agreement?
    /// The score from which on clips would be taken.
    package var threshold = 0.7

    /// The verdicts on the latest masks, by clip and person.
    @ObservationIgnored private var verdicts: [Key: ClipVerdict] = [:]
    /// The scores of all clips.
    @ObservationIgnored private var scores: [Int64: Double] = [:]
    @ObservationIgnored private var reviewer = ""
    @ObservationIgnored private var computing: Task<Void, Never>?
    @ObservationIgnored private var isOutdated = false

    private struct Key: Hashable {
        let clip: Int64
        let reviewer: String
    }

    init() {}

    /// What the threshold would leave; nil without a calibration.
    package var outlook: Calibration.Outlook? { calibration?.outlook(from: threshold) }

    /// Takes what the library has.
    func take(_ verdicts: [ClipVerdict], _ scores: [Int64: Double], for reviewer: String) {
        self.verdicts = Dictionary(
            verdicts.map { (Key(clip: $0.clip, reviewer: $0.reviewer), $0) }
        ) { $1 }
        (self.scores, self.reviewer) = (scores, reviewer)
        compute()
    }

    func add(_ verdict: ClipVerdict) {
        verdicts[Key(clip: verdict.clip, reviewer: verdict.reviewer)] = verdict
        compute()
    }

    /// - Parameters:
    ///   - verdict: what does not hold any more.
    ///   - earlier: what holds again.
    func remove(_ verdict: ClipVerdict, for earlier: ClipVerdict?) {
        verdicts[Key(clip: verdict.clip, reviewer: verdict.reviewer)] = earlier
        compute()
    }

    private func compute() {
        isOutdated = true
        guard computing == nil else { return }
        computing = Task { [weak self] in
            while let self, isOutdated {
                isOutdated = false
                let (verdicts, scores, reviewer) = (Array(verdicts.values), scores, reviewer)
                let found = await background { Found(verdicts, scores, reviewer) }
                calibration = found.calibration
                count = found.count
                agreement = found.agreement
            }
            self?.computing = nil
        }
    }

    /// What is computed, on any thread.
    private struct Found: Sendable {
        let calibration: Calibration?
        let count: (all: Int, random: Int)
        let agreement: Agreement?

        init(_ verdicts: [ClipVerdict], _ scores: [Int64: Double], _ reviewer: String) {
            let state = ReviewState(verdicts, scores: scores)
            calibration = state.calibration
            count = Calibration.shortage(state.verdicts)
            agreement = Set(verdicts.map(\.reviewer)).subtracting([reviewer]).sorted()
                .compactMap { Agreement(verdicts, between: reviewer, and: $0) }
                .max { $0.count < $1.count }
        }
    }
}
