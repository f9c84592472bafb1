/// What a dissolve is: frames that are mixtures of earlier and later ones, between frames of different
/// colours (the span histogram).
package struct DissolveRule: Sendable {
    /// Smallest strength of the mixture in the middle (`FrameMeasures.mixtures`), …
    package var strength: Float = 0.3
    /// … and of that of all frames of a dissolve.
    package var edge: Float = 0.2
    /// Smallest distance of the colours 8 frames before and after (`FrameMeasures.spanDistances`).
    package var distance: Float = 0.8
    /// Frames that may be missing within a dissolve.
    package var gap = 3

    package init() {}

    /// Spans that are looked at: places in `FrameMeasures.spans`, of 8, 16 and 24 frames.
    private static let spans = 0...2
    /// The place of the span of 16 frames, over which colours are compared.
    private static let colourSpan = 1

    /// - Parameter others: changes that are decided; spans do not reach over them.
    func changes(in measures: [FrameMeasures], besides others: [ShotChange]) -> [ShotChange] {
        let strengths = strengths(measures, others)
        var changes: [ShotChange] = []
        for range in ranges(strengths) {
            let peak = strengths[range].max() ?? 0
            let distance = range.reduce(Float(0)) { max($0, self.distance(measures, around: $1)) }
            guard peak >= strength, distance >= self.distance else { continue }
            changes.append(
                ShotChange(
                    frame: (range.lowerBound + range.upperBound) / 2,
                    kind: .dissolve,
                    score: Double(min(1, (peak + distance / 2) / 2)),
                    transition: range
                )
            )
        }
        return changes
    }

    /// How much each frame is a mixture of those around it, the best of all spans.
    private func strengths(_ measures: [FrameMeasures], _ others: [ShotChange]) -> [Float] {
        // How many changes there are up to each frame.
        var passed = [Int](repeating: 0, count: measures.count + 1)
        for other in others {
            let range = other.transition.isEmpty ? other.frame..<other.frame + 1 : other.transition
            for frame in range where frame >= 0 && frame < measures.count { passed[frame + 1] = 1 }
        }
        for frame in passed.indices.dropFirst() { passed[frame] += passed[frame - 1] }
        return measures.indices.map { frame in
            var best: Float = 0
            for index in Self.spans {
                let half = FrameMeasures.spans[index] / 2
                let (first, last) = (frame - half, frame + half)
                guard first >= 0, last < measures.count, passed[last + 1] == passed[first + 1]
                else { continue }
                best = max(best, measures[last].mixtures[index])
            }
            return best
        }
    }

    /// Frames that are mixtures, gaps closed.
    private func ranges(_ strengths: [Float]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for frame in strengths.indices where strengths[frame] >= edge {
            if let last = ranges.last, frame - last.upperBound <= gap {
                ranges[ranges.count - 1] = last.lowerBound..<frame + 1
            } else {
                ranges.append(frame..<frame + 1)
            }
        }
        return ranges
    }

    private func distance(_ measures: [FrameMeasures], around frame: Int) -> Float {
        let last = frame + FrameMeasures.spans[Self.colourSpan] / 2
        return last < measures.count ? measures[last].spanDistances[Self.colourSpan] : 0
    }

    /// Where the colours change most over 16 frames, and all dissolves.
    func doubts(in measures: [FrameMeasures], _ changes: [ShotChange]) -> [Int] {
        let distances = measures.indices.map { distance(measures, around: $0) }
        let half = FrameMeasures.spans[Self.colourSpan] / 2
        let peaks = distances.indices.filter { frame in
            guard distances[frame] >= distance else { return false }
            let near = max(0, frame - half)...min(distances.count - 1, frame + half)
            guard distances[near].firstIndex(of: distances[near].max() ?? 0) == frame else {
                return false
            }
            return !changes.contains {
                $0.kind != .dissolve && abs($0.frame - frame) <= half + 2
            }
        }
        return peaks + changes.filter { $0.kind == .dissolve }.map(\.frame)
    }
}
