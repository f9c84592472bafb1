/// PySceneDetect's AdaptiveDetector: a cut where a frame differs from the one before by so many times
/// what its neighbours do (scenedetect 0.7: detectors/adaptive_detector.py).
package struct AdaptiveDetector: Sendable {
    /// Smallest ratio of a frame's score to the mean of its neighbours'.
    package var threshold = 3.0
    /// Smallest number of frames of a shot.
    package var shortestShot = 15
    /// Neighbours on each side, at least 1.
    package var window = 2
    /// Smallest score of a cut.
    package var smallestContent = 15.0
    package var weights = ContentWeights()

    /// The largest ratio, also that of a change between frames that are all equal.
    private static let largestRatio = 255.0
    private static let zero = 0.00001

    package init() {}

    /// - Parameter measures: those of all frames, in order.
    /// - Returns: the numbers of the first frames of new shots, ascending.
    package func cuts(in measures: [FrameMeasures]) -> [Int] {
        let scores = measures.map(weights.score)
        var cuts: [Int] = []
        for frame in scores.indices {
            guard let ratio = ratio(scores, frame), ratio >= threshold,
                scores[frame] >= smallestContent, frame - (cuts.last ?? 0) >= shortestShot
            else { continue }
            cuts.append(frame)
        }
        return cuts
    }

    /// The ratios of all frames; nil where the window reaches beyond the video.
    package func ratios(in measures: [FrameMeasures]) -> [Double?] {
        let scores = measures.map(weights.score)
        return scores.indices.map { ratio(scores, $0) }
    }

    private func ratio(_ scores: [Double], _ frame: Int) -> Double? {
        let (first, last) = (frame - window, frame + window)
        guard first >= 0, last < scores.count else { return nil }
        var sum = 0.0
        for neighbour in first...last where neighbour != frame { sum += scores[neighbour] }
        let mean = sum / (2 * Double(window))
        if abs(mean) < Self.zero { return scores[frame] >= smallestContent ? Self.largestRatio : 0 }
        return min(scores[frame] / mean, Self.largestRatio)
    }
}
