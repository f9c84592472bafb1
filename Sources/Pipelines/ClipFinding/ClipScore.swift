import Glibc

/// How well a clip fits: a product of soft limits, each 0.5 at its limit and near 1 well within it.
///
/// It orders clips and is no probability: it was not fitted to anybody's choices.
struct ClipScore: Sendable {
    /// A clip has speech or music if this share of it has.
    static let contentShare = 0.05
    /// The level at which a clip is half as good as a loud one, in dBFS, and how fast that changes.
    private static let level = (middle: -45.0, width: 5.0)
    /// A first sound this long after the start leaves time to hear what comes before it.
    private static let lead = 0.5...2.0

    private let settings: FindSettings

    init(_ settings: FindSettings) { self.settings = settings }

    func value(_ values: ClipSignals.Values, _ bandwidth: Double?) -> Double {
        var score = Self.soft(values.level - Self.level.middle, Self.level.width)
        score *= Self.soft(settings.silence.share - values.silence, 0.1)
        if settings.bandwidth > 0 {
            score *= Self.soft((bandwidth ?? 0) - settings.bandwidth, 1000)
        }
        score *= Self.soft(settings.still - values.still, 0.1)
        // The first ones say most. Much less without any, so that clips are not laid side by side
        // over noise with sounds at their borders.
        let beginnings = values.beginnings
        score *= 1 - (beginnings > 0 ? 0.4 * pow(2, -Double(beginnings)) : 0.65)
        if let first = values.firstBeginning, !Self.lead.contains(first) { score *= 0.75 }
        // Half a sound is worth a gap between clips.
        if values.endsWithBeginning { score *= 0.6 }
        if values.startsAfterBeginning { score *= 0.7 }
        // No limit: what clips all the time is offered last.
        score *= max(0.05, 1 - 20 * values.clipping)
        if settings.speech == .keep { score *= 1 - 0.5 * (values.speech ?? 0) }
        if settings.music == .keep { score *= 1 - 0.5 * (values.music ?? 0) }
        return score
    }

    /// The logistic function of how far a value is within its limit.
    private static func soft(_ excess: Double, _ width: Double) -> Double {
        1 / (1 + exp(-excess / width))
    }

    /// All signals, each with its limit.
    func reasons(_ values: ClipSignals.Values, _ bandwidth: Double?) -> [Candidate.Reason] {
        func limit(_ content: FindSettings.Content) -> Double? {
            content == .keep ? nil : Self.contentShare
        }
        return [
            .init(.silence, values.silence, settings.silence.share),
            .init(.level, values.level, nil),
            .init(.bandwidth, bandwidth, settings.bandwidth > 0 ? settings.bandwidth : nil),
            .init(.onsets, Double(values.onsets), Double(settings.onsets)),
            .init(.still, values.still, settings.still),
            .init(.black, values.black, settings.black),
            .init(.clipping, values.clipping, nil),
            .init(.speech, values.speech, limit(settings.speech)),
            .init(.music, values.music, limit(settings.music)),
        ].filter { $0.value != nil || $0.limit != nil }
    }
}
