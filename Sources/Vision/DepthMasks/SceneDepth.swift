/// The state of the frames of one scene. All values are those of the newest frame.
struct SceneDepth: Sendable {
    // These numbers were tuned by hand on rendered clips.

    /// Time constant in frames: no more than are read ahead, so that on the whole nothing lags.
    private static let memory: Float = 8
    /// Part of the way to the histogram's threshold that one frame goes.
    private static let pace: Float = 0.3
    /// Part of the frame that must be unexplained at a scene cut, in all and more than in the
    /// frames before.
    private static let cutShare: Float = 0.4
    private static let cutJump: Float = 0.25
    /// Half the width of the hysteresis: in deviations of the noise, and at most in the range of
    /// depths.
    private static let noiseMargin: Float = 2
    private static let greatestWidth: Float = 0.04

    private struct Held {
        let depth: DepthMap
        /// How the values of the frame before became those of this one.
        let change: AffineChange
    }

    private let threshold: DepthThreshold
    private var held: [Held]
    private var count = 1
    private var samples: [Float]
    private var histogram: DepthHistogram
    private var limits: DepthLimits
    private var level: Float
    private var noise: Float = 0
    private var unexplained: Float = 0
    private var hysteresis = DepthHysteresis()

    /// Begins with the first map of a scene, whose own limits are not flat.
    init(_ depth: DepthMap, _ limits: DepthLimits, _ threshold: DepthThreshold) {
        self.threshold = threshold
        held = [Held(depth: depth, change: AffineChange())]
        samples = Self.samples(of: depth)
        histogram = DepthHistogram(about: limits)
        histogram.add(depth, part: 1, limits: limits)
        self.limits = limits
        level = Self.level(threshold, histogram, limits, before: nil)
    }

    /// Takes the next map with its own limits.
    ///
    /// - Returns: false when it shows another scene; nothing is changed then.
    mutating func add(_ depth: DepthMap, _ own: DepthLimits) -> Bool {
        guard held.last?.depth.values.count ?? depth.values.count == depth.values.count else {
            return false
        }
        let new = Self.samples(of: depth)
        guard let fit = AffineFit(from: samples, to: new),
            fit.unexplained < max(Self.cutShare, unexplained + Self.cutJump)
        else { return false }
        count += 1
        samples = new
        held.append(Held(depth: depth, change: fit.change))
        // The mean of all frames at first, later an exponential one.
        let part = max(1 / Float(count), 1 / Self.memory)
        unexplained += (fit.unexplained - unexplained) * part
        noise = count == 2 ? fit.noise : noise * fit.change.scale
        noise += (fit.noise - noise) * part
        limits = fit.change(limits)
        limits = DepthLimits(
            farthest: limits.farthest + (own.farthest - limits.farthest) * part,
            nearest: limits.nearest + (own.nearest - limits.nearest) * part
        )
        histogram.convert(by: fit.change)
        histogram.add(depth, part: Double(part), limits: limits)
        let before = fit.change(level)
        let target = Self.level(threshold, histogram, limits, before: before)
        level = before + (target - before) * max(part, Self.pace)
        return true
    }

    /// Decides the oldest frames.
    ///
    /// - Parameter left: how many frames stay held.
    /// - Returns: the frames, in order.
    mutating func decided(leaving left: Int) -> [ThresholdedDepth] {
        var decided: [ThresholdedDepth] = []
        while held.count > left {
            // From the newest frame's values back to those of the oldest.
            var (level, limits, scale) = (self.level, self.limits, Float(1))
            for frame in held.dropFirst().reversed() {
                level = frame.change.inverse(level)
                limits = frame.change.inverse(limits)
                scale /= frame.change.scale
            }
            let depth = held.removeFirst().depth
            let width = min(
                Self.noiseMargin * noise * scale,
                Self.greatestWidth * (limits.nearest - limits.farthest)
            )
            decided.append(
                ThresholdedDepth(
                    depth: depth,
                    limits: limits,
                    level: level,
                    hysteretic: hysteresis.apply(to: depth, level: level, width: width)
                )
            )
        }
        return decided
    }

    private static func level(
        _ threshold: DepthThreshold,
        _ histogram: DepthHistogram,
        _ limits: DepthLimits,
        before: Float?
    ) -> Float {
        switch threshold {
        case .otsu: return histogram.level(before: before)
        case .fixed(255): return .infinity
        case .fixed(let level):
            // A value of N and a fraction is N, and not above it.
            let part = (Float(level) + 1) / 255
            return limits.farthest + (limits.nearest - limits.farthest) * part
        }
    }

    /// Samples in rows and columns over all the frame.
    private static func samples(of depth: DepthMap) -> [Float] {
        let step = max(1, max(depth.width, depth.height) / 64)
        var samples: [Float] = []
        for y in stride(from: step / 2, to: depth.height, by: step) {
            for x in stride(from: step / 2, to: depth.width, by: step) {
                samples.append(depth.values[y * depth.width + x])
            }
        }
        return samples
    }
}

/// Remembers for each sample on which side of the threshold it was, and with what confidence.
struct DepthHysteresis: Sendable {
    /// From -1, background, to 1, object, for each sample; none at the start of a scene.
    private var sides: [Float] = []

    /// Moves values to the side on which they were, by no more than a width.
    ///
    /// What crosses the level by twice the width is on the other side at once.
    ///
    /// - Parameters:
    ///   - depth: the next map.
    ///   - level: the threshold.
    ///   - width: the noise of values near the level.
    /// - Returns: the map with the values moved.
    mutating func apply(to depth: DepthMap, level: Float, width: Float) -> DepthMap {
        guard width > 0, level.isFinite else { return depth }
        if sides.isEmpty { sides = [Float](repeating: 0, count: depth.values.count) }
        let count = depth.values.count
        let moved = [Float](unsafeUninitializedCapacity: count) { target, written in
            written = count
            let values = depth.values.span
            var sides = self.sides.mutableSpan
            for index in 0..<count {
                let value = values[unchecked: index] + sides[unchecked: index] * width
                target[index] = value
                sides[unchecked: index] = min(max((value - level) / width, -1), 1)
            }
        }
        return DepthMap(width: depth.width, height: depth.height, values: moved)
    }
}
