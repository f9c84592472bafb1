/// PySceneDetect's ContentDetector: a cut where hue, saturation and value differ from those of the
/// frame before by more than a threshold (scenedetect 0.7: detectors/content_detector.py).
///
/// Edges, which weigh nothing there by default, are not measured.
package struct ContentDetector: Sendable {
    /// Smallest weighted mean of the differences at a cut.
    package var threshold = 27.0
    /// Smallest number of frames of a shot.
    package var shortestShot = 15
    package var weights = ContentWeights()
    /// What happens to cuts that would make shorter shots.
    package var filter = Filter.merge

    package enum Filter: Sendable {
        /// The last one of a row of cuts stays.
        case merge
        /// The first one stays.
        case suppress
    }

    package init() {}

    /// - Parameter measures: those of all frames, in order.
    /// - Returns: the numbers of the first frames of new shots, ascending.
    package func cuts(in measures: [FrameMeasures]) -> [Int] {
        var filter = FlashFilter(mode: filter, length: shortestShot)
        return measures.indices.compactMap { frame in
            filter.filter(frame, isAbove: weights.score(measures[frame]) >= threshold)
        }
    }
}

/// How much each difference counts.
package struct ContentWeights: Sendable, Equatable {
    package var hue = 1.0
    package var saturation = 1.0
    package var value = 1.0

    package init() {}

    /// The weighted mean of the differences of a frame.
    package func score(_ measures: FrameMeasures) -> Double {
        let sum = measures.hue * hue + measures.saturation * saturation + measures.value * value
        return sum / (abs(hue) + abs(saturation) + abs(value))
    }
}

/// Keeps a smallest distance of cuts (scenedetect 0.7: detector.py, `FlashFilter`).
struct FlashFilter {
    private let mode: ContentDetector.Filter
    private let length: Int
    /// The last frame above the threshold; at first, the first frame.
    private var lastAbove: Int?
    /// Whether there has been a cut, before which nothing is merged.
    private var hasCut = false
    /// Where the row of cuts that is being merged begins.
    private var mergeStart: Int?

    init(mode: ContentDetector.Filter, length: Int) {
        (self.mode, self.length) = (mode, length)
    }

    /// - Returns: the frame of a cut that is decided now, if any.
    mutating func filter(_ frame: Int, isAbove: Bool) -> Int? {
        guard length > 0 else { return isAbove ? frame : nil }
        let last = lastAbove ?? frame
        lastAbove = last
        let isLongEnough = frame - last >= length
        switch mode {
        case .suppress:
            guard isAbove, isLongEnough else { return nil }
            lastAbove = frame
            return frame
        case .merge:
            if isAbove { lastAbove = frame }
            return merged(frame, last, isAbove, isLongEnough)
        }
    }

    private mutating func merged(
        _ frame: Int,
        _ last: Int,
        _ isAbove: Bool,
        _ isLongEnough: Bool
    ) -> Int? {
        if let start = mergeStart {
            guard isLongEnough, !isAbove, last - start >= length else { return nil }
            mergeStart = nil
            return last
        }
        guard isAbove else { return nil }
        if isLongEnough {
            hasCut = true
            return frame
        }
        if hasCut { mergeStart = frame }
        return nil
    }
}
