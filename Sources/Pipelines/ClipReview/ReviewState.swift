import ClipLibrary

/// What people have made of a library so far.
package struct ReviewState: Sendable {
    /// The last word on each clip's latest masks.
    package let verdicts: [ClipVerdict]
    /// The scores of the clips whose latest masks nobody has judged.
    package let unjudged: [Double]

    /// - Parameter library: nil where there is none.
    /// - Throws: `EightCutError` when the library cannot be read.
    package init(of library: Library?) async throws {
        let all = try await library?.currentVerdicts() ?? []
        // In the order in which they were given: the last one stays.
        verdicts = Array(Dictionary(all.map { ($0.clip, $0) }) { $1 }.values)
            .sorted { $0.clip < $1.clip }
        let judged = Set(verdicts.map(\.clip))
        unjudged =
            try await library?.scores().filter { !judged.contains($0.clip) }.map(\.score) ?? []
    }

    /// Nil where there are too few verdicts.
    package var calibration: Calibration? { Calibration(verdicts, unjudged: unjudged) }
}
