import MaskStore

/// Which frames of a clip show best what is wrong with its masks.
package enum WorstFrames {
    /// The frames of the lowest scores, the worst first, with some distance between them: neighbours show
    /// the same.
    ///
    /// - Parameters:
    ///   - records: of the frames of a clip, in order.
    ///   - count: how many frames, at most.
    /// - Returns: the frames; none where no frame has a score.
    package static func choose(_ records: [FrameRecord], count: Int) -> [Int] {
        var scores = records.compactMap { record in
            record.score.map { (frame: record.frame, score: $0) }
        }.sorted { ($0.score, $0.frame) < ($1.score, $1.frame) }
        let distance = max(1, records.count / (2 * max(count, 1)))
        var chosen: [Int] = []
        while chosen.count < count, let worst = scores.first {
            chosen.append(worst.frame)
            scores.removeAll { abs($0.frame - worst.frame) < distance }
        }
        return chosen
    }
}
