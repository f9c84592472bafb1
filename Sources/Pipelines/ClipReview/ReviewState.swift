import ClipLibrary

/// What people have made of a library so far.
package struct ReviewState: Sendable {
    /// The last word on each clip's latest masks.
    package let verdicts: [ClipVerdict]
    /// The scores of the clips whose latest masks nobody has judged.
    package let unjudged: [Double]

    /// - Parameters:
    ///   - verdicts: all of them on clips' latest masks; of several at the same time, the last one counts.
    ///   - scores: of the latest masks, by clip.
    package init(_ verdicts: [ClipVerdict], scores: [Int64: Double]) {
        let lastWords = Dictionary(verdicts.map { ($0.clip, $0) }) { $0.time > $1.time ? $0 : $1 }
        self.verdicts = lastWords.values.sorted { $0.clip < $1.clip }
        unjudged = scores.filter { lastWords[$0.key] == nil }.map(\.value)
    }

    /// - Parameter library: nil where there is none.
    /// - Throws: `EightCutError` when the library cannot be read.
    package init(of library: Library?) async throws {
        let scores = try await library?.scores() ?? []
        self.init(
            try await library?.currentVerdicts() ?? [],
            scores: Dictionary(uniqueKeysWithValues: scores.map { ($0.clip, $0.score) })
        )
    }

    /// Nil where there are too few verdicts.
    package var calibration: Calibration? { Calibration(verdicts, unjudged: unjudged) }
}
