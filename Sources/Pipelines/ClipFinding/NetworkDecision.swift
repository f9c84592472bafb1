import ShotDetection

/// What a network says of changes, in the place of rules that are not certain.
///
/// Thresholds are TransNetV2's own of 0.5 for the frames of a change, and 0.3 for cuts, which it gives
/// small probabilities between shots of one person.
struct NetworkDecision: Sendable {
    /// For each frame, 0…254, and 255 where it is not known.
    private let cuts: [UInt8]
    private let transitions: [UInt8]

    private static let cut = 0.3
    private static let transition = 0.5
    /// A change of so many frames is a cut.
    private static let longestCut = 4
    /// A change is the same as one that is decided if it is not farther from it.
    private static let nearness = 4

    init(cuts: [UInt8], transitions: [UInt8]) {
        (self.cuts, self.transitions) = (cuts, transitions)
    }

    private func cut(_ frame: Int) -> Double {
        cuts[frame] == .max ? 0 : Double(cuts[frame]) / 254
    }

    private func transition(_ frame: Int) -> Double {
        transitions[frame] == .max ? 0 : Double(transitions[frame]) / 254
    }

    /// Replaces the changes in doubtful frames.
    ///
    /// - Parameters:
    ///   - shots: what rules have found.
    ///   - doubtful: ranges of frames, ascending, apart.
    /// - Returns: all shots.
    func shots(_ shots: [Shot], in doubtful: [Range<Int>]) -> [Shot] {
        guard let first = shots.first, let count = shots.last?.end else { return shots }
        let known = doubtful.filter { range in range.allSatisfy { cuts[$0] != .max } }
        // Fades are certain: the network knows them as changes, and not where black begins.
        let kept = shots.dropFirst().filter { shot in
            shot.kind == .fade || known.allSatisfy { !($0 ~= shot.start) }
        }
        let found = known.flatMap { changes(in: $0) }.filter { change in
            !kept.contains { other in
                abs(other.start - change.start) <= Self.nearness
                    || other.transition.contains(change.start)
            }
        }
        let starts = (kept + found).filter { (1..<count).contains($0.start) }
            .sorted { $0.start < $1.start }
        var result = [first]
        for var shot in starts where shot.start > result[result.count - 1].start {
            result[result.count - 1].end = shot.start
            shot.end = count
            result.append(shot)
        }
        result[result.count - 1].end = count
        return result
    }

    /// Changes as shots that begin with them.
    private func changes(in range: Range<Int>) -> [Shot] {
        var changes: [Shot] = []
        var frame = range.lowerBound
        while frame < range.upperBound {
            guard transition(frame) >= Self.transition || cut(frame) >= Self.cut else {
                frame += 1
                continue
            }
            let start = frame
            while frame < range.upperBound,
                transition(frame) >= Self.transition || cut(frame) >= Self.cut
            { frame += 1 }
            changes.append(change(start..<frame))
        }
        return changes
    }

    private func change(_ frames: Range<Int>) -> Shot {
        let best = frames.max { cut($0) < cut($1) } ?? frames.lowerBound
        let score = max(cut(best), frames.reduce(0) { max($0, transition($1)) })
        let isCut = frames.count <= Self.longestCut
        // A cut is high at the last frame of the shot before.
        let place = isCut ? best + 1 : (frames.lowerBound + frames.upperBound + 1) / 2
        return Shot(
            start: place,
            end: place,
            kind: isCut ? .cut : .dissolve,
            score: score,
            transition: isCut ? place..<place : frames.lowerBound..<frames.upperBound + 1
        )
    }
}
