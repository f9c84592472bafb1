import ShotDetection
import VideoScanning

/// The shots of a scanned video, with their times.
package struct FoundShots: Sendable, Equatable {
    package let shots: [Shot]
    /// Frames around changes that the rules do not decide with certainty, ascending, apart.
    package let doubtful: [Range<Int>]

    /// Finds the shots. A scan has all that is needed, so it takes little time.
    ///
    /// - Parameters:
    ///   - video: the video.
    ///   - detector: the rules.
    ///   - usesNetwork: whether frames that a network was asked about follow what it said.
    package init(
        of video: ScannedVideo,
        _ detector: ShotDetector = ShotDetector(),
        usesNetwork: Bool = false
    ) {
        let result = detector.detect(video.measures.frames, frameRate: video.note.frameRate)
        doubtful = result.doubtful
        guard usesNetwork, let cuts = video.content.cuts,
            let transitions = video.content.transitions
        else {
            shots = result.shots
            return
        }
        let decision = NetworkDecision(cuts: cuts, transitions: transitions)
        shots = decision.shots(result.shots, in: result.doubtful)
    }

    package init(shots: [Shot], doubtful: [Range<Int>] = []) {
        (self.shots, self.doubtful) = (shots, doubtful)
    }

    /// The frames of a shot that show nothing of its neighbours.
    package func clear(_ index: Int) -> Range<Int> {
        let shot = shots[index]
        let start = max(
            shot.start,
            shot.transition.isEmpty ? shot.start : shot.transition.upperBound
        )
        guard index + 1 < shots.count, !shots[index + 1].transition.isEmpty else {
            return min(start, shot.end)..<shot.end
        }
        let end = min(shot.end, shots[index + 1].transition.lowerBound)
        return min(start, end)..<end
    }

    /// The number of the shot that a frame belongs to.
    package func index(ofFrame frame: Int) -> Int {
        var (low, high) = (0, shots.count)
        while low < high {
            let middle = (low + high) / 2
            if shots[middle].start <= frame { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }
}
