/// Finds shots in the measures of a video: hard cuts by the ratio of a frame's difference to its
/// neighbours', without flashes and camera motion; fades by black; dissolves by mixed frames between
/// different colours.
package struct ShotDetector: Sendable {
    package var cuts = CutRule()
    package var fades = FadeRule()
    package var dissolves = DissolveRule()
    /// Shortest shot, in seconds.
    package var shortestShot = 0.2

    package init() {}

    /// What a video consists of.
    package struct Result: Sendable, Equatable {
        /// All frames, in order, without gaps. None if there are no frames.
        package let shots: [Shot]
        /// Frames around changes that these rules do not decide with certainty, ascending, apart: for
        /// a network to decide.
        package let doubtful: [Range<Int>]
    }

    /// Finds the shots of a video by the measures of all its frames, in order.
    package func detect(_ measures: [FrameMeasures], frameRate: Double) -> Result {
        let shortest = max(1, Int((shortestShot * frameRate + 0.001).rounded(.down)))
        let fades = fades.changes(in: measures)
        let flashes = cuts.flashes(in: measures)
        let found = cuts.changes(in: measures, flashes: flashes).filter { cut in
            // Hue and saturation of nearly black frames jump.
            !fades.contains { $0.transition.contains(cut.frame) || $0.frame == cut.frame }
        }
        let cuts = Self.apart(found, shortest)
        let decided = fades + cuts
        let jumps = self.cuts.jumps(in: measures).union(flashes)
        let dissolves = dissolves.changes(in: measures, besides: decided, jumps: jumps)
        var changes = (decided + dissolves).sorted { $0.frame < $1.frame }
        changes.removeAll { $0.frame <= 0 || $0.frame >= measures.count }
        return Result(
            shots: Self.shots(changes, fades, count: measures.count),
            doubtful: Self.windows(
                self.cuts.doubts(in: measures, flashes: flashes)
                    + self.dissolves.doubts(in: measures, besides: decided, jumps: jumps),
                count: measures.count
            )
        )
    }

    /// Of cuts that are closer together than the shortest shot, the clearer ones.
    private static func apart(_ cuts: [ShotChange], _ shortest: Int) -> [ShotChange] {
        var kept: [ShotChange] = []
        for cut in cuts {
            if let last = kept.last, cut.frame - last.frame < shortest {
                if cut.score > last.score { kept[kept.count - 1] = cut }
            } else {
                kept.append(cut)
            }
        }
        return kept
    }

    private static func shots(
        _ changes: [ShotChange],
        _ fades: [ShotChange],
        count: Int
    ) -> [Shot] {
        guard count > 0 else { return [] }
        // A video may begin with a fade.
        let opening = fades.first { $0.frame <= 0 }?.transition ?? 0..<0
        var shots = [Shot(start: 0, end: count, kind: .start, score: 1, transition: opening)]
        for change in changes {
            shots[shots.count - 1].end = change.frame
            shots.append(
                Shot(
                    start: change.frame,
                    end: count,
                    kind: change.kind,
                    score: change.score,
                    transition: change.transition
                )
            )
        }
        return shots
    }

    // MARK: - Doubt

    /// Frames around a doubtful one that a network looks at.
    private static let surroundings = 12

    /// Joins the surroundings of frames where they meet.
    private static func windows(_ frames: [Int], count: Int) -> [Range<Int>] {
        var windows: [Range<Int>] = []
        for frame in frames.sorted() {
            let start = max(0, frame - surroundings)
            let end = min(count, frame + surroundings + 1)
            if let last = windows.last, start <= last.upperBound {
                windows[windows.count - 1] = last.lowerBound..<max(end, last.upperBound)
            } else {
                windows.append(start..<end)
            }
        }
        return windows
    }
}
