/// The small frames around the one that is judged, and the camera's motion between neighbours.
struct FrameWindow: Sendable {
    /// A small frame with the way to the frame before it.
    struct Step: Sendable {
        let small: SmallFrame
        /// From this frame's places to the previous frame's; nil at the start of a scene.
        let toPrevious: CameraMotion?
    }

    private(set) var steps: [Step] = []
    /// Index in `steps` of the frame that is judged next.
    private(set) var current = 0
    private var estimator = CameraEstimator()

    /// Takes the next frame and finds the camera's motion to it.
    mutating func append(_ small: SmallFrame) {
        var motion: CameraMotion?
        if let previous = steps.last {
            motion = estimator.motion(from: small, to: previous.small)
        }
        steps.append(Step(small: small, toPrevious: motion))
    }

    /// Goes to the next frame and forgets those too far behind.
    mutating func advance(keeping lookBehind: Int) {
        current += 1
        if current > lookBehind {
            steps.removeFirst(current - lookBehind)
            current = lookBehind
        }
    }

    /// The frame that is judged.
    var step: Step { steps[current] }

    /// The frame before the judged one, if it is kept.
    var previous: Step? { current > 0 ? steps[current - 1] : nil }

    /// Offsets, from the judged frame, of the frames of the same scene.
    var reach: ClosedRange<Int> {
        var first = 0
        while current + first > 0, steps[current + first].toPrevious != nil { first -= 1 }
        var last = 0
        while current + last + 1 < steps.count, steps[current + last + 1].toPrevious != nil {
            last += 1
        }
        return first...last
    }

    /// From one frame's places to another's, both given by their offsets from the judged frame;
    /// nil across scenes.
    func motion(from start: Int, to end: Int) -> CameraMotion? {
        var motion = CameraMotion()
        if end < start {
            for index in stride(from: current + start, to: current + end, by: -1) {
                guard let step = steps[index].toPrevious else { return nil }
                motion = step.after(motion)
            }
        } else {
            for index in current + start..<current + end {
                guard let step = steps[index + 1].toPrevious else { return nil }
                motion = step.inverse.after(motion)
            }
        }
        return motion
    }
}
