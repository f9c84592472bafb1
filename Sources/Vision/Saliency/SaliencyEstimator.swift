import Imaging

/// Makes the saliency map of one frame after another, with what it remembers of the scene.
struct SaliencyEstimator: Sendable {
    private typealias Tuning = SaliencyTuning.Fusion

    private let size: WorkingSize
    private let settings: SaliencySettings
    /// The settings' smoothing, clamped to 0...1.
    private let smoothing: Float
    private var memory: SceneMemory?
    private var model: ColourModel
    /// 0...1, how much motion, rather than appearance, decides.
    private var motionShare: Float = 0
    private var threshold: Float?

    init(size: WorkingSize, settings: SaliencySettings) {
        self.size = size
        self.settings = settings
        smoothing = Float(min(max(settings.smooth, 0), 1))
        model = ColourModel(size: size)
    }

    /// Makes the map of the window's current frame, whose full-size original is `frame`.
    mutating func estimate(_ window: FrameWindow, frame: VideoFrame) -> SaliencyMap {
        let small = window.step.small
        var previous: SceneMemory.Warped?
        if let motion = window.step.toPrevious, let step = window.previous, let memory {
            previous = memory.warped(to: small, from: step.small, by: motion)
        } else {
            model.reset()
            motionShare = 0
            threshold = nil
        }
        let scene = previous ?? lookAhead(window)
        let cues = learn(from: MotionEvidence(window), small, scene)
        motionShare = max(motionShare * Tuning.shareRetention, cues.share)
        var map = Fusion.saliency(
            colours: model.read(bins: cues.bins),
            motionEvidence: cues.motionEvidence.boxMean(radius: 1),
            appearance: cues.appearance,
            background: backgroundProbability(scene),
            motion: motionShare
        )
        let speck = max(size.width, size.height) / SaliencyTuning.Outline.speckFraction
        map = Reconstruction.smoothed(map, radius: max(1, speck))
        if let previous {
            Fusion.blend(&map, with: previous, part: Tuning.greatestBlend * smoothing)
        }
        var plate = previous?.plate ?? BackgroundPlate(count: size.count)
        plate.learn(
            small,
            map: map,
            confidence: cues.confidence,
            brightness: previous?.brightness ?? BrightnessChange()
        )
        memory = SceneMemory(motionEvidence: cues.motionEvidence, map: map, plate: plate)
        return SaliencyMap(
            frame: frame,
            size: size,
            source: SaliencyMap.Source(values: map, luma: small.luma, noise: noise(scene)),
            threshold: threshold(for: map)
        )
    }

    /// What one frame contributes.
    private struct Cues {
        let motionEvidence: Plane
        /// 0...1, how reliable a sample's standing still is.
        let confidence: Plane
        let appearance: Plane
        /// Index of every sample's colour in the colour model.
        let bins: [Int32]
        /// The part of the decision that is due to motion.
        let share: Float
    }

    /// Collects a frame's cues and trains the colour model with them.
    private mutating func learn(
        from evidence: MotionEvidence,
        _ small: SmallFrame,
        _ scene: SceneMemory.Warped?
    ) -> Cues {
        let appearance = Appearance(small)
        let motionEvidence = Fusion.accumulated(evidence, appearance.separation, scene)
        let share = Fusion.motionShare(of: motionEvidence)
        let confidence = Fusion.confidence(evidence.texture, appearance.separation)
        let bins = ColourModel.bins(of: small)
        let weights = Fusion.weights(
            motionEvidence: motionEvidence,
            confidence: confidence,
            appearance: appearance.saliency,
            background: backgroundProbability(scene),
            motion: max(motionShare * Tuning.shareRetention, share)
        )
        model.learn(bins: bins, object: weights.object, background: weights.background)
        return Cues(
            motionEvidence: motionEvidence,
            confidence: confidence,
            appearance: appearance.saliency,
            bins: bins,
            share: share
        )
    }

    /// Goes back in time through the frames that were read ahead, so that a scene's first frame
    /// profits from what moves later.
    private mutating func lookAhead(_ window: FrameWindow) -> SceneMemory.Warped? {
        let plate = BackgroundPlate(count: size.count)
        var memory: SceneMemory?
        for offset in stride(from: window.reach.upperBound - 1, through: 0, by: -1) {
            let small = window.steps[window.current + offset].small
            let later = window.steps[window.current + offset + 1].small
            var warped: SceneMemory.Warped?
            if let memory, let motion = window.motion(from: offset, to: offset + 1) {
                warped = memory.warped(to: small, from: later, by: motion)
            }
            if offset == 0 { return warped }
            let cues = learn(from: MotionEvidence(window, offset: offset), small, warped)
            motionShare = max(motionShare, cues.share)
            memory = SceneMemory(
                motionEvidence: cues.motionEvidence,
                map: cues.motionEvidence,
                plate: plate
            )
        }
        return nil
    }

    private func backgroundProbability(_ scene: SceneMemory.Warped?) -> Plane {
        scene?.background ?? Plane(width: size.width, height: size.height)
    }

    /// Standard deviation of the full-size luma's noise: averaging made it small in a small frame.
    private func noise(_ scene: SceneMemory.Warped?) -> Float {
        min(
            (scene?.brightness.deviation ?? 0) * Float(size.factor),
            SaliencyTuning.Outline.greatestNoise
        )
    }

    private mutating func threshold(for map: Plane) -> Float {
        switch settings.threshold {
        case .fixed(let value):
            return Float(value) / 255
        case .otsu:
            let best = min(max(map.otsuThreshold, Tuning.lowestThreshold), Tuning.highestThreshold)
            let smoothed = threshold.map { $0 * smoothing + best * (1 - smoothing) } ?? best
            threshold = smoothed
            return smoothed
        }
    }
}
