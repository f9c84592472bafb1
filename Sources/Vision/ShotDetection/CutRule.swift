/// What a hard cut is: a frame that differs much more from the one before than its neighbours do
/// (the ratio of scenedetect/detectors/adaptive_detector.py), and that neither a moved camera nor the
/// end of a flash explains.
package struct CutRule: Sendable {
    /// Smallest ratio of the frame's difference to its neighbours'.
    package var ratio = 2.0
    /// The same for frames that no shift makes alike at all.
    package var clearRatio = 1.5
    /// Smallest difference (`FrameMeasures.content`).
    package var content = 15.0
    /// Neighbours on each side.
    package var window = 2

    /// Frames whose luma correlates so well at the best shift show the same scene, …
    package var sameLikeness: Float = 0.92
    /// … and so do those that correlate less if their colours differ little there.
    package var similarLikeness: Float = 0.75
    package var similarDifference: Float = 18

    /// Frames that correlate so little and differ so much at the best shift are of different scenes.
    package var differentLikeness: Float = 0.8
    package var differentDifference: Float = 24

    /// After a flash, a frame correlates at least so well with the one before the flash, …
    package var returnLikeness: Float = 0.82
    /// … and by so much better than the flash with that one.
    package var returnGain: Float = 0.04

    package init() {}

    func changes(in measures: [FrameMeasures], flashes: Set<Int>) -> [ShotChange] {
        measures.indices.compactMap { frame in
            let now = measures[frame]
            guard now.content >= content, !isSameScene(now), !flashes.contains(frame) else {
                return nil
            }
            let ratio = ratio(at: frame, in: measures)
            let isClear =
                now.alikeness < differentLikeness && now.shiftedDifference >= differentDifference
            guard ratio >= (isClear ? clearRatio : self.ratio) else { return nil }
            return ShotChange(cut: frame, score: score(now, ratio))
        }
    }

    /// Half of it is the ratio (3 gives 0.6 of that half), half the difference at the best shift.
    private func score(_ measures: FrameMeasures, _ ratio: Double) -> Double {
        let unlike = min(1, Double(measures.shiftedDifference) / 40)
        return 0.5 * ratio / (ratio + 2) + 0.5 * unlike
    }

    private func isSameScene(_ measures: FrameMeasures) -> Bool {
        measures.alikeness >= sameLikeness
            || measures.alikeness >= similarLikeness
                && measures.shiftedDifference <= similarDifference
    }

    /// The frames at which a flash begins, goes on or ends.
    func flashes(in measures: [FrameMeasures]) -> Set<Int> {
        var flashes: Set<Int> = []
        for frame in measures.indices {
            for length in 1...FrameMeasures.longestFlash where frame - length > 0 {
                let start = measures[frame - length]
                let likeness = measures[frame].returns[length - 1]
                guard start.content >= content / 2, likeness >= returnLikeness,
                    likeness >= start.alikeness + returnGain
                else { continue }
                flashes.formUnion(frame - length...frame)
            }
        }
        return flashes
    }

    /// Frames that differ from the one before as at a cut, whatever the reason.
    func jumps(in measures: [FrameMeasures]) -> Set<Int> {
        Set(
            measures.indices.filter {
                measures[$0].content >= content && ratio(at: $0, in: measures) >= ratio
            }
        )
    }

    /// The ratio of a frame's difference to the mean of its neighbours', of those that there are.
    package func ratio(at frame: Int, in measures: [FrameMeasures]) -> Double {
        // The first frame has no difference.
        guard measures.count > 1 else { return 0 }
        let neighbours = max(1, frame - window)...min(measures.count - 1, frame + window)
        var sum = 0.0
        for neighbour in neighbours where neighbour != frame { sum += measures[neighbour].content }
        let mean = sum / Double(max(1, neighbours.count - 1))
        return min(255, measures[frame].content / max(mean, 0.01))
    }

    /// Frames with a jump for which little more or less would have decided otherwise.
    func doubts(in measures: [FrameMeasures], flashes: Set<Int>) -> [Int] {
        measures.indices.filter { frame in
            let now = measures[frame]
            guard now.content >= content * 2 / 3, !flashes.contains(frame) else { return false }
            let ratio = ratio(at: frame, in: measures)
            guard ratio >= clearRatio, now.alikeness < sameLikeness + 0.03 else { return false }
            if now.alikeness >= differentLikeness { return true }
            if now.shiftedDifference < differentDifference {
                return now.shiftedDifference > similarDifference / 2
            }
            return ratio < clearRatio + 0.25 || now.content < content * 4 / 3
        }
    }
}
