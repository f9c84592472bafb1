import OpticalFlow

/// From shrunk frames of one content area to maps: stretches of a scene are cleaned, motion is
/// computed between their frames, and windows decide.
struct ScenePipeline: Sendable {
    let size: MapSize
    private let tuning: SaliencyTuning
    private let flow: FlowSettings
    private let fit: PlanarMotionFit
    private var searches: [DenseInverseSearch]
    private var stream: FrameStream
    private var windows: SceneWindows
    /// Frames of the present stretch.
    private var stretch: [ShrunkFrame] = []
    private var repeats: [Int: [(index: Int, time: Double?)]] = [:]
    private let stretchLength: Int
    /// The last frame, whose motion to the next one is not known, and that from the one before.
    private var last: SmallFrame?
    private var before: PairMotion?

    /// Pairs of frames whose motion is computed at once.
    private static let batch = 8

    init(size: MapSize, frameRate: Double, tuning: SaliencyTuning) {
        (self.size, self.tuning) = (size, tuning)
        flow = tuning.input.flow
        fit = PlanarMotionFit(size: size, tuning: tuning.camera)
        let flow = flow
        searches = (0..<Self.batch).map { _ in DenseInverseSearch(flow) }
        stream = FrameStream(size: size, tuning: tuning.stream)
        windows = SceneWindows(size: size, frameRate: frameRate, tuning: tuning)
        let seconds = Int((tuning.stream.stretch * frameRate).rounded())
        stretchLength = min(max(seconds, Self.batch), tuning.stream.mostFrames)
    }

    /// Takes the next frame.
    ///
    /// - Returns: the maps that are now decided.
    mutating func add(_ frame: ShrunkFrame) -> [ObjectMap] {
        stream.add(frame).flatMap { take($0) }
    }

    /// The maps that are left.
    mutating func finish() -> [ObjectMap] {
        stream.finish().flatMap { take($0) } + endScene()
    }

    private mutating func take(_ step: FrameStream.Step) -> [ObjectMap] {
        var maps: [ObjectMap] = []
        switch step {
        case .repeated(let index, let time):
            if let shown = stretch.last { repeats[shown.index, default: []].append((index, time)) }
            return []
        case .frame(let frame, let beginsScene):
            if beginsScene {
                maps = endScene()
            } else if stretch.count == stretchLength {
                maps = processStretch()
            }
            stretch.append(frame)
        }
        return maps
    }

    private mutating func endScene() -> [ObjectMap] {
        var maps = processStretch()
        if let last {
            maps += windows.append(sceneFrame(last, nil))
            maps += windows.end()
        }
        (last, before) = (nil, nil)
        return maps
    }

    private mutating func processStretch() -> [ObjectMap] {
        var frames = stretch
        stretch = []
        LightChange.undo(&frames, size: size, tuning: tuning.stream)
        let overlays = Overlay.find(in: frames, size: size, tuning: tuning.stream)
        var maps: [ObjectMap] = []
        for start in stride(from: 0, to: frames.count, by: Self.batch) {
            let times = start..<min(start + Self.batch, frames.count)
            maps += advance(with: smallFrames(Array(frames[times]), Array(overlays[times])))
        }
        repeats = [:]
        return maps
    }

    private func smallFrames(_ frames: [ShrunkFrame], _ overlays: [Overlay?]) -> [SmallFrame] {
        var result = [SmallFrame?](repeating: nil, count: frames.count)
        result.withUnsafeMutableBufferPointer { result in
            guard let base = result.baseAddress else { return }
            let target = SharedMemory(base)
            Parallel.forEach(frames.count) { [size, flow] number in
                var frame = frames[number]
                overlays[number]?.fill(&frame)
                target.base[number] = SmallFrame(
                    frame,
                    covered: overlays[number]?.places(size) ?? [],
                    size: size,
                    flow: flow
                )
            }
        }
        return result.compactMap { frame in
            guard var frame else { return nil }
            frame.shown += repeats[frame.shown[0].index] ?? []
            return frame
        }
    }

    /// Computes the motion between frames, and hands all but the last on.
    private mutating func advance(with new: [SmallFrame]) -> [ObjectMap] {
        let frames = (last.map { [$0] } ?? []) + new
        var maps: [ObjectMap] = []
        for (number, pair) in motions(frames).enumerated() {
            maps += windows.append(sceneFrame(frames[number], pair))
            before = pair
        }
        last = frames.last
        return maps
    }

    private mutating func motions(_ frames: [SmallFrame]) -> [PairMotion] {
        let count = max(frames.count - 1, 0)
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

    private func sceneFrame(_ frame: SmallFrame, _ after: PairMotion?) -> SceneFrame {
        SceneFrame(frame, before: before, after: after, size: size, tuning: tuning.motion)
    }
}
