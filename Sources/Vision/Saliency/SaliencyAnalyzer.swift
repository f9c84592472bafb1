import Imaging
import OpticalFlow

/// Finds where the object of every frame is. It takes the frames of a video in order and decides
/// the maps of a window of frames together, so a map comes up to a window's length late.
///
/// Frames are only read while they are added: a mask is drawn from a map and the frame itself,
/// decoded again, by `MaskDrawing`. Work is shared among the processors; the maps do not depend on
/// their number.
package struct SaliencyAnalyzer: Sendable {
    private let size: MapSize
    private let tuning: SaliencyTuning
    private let flow: FlowSettings
    private let fit: PlanarMotionFit
    private var searches: [DenseInverseSearch]
    private var windows: SceneWindows
    /// Frames whose motion is not computed yet, the last one before them first.
    private var waiting: [SmallFrame] = []
    /// Whether the first of `waiting` begins a scene, or else what came before it.
    private var before: PairMotion?

    /// Pairs of frames whose motion is computed at once.
    private static let batch = 8

    /// Starts on a video.
    ///
    /// - Parameters:
    ///   - width: columns of every frame.
    ///   - height: rows of every frame.
    ///   - frameRate: frames per second, which says how many frames a window has; nil if unknown.
    ///   - tuning: the numbers of the method.
    package init(
        width: Int,
        height: Int,
        frameRate: Double?,
        tuning: SaliencyTuning = .standard
    ) {
        self.tuning = tuning
        size = MapSize(frameWidth: width, frameHeight: height, places: tuning.input.places)
        flow = FlowSettings(
            finestScale: 1,
            patchStride: tuning.input.patchStride,
            gradientSteps: tuning.input.gradientSteps,
            variationalSteps: tuning.input.variationalSteps
        )
        fit = PlanarMotionFit(size: size, tuning: tuning.camera)
        let flow = flow
        searches = (0..<Self.batch).map { _ in DenseInverseSearch(flow) }
        let known = frameRate.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        windows = SceneWindows(
            size: size,
            frameRate: known ?? tuning.input.frameRate,
            tuning: tuning
        )
    }

    /// Takes the next frame in presentation order, yuv420p and of the size given to `init`.
    ///
    /// - Returns: the maps that are now decided, in order.
    package mutating func add(_ frame: VideoFrame) -> [ObjectMap] {
        precondition(frame.format == .yuv420p, "the analysis reads yuv420p")
        precondition(
            frame.width == size.frameWidth && frame.height == size.frameHeight,
            "every frame has the size given at the start"
        )
        waiting.append(SmallFrame(ShrunkFrame(frame, size: size), size: size, flow: flow))
        return waiting.count > Self.batch ? advance() : []
    }

    /// The maps that are left after the last frame, in order.
    package mutating func finish() -> [ObjectMap] {
        var maps = waiting.count > 1 ? advance() : []
        if let last = waiting.first { maps += windows.append(sceneFrame(last, before, nil)) }
        waiting = []
        before = nil
        return maps + windows.end()
    }

    /// Computes the motion between the frames that wait, and hands all but the last on.
    private mutating func advance() -> [ObjectMap] {
        let frames = waiting
        let pairs = motions(frames)
        var maps: [ObjectMap] = []
        for (number, pair) in pairs.enumerated() {
            let isCut = frames[number].isLast
            let next = isCut ? nil : pair
            maps += windows.append(sceneFrame(frames[number], before, next))
            if isCut { maps += windows.end() }
            before = next
        }
        waiting.removeFirst(pairs.count)
        return maps
    }

    private mutating func motions(_ frames: [SmallFrame]) -> [PairMotion] {
        let count = frames.count - 1
        var pairs = [PairMotion?](repeating: nil, count: count)
        pairs.withUnsafeMutableBufferPointer { pairs in
            searches.withUnsafeMutableBufferPointer { searches in
                guard let base = pairs.baseAddress, let first = searches.baseAddress else { return }
                let (target, search) = (SharedMemory(base), SharedMemory(first))
                Parallel.forEach(count) { [fit, size, tuning] number in
                    target.base[number] = PairMotion(
                        frames[number],
                        frames[number + 1],
                        search: &search.base[number],
                        fit: fit,
                        size: size,
                        tuning: tuning
                    )
                }
            }
        }
        return pairs.compactMap { $0 }
    }

    private func sceneFrame(
        _ frame: SmallFrame,
        _ before: PairMotion?,
        _ after: PairMotion?
    ) -> SceneFrame {
        SceneFrame(frame, before: before, after: after, size: size, tuning: tuning.motion)
    }
}
