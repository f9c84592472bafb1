/// What a dissolve is: frames around which colours change much within 16 frames (the span histogram)
/// though no frame differs much from the next, and that are mixtures of earlier and later ones.
package struct DissolveRule: Sendable {
    /// Smallest distance of the colours 8 frames before and after (`FrameMeasures.spanDistances`).
    package var distance: Float = 0.8
    /// Smallest sum of the strength of the mixture near the middle (`FrameMeasures.mixtures`), times
    /// how unlike its ends are, and of the distance of colours, times `distanceWeight`.
    package var evidence: Float = 0.45
    package var distanceWeight: Float = 0.2
    /// Smallest mean likeness of consecutive frames in the middle, …
    package var likeness: Float = 0.84
    /// … largest shift from frame to frame, as a part of the width and the height together, …
    package var shift: Float = 0.3
    /// … and of the camera across all of the middle, as a part of the width: more is a fast pan.
    package var travel: Float = 0.7
    /// Smallest strength of the mixture of all frames of a dissolve, but for `gap` at a time.
    package var edge: Float = 0.2
    package var gap = 3
    /// Fewest frames: where mixtures are weak, these around the middle are taken for the dissolve.
    package var shortest = 8

    package init() {}

    /// Places in `FrameMeasures.spans` of the spans that mixtures are looked for over.
    private static let mixtureSpans = 0...2
    /// The place of the span of 16 frames, over which colours are compared, and of the one of 8 for
    /// where a change is too near.
    private static let colourSpans = [1, 0]
    /// A dissolve is the only one within so many frames on each side.
    private static let surroundings = 10
    /// Frames on each side of the middle in which a mixture is looked for.
    private static let middle = 6
    /// Most frames on each side of the middle.
    private static let longest = 24

    /// What is known about each frame as the middle of a dissolve.
    private struct Evidence {
        /// The distance of colours.
        var distance: Float = 0
        /// The strongest mixture.
        var mixture: Float = 0
        /// The largest product of a mixture's strength and how unlike its ends are.
        var strength: Float = 0
    }

    /// Finds dissolves besides changes that are decided. Spans reach neither over those nor over
    /// `jumps`, frames that differ from the one before for another reason.
    func changes(
        in measures: [FrameMeasures],
        besides others: [ShotChange],
        jumps: Set<Int>
    ) -> [ShotChange] {
        let evidence = evidence(measures, others, jumps)
        let changes = peaks(evidence).compactMap { frame -> ShotChange? in
            let sum = sum(evidence, frame)
            guard sum >= self.evidence, !isPan(measures, frame) else { return nil }
            let transition = transition(evidence, around: frame)
            return ShotChange(
                frame: frame,
                kind: .dissolve,
                score: Double(min(1, sum)),
                transition: transition
            )
        }
        return Self.apart(changes)
    }

    /// What speaks for a dissolve with its middle at a frame.
    private func sum(_ evidence: [Evidence], _ frame: Int) -> Float {
        let near = max(0, frame - Self.middle)...min(evidence.count - 1, frame + Self.middle)
        let strength = evidence[near].reduce(0) { max($0, $1.strength) }
        return strength + distanceWeight * evidence[frame].distance
    }

    /// Of peaks within the same mixed frames, the clearer ones.
    private static func apart(_ changes: [ShotChange]) -> [ShotChange] {
        var kept: [ShotChange] = []
        for change in changes {
            if let last = kept.last, last.transition == change.transition {
                if change.score > last.score { kept[kept.count - 1] = change }
            } else {
                kept.append(change)
            }
        }
        return kept
    }

    private func evidence(
        _ measures: [FrameMeasures],
        _ others: [ShotChange],
        _ jumps: Set<Int>
    ) -> [Evidence] {
        // How many frames up to each one belong to other changes.
        var passed = [Int](repeating: 0, count: measures.count + 1)
        for frame in jumps { passed[frame + 1] = 1 }
        for other in others {
            let range = other.transition.isEmpty ? other.frame..<other.frame + 1 : other.transition
            for frame in range where frame >= 0 && frame < measures.count { passed[frame + 1] = 1 }
        }
        for frame in passed.indices.dropFirst() { passed[frame] += passed[frame - 1] }
        /// The last frame of a span around a frame; nil if it reaches over a change.
        func last(_ frame: Int, _ span: Int) -> Int? {
            let half = FrameMeasures.spans[span] / 2
            let (first, last) = (frame - half, frame + half)
            guard first >= 0, last < measures.count, passed[last + 1] == passed[first + 1] else {
                return nil
            }
            return last
        }
        return measures.indices.map { frame in
            var evidence = Evidence()
            for span in Self.mixtureSpans {
                guard let last = last(frame, span) else { break }
                let mixture = measures[last].mixtures[span]
                evidence.mixture = max(evidence.mixture, mixture)
                let unlike = 1 - measures[last].ends[span]
                evidence.strength = max(evidence.strength, mixture * unlike)
            }
            for span in Self.colourSpans {
                guard let last = last(frame, span) else { continue }
                evidence.distance = measures[last].spanDistances[span]
                break
            }
            return evidence
        }
    }

    /// The middles of where the distance of colours is largest.
    private func peaks(_ evidence: [Evidence]) -> [Int] {
        let distances = evidence.map(\.distance)
        return distances.indices.compactMap { frame in
            let peak = distances[frame]
            guard peak >= distance else { return nil }
            let first = max(0, frame - Self.surroundings)
            let last = min(distances.count - 1, frame + Self.surroundings)
            // Of equal ones the first.
            guard distances[first..<frame].allSatisfy({ $0 < peak }),
                distances[frame...last].allSatisfy({ $0 <= peak })
            else { return nil }
            var (start, end) = (frame, frame)
            while start > first, distances[start - 1] >= 0.9 * peak { start -= 1 }
            while end < last, distances[end + 1] >= 0.9 * peak { end += 1 }
            return (start + end + 1) / 2
        }
    }

    /// Whether the camera's motion explains that colours change.
    private func isPan(_ measures: [FrameMeasures], _ frame: Int) -> Bool {
        func around(_ reach: Int) -> ArraySlice<FrameMeasures> {
            measures[max(0, frame - reach)...min(measures.count - 1, frame + reach)]
        }
        let middle = around(3)
        let alikeness = middle.reduce(0) { $0 + $1.alikeness } / Float(middle.count)
        let all = around(8)
        let fastest = all.reduce(0) { max($0, abs($1.shiftX) + abs($1.shiftY)) }
        let travel = abs(all.reduce(0) { $0 + $1.shiftX })
        return alikeness < likeness || fastest > shift || travel > self.travel
    }

    /// The frames around the middle of a dissolve that are mixtures; never fewer than the shortest.
    private func transition(_ evidence: [Evidence], around frame: Int) -> Range<Int> {
        func reach(_ step: Int) -> Int {
            var (reached, place) = (frame, frame)
            while evidence.indices.contains(place), abs(place - frame) <= Self.longest,
                abs(place - reached) <= gap
            {
                if evidence[place].mixture >= edge { reached = place }
                place += step
            }
            return reached
        }
        let (first, end) = (reach(-1), reach(1) + 1)
        guard end - first < shortest else { return first..<end }
        return max(0, frame - shortest / 2)..<min(evidence.count, frame + shortest / 2)
    }

    /// Where colours change most without a change that is decided, and little more or less evidence, or
    /// a slower camera, would have decided otherwise.
    func doubts(
        in measures: [FrameMeasures],
        besides others: [ShotChange],
        jumps: Set<Int>
    ) -> [Int] {
        let evidence = evidence(measures, others, jumps)
        return peaks(evidence).filter { frame in
            let sum = sum(evidence, frame)
            guard sum < self.evidence * 1.5 || isPan(measures, frame) else { return false }
            return sum >= self.evidence * 0.75
        }
    }
}
