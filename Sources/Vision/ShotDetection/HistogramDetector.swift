/// PySceneDetect's HistogramDetector: a cut where the histogram of luma correlates little with that
/// of the frame before (scenedetect 0.7: detectors/histogram_detector.py).
package struct HistogramDetector: Sendable {
    /// Largest difference of the histograms, 1 less their correlation, within a shot: 0…1.
    package var threshold = 0.2
    /// Smallest number of frames of a shot.
    package var shortestShot = 15
    package var bins = Bins.of128

    package enum Bins: Sendable {
        case of128, of256
    }

    package init() {}

    /// - Parameter measures: those of all frames, in order.
    /// - Returns: the numbers of the first frames of new shots, ascending.
    package func cuts(in measures: [FrameMeasures]) -> [Int] {
        let limit = max(0, min(1, 1 - threshold))
        var cuts: [Int] = []
        for frame in measures.indices.dropFirst() {
            let correlation =
                switch bins {
                case .of128: measures[frame].correlation
                case .of256: measures[frame].correlation256
                }
            if correlation <= limit, frame - (cuts.last ?? 0) >= shortestShot { cuts.append(frame) }
        }
        return cuts
    }
}
