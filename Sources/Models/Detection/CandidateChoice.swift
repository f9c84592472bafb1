import Glibc

/// A thing that was found in a frame.
package struct Candidate: Sendable, Equatable, Codable {
    /// Inside the frame.
    package let box: DetectionBox
    /// The query that fits best, as an index.
    package let query: Int
    /// The fit to that query, 0…1, times the query's weight.
    package let score: Float
    /// The fit before the sigmoid function.
    package let logit: Float
    /// How much it looks like any thing at all, before the sigmoid function.
    package let objectness: Float
}

/// Which of a detector's boxes are candidates: one for each thing, the best first.
package enum CandidateChoice {
    /// Boxes that overlap a better one by more are of the same thing. The reference has no such
    /// step for texts; its search by images takes 0.3.
    static let largestOverlap: Float = 0.5

    /// Chooses boxes of one frame. Boxes that lie mainly outside of it are left out: a detector
    /// looks at a square, of which the frame is a part. Suppression runs across queries, so that
    /// "francolin" and "bird" are one thing.
    ///
    /// - Parameters:
    ///   - detections: all boxes of the frame.
    ///   - queries: which of the detections' queries are asked about.
    ///   - weights: what the score of each of these counts, 0…1.
    ///   - width: columns of the frame.
    ///   - height: rows of the frame.
    ///   - count: how many to choose at most.
    /// - Returns: candidates of any score, best first; their queries are counted from the first of
    ///   `queries`.
    package static func candidates(
        _ detections: [Detection],
        of queries: Range<Int>? = nil,
        weights: [Float],
        width: Int,
        height: Int,
        count: Int
    ) -> [Candidate] {
        let all = detections.compactMap { detection -> Candidate? in
            let centre = (
                x: (detection.box.x0 + detection.box.x1) / 2,
                y: (detection.box.y0 + detection.box.y1) / 2
            )
            let box = detection.box.clipped(width: width, height: height)
            guard centre.x < Float(width), centre.y < Float(height), box.area > 0 else {
                return nil
            }
            let logits = queries.map { detection.logits[$0] } ?? detection.logits[...]
            let scores = zip(logits, weights).map { sigmoid($0) * $1 }
            guard let query = scores.indices.max(by: { scores[$0] < scores[$1] }) else {
                return nil
            }
            return Candidate(
                box: box,
                query: query,
                score: scores[query],
                logit: logits[logits.startIndex + query],
                objectness: detection.objectness
            )
        }
        var chosen: [Candidate] = []
        for candidate in all.sorted(by: { $0.score > $1.score }) {
            guard chosen.count < count else { break }
            if chosen.allSatisfy({ $0.box.iou(candidate.box) <= largestOverlap }) {
                chosen.append(candidate)
            }
        }
        return chosen
    }

    private static func sigmoid(_ logit: Float) -> Float { 1 / (1 + exp(-logit)) }
}
