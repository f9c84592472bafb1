import Imaging

/// Finds, frame after frame of one video, what stands out.
///
/// The maps come a few frames late (`lookAhead`): whether something moves on its own is judged
/// from frames before and after. Memory is bounded by that look-ahead.
package struct SaliencyTracker: Sendable {
    /// Frames that are read ahead of the one whose map is made.
    static let lookAhead = 6
    /// Small frames that are kept behind the one whose map is made.
    static let lookBehind = 6

    private let size: WorkingSize
    private var judge: FrameJudge
    /// Small frames around the next one to be judged.
    private var window = FrameWindow()
    /// The full-size frames that still wait for their maps.
    private var waiting: [VideoFrame] = []

    /// Starts on a video.
    ///
    /// - Parameters:
    ///   - width: columns of every frame.
    ///   - height: rows of every frame.
    ///   - settings: threshold and steadiness.
    package init(width: Int, height: Int, settings: SaliencySettings) {
        precondition(width > 0 && height > 0, "a frame has at least one sample")
        size = WorkingSize(frameWidth: width, frameHeight: height)
        judge = FrameJudge(size: size, settings: settings)
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
        guard waiting.count > Self.lookAhead else { return [] }
        return [judgeNext()]
    }

    /// Returns the maps of the frames that are left, in order.
    package mutating func finish() -> [SaliencyMap] {
        var maps: [SaliencyMap] = []
        while !waiting.isEmpty {
            maps.append(judgeNext())
        }
        return maps
    }

    private mutating func judgeNext() -> SaliencyMap {
        let frame = waiting.removeFirst()
        let map = judge.judge(window, frame: frame)
        window.advance(keeping: Self.lookBehind)
        return map
    }
}
