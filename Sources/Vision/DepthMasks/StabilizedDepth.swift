import Imaging

/// Thresholds depth maps one after another, with limits and a threshold that are smoothed over time,
/// so that the masks do not flicker.
///
/// A relative model chooses scale and shift anew in each frame, and its depth fluctuates. So the
/// state of the frames before is converted to each new frame's values by a robust fit of what did
/// not move: the limits, the histogram of depths that the threshold comes from, and the threshold.
/// The maps themselves are not averaged: what moves, or comes near, is where it is at once. A
/// sample near the threshold stays on its side until it has crossed it by more than the noise
/// (hysteresis). At a scene cut all of this starts anew.
///
/// Each frame is added once. A few maps are held at the model's resolution; else the memory does
/// not grow. The masks depend on all frames before: a run that is resumed must add them again.
package struct StabilizedDepth: Sendable {
    /// Frames that are read ahead of the one that is decided.
    package static let lookAhead = 8

    private let threshold: DepthThreshold
    private let lookAhead: Int
    private var scene: SceneDepth?

    /// - Parameters:
    ///   - threshold: above it is object.
    ///   - lookAhead: maps that are held while the frames after them are read.
    package init(threshold: DepthThreshold, lookAhead: Int = StabilizedDepth.lookAhead) {
        self.threshold = threshold
        self.lookAhead = max(lookAhead, 0)
    }

    /// Takes the map of the next frame; all maps have one size.
    ///
    /// - Returns: the frames that are now decided, in order: none, one, or, at a scene cut,
    ///   several. A map that is flat, or has values that are infinite or not a number, has no
    ///   object, and ends the scene too.
    package mutating func add(_ depth: DepthMap) -> [ThresholdedDepth] {
        guard let limits = depth.limits, !limits.isFlat else {
            let empty = ThresholdedDepth(
                depth: depth,
                limits: depth.limits,
                level: nil,
                hysteretic: depth
            )
            return finish() + [empty]
        }
        if scene?.add(depth, limits) == true {
            return scene?.decided(leaving: lookAhead) ?? []
        }
        let before = finish()
        scene = SceneDepth(depth, limits, threshold)
        return before + (scene?.decided(leaving: lookAhead) ?? [])
    }

    /// The frames that are left after the last map, in order.
    package mutating func finish() -> [ThresholdedDepth] {
        defer { scene = nil }
        return scene?.decided(leaving: 0) ?? []
    }
}

/// The depth map of one frame with its limits and threshold, decided with the frames around it.
package struct ThresholdedDepth: Sendable {
    package let depth: DepthMap
    /// The limits that move slowly from frame to frame, in the map's values; the map's own values
    /// may be beyond. Nil when a value of the map is infinite or not a number.
    package let limits: DepthLimits?
    /// The value that the object is above, nil when there is nothing to separate.
    package let level: Float?
    /// The map after hysteresis: values near the level are moved to the side on which they were
    /// before.
    let hysteretic: DepthMap

    /// Draws the mask.
    ///
    /// - Parameter upsampling: from the map's size to the mask's.
    /// - Returns: 0 background, 255 object.
    package func mask(by upsampling: BicubicUpsampling) -> GrayImage {
        let count = upsampling.width * upsampling.height
        guard let level else {
            return GrayImage(
                width: upsampling.width,
                height: upsampling.height,
                pixels: [UInt8](repeating: 0, count: count)
            )
        }
        let values = hysteretic.resized(by: upsampling).values
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, written in
            written = count
            let values = values.span
            for index in 0..<count { target[index] = values[unchecked: index] > level ? 255 : 0 }
        }
        return GrayImage(width: upsampling.width, height: upsampling.height, pixels: pixels)
    }
}
