import Imaging

/// What can be chosen about the built-in saliency method.
package struct SaliencySettings: Sendable, Equatable, Codable {
    /// How the saliency map is separated into object and background.
    package enum Threshold: Sendable, Equatable, Codable {
        /// The threshold that best separates two classes: N. Otsu, "A Threshold Selection
        /// Method from Gray-Level Histograms", IEEE Trans. SMC 9(1), 1979. It is kept within
        /// bounds, so that a map without any object stays empty.
        case otsu
        /// A fixed level of the map scaled to 0...255: what is above it is object.
        case fixed(UInt8)
    }

    /// Default `.otsu`.
    package var threshold: Threshold
    /// Temporal smoothing, 0...1: how much of the previous frame's map and threshold is blended
    /// into this frame's. 0 blends nothing. Default 0.6.
    package var smooth: Double

    package init(threshold: Threshold = .otsu, smooth: Double = 0.6) {
        self.threshold = threshold
        self.smooth = smooth
    }
}

/// Finds, frame after frame of one video, what stands out.
///
/// The maps come a few frames late (`SaliencyTuning.Input.lookAhead`): whether something moves on
/// its own is estimated from frames before and after. Memory is bounded by that look-ahead.
package struct SaliencyTracker: Sendable {
    private let size: WorkingSize
    private var estimator: SaliencyEstimator
    /// Small frames around the next one to be estimated.
    private var window = FrameWindow()
    /// The full-size frames that still wait for their maps.
    private var waiting: [VideoFrame] = []

    /// Starts on a video.
    ///
    /// - Parameters:
    ///   - width: columns of every frame.
    ///   - height: rows of every frame.
    ///   - settings: threshold and smoothing.
    package init(width: Int, height: Int, settings: SaliencySettings) {
        precondition(width > 0 && height > 0, "a frame has at least one sample")
        size = WorkingSize(frameWidth: width, frameHeight: height)
        estimator = SaliencyEstimator(size: size, settings: settings)
    }

    /// Takes the next frame in presentation order, yuv420p and of the size given to `init`, and
    /// returns the maps that became ready.
    package mutating func add(_ frame: VideoFrame) -> [SaliencyMap] {
        precondition(frame.format == .yuv420p, "the tracker reads yuv420p")
        precondition(
            WorkingSize(frameWidth: frame.width, frameHeight: frame.height) == size,
            "every frame has the size given at the start"
        )
        window.append(SmallFrame(frame, size: size))
        waiting.append(frame)
        guard waiting.count > SaliencyTuning.Input.lookAhead else { return [] }
        return [estimateNext()]
    }

    /// Returns the maps of the frames that are left, in order.
    package mutating func finish() -> [SaliencyMap] {
        var maps: [SaliencyMap] = []
        while !waiting.isEmpty {
            maps.append(estimateNext())
        }
        return maps
    }

    private mutating func estimateNext() -> SaliencyMap {
        let frame = waiting.removeFirst()
        let map = estimator.estimate(window, frame: frame)
        window.advance(keeping: SaliencyTuning.Input.lookBehind)
        return map
    }
}

/// The small frames around the current one, whose map is made next, and the camera's motion between
/// neighbours.
struct FrameWindow: Sendable {
    /// A small frame with the way to the frame before it.
    struct Step: Sendable {
        let small: SmallFrame
        /// From this frame's positions to the previous frame's; nil at the start of a scene.
        let toPrevious: CameraMotion?
    }

    private(set) var steps: [Step] = []
    /// Index in `steps` of the current frame.
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

    var step: Step { steps[current] }

    /// The frame before the current one, if it is kept.
    var previous: Step? { current > 0 ? steps[current - 1] : nil }

    /// Offsets, from the current frame, of the frames of the same scene.
    var reach: ClosedRange<Int> {
        var first = 0
        while current + first > 0, steps[current + first].toPrevious != nil { first -= 1 }
        var last = 0
        while current + last + 1 < steps.count, steps[current + last + 1].toPrevious != nil {
            last += 1
        }
        return first...last
    }

    /// From one frame's positions to another's, both given by their offsets from the current frame;
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
