import Imaging

/// Makes the saliency map of one frame after another, with what it remembers of the scene.
struct FrameJudge: Sendable {
    /// Part of the colour model, and of motion's share in the verdict, left a frame later.
    private static let modelKept: Float = 0.88
    private static let shareKept: Float = 0.985
    /// The bounds of Otsu's level: a map without an object, or without a background, has no two
    /// classes to part.
    private static let lowestLevel: Float = 0.35
    private static let highestLevel: Float = 0.6

    private let size: WorkingSize
    private let settings: SaliencySettings
    /// The settings' steadiness, kept within 0...1.
    private let smooth: Float
    private var memory: SceneMemory?
    private var model: ColourPlaceModel
    /// 0...1, how much motion, rather than appearance, decides.
    private var motionShare: Float = 0
    private var level: Float?

    init(size: WorkingSize, settings: SaliencySettings) {
        self.size = size
        self.settings = settings
        smooth = Float(min(max(settings.smooth, 0), 1))
        model = ColourPlaceModel(size: size)
    }

    /// Judges the window's current frame, whose full-size picture is `frame`.
    mutating func judge(_ window: FrameWindow, frame: VideoFrame) -> SaliencyMap {
        let small = window.step.small
        var carried: SceneMemory.Carried?
        if let motion = window.step.toPrevious, let previous = window.previous, let memory {
            carried = memory.carried(to: small, from: previous.small, by: motion)
        } else {
            model.reset()
            motionShare = 0
            level = nil
        }
        // What is known of the scene: from the frames before, or else from those ahead.
        let known = carried ?? lookedAhead(window)
        let plain = known?.background ?? Plane(width: size.width, height: size.height)
        let state = learned(from: MotionEvidence(window), small, known)
        motionShare = max(motionShare * Self.shareKept, state.share)
        var map = EvidenceFusion.saliency(
            colours: model.read(bins: state.bins),
            moved: state.moved.boxMean(radius: 1),
            looks: state.looks,
            known: plain,
            motion: motionShare
        )
        map = Reconstruction.smoothed(map, radius: max(1, max(size.width, size.height) / 100))
        // Not all of it, so that even the steadiest map follows in the end.
        if let carried { EvidenceFusion.blend(&map, with: carried, part: 0.9 * smooth) }
        var plate = carried?.plate ?? BackgroundPlate(count: size.count)
        plate.learn(small, map: map, sure: state.sure, light: carried?.light ?? Brightness())
        memory = SceneMemory(moved: state.moved, map: map, plate: plate)
        // Noise of neighbouring samples averages out in a small one.
        let noise = min((known?.light.deviation ?? 0) * Float(size.factor), 16)
        let look = SaliencyMap.Look(values: map, luma: small.luma, noise: noise)
        return SaliencyMap(frame: frame, size: size, look: look, threshold: threshold(of: map))
    }

    /// What one frame adds to the scene's state.
    private struct Learned {
        let moved: Plane
        let sure: Plane
        let looks: Plane
        let bins: [Int32]
        let share: Float
    }

    /// Gathers a frame's evidence and teaches the colour model.
    private mutating func learned(
        from evidence: MotionEvidence,
        _ small: SmallFrame,
        _ known: SceneMemory.Carried?
    ) -> Learned {
        let looks = Appearance(small)
        let moved = EvidenceFusion.gathered(evidence, looks.apart, known)
        let share = EvidenceFusion.motionShare(of: moved)
        let sure = EvidenceFusion.certainty(evidence.texture, looks.apart)
        let bins = ColourPlaceModel.bins(of: small)
        let plain = known?.background ?? Plane(width: size.width, height: size.height)
        let weights = EvidenceFusion.weights(
            moved: moved,
            sure: sure,
            looks: looks.salient,
            known: plain,
            motion: max(motionShare * Self.shareKept, share)
        )
        model.learn(
            bins: bins,
            object: weights.object,
            background: weights.background,
            keep: Self.modelKept
        )
        return Learned(moved: moved, sure: sure, looks: looks.salient, bins: bins, share: share)
    }

    /// Goes back in time through the frames that are already there, so that a scene's first frame
    /// profits from what moves later.
    private mutating func lookedAhead(_ window: FrameWindow) -> SceneMemory.Carried? {
        let plate = BackgroundPlate(count: size.count)
        var memory: SceneMemory?
        for offset in stride(from: window.reach.upperBound - 1, through: 0, by: -1) {
            let small = window.steps[window.current + offset].small
            let later = window.steps[window.current + offset + 1].small
            var carried: SceneMemory.Carried?
            if let memory, let motion = window.motion(from: offset, to: offset + 1) {
                carried = memory.carried(to: small, from: later, by: motion)
            }
            if offset == 0 { return carried }
            let state = learned(from: MotionEvidence(window, offset: offset), small, carried)
            motionShare = max(motionShare, state.share)
            memory = SceneMemory(moved: state.moved, map: state.moved, plate: plate)
        }
        return nil
    }

    private mutating func threshold(of map: Plane) -> Float {
        switch settings.threshold {
        case .fixed(let value):
            return Float(value) / 255
        case .otsu:
            let best = min(max(map.otsuLevel, Self.lowestLevel), Self.highestLevel)
            let steady = level.map { $0 * smooth + best * (1 - smooth) } ?? best
            level = steady
            return steady
        }
    }
}
