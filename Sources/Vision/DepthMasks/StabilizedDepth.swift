import Imaging

/// Cuts depth maps one after another, with limits and a threshold that are taken over time, so
/// that the masks do not flicker.
///
/// A relative model chooses scale and shift anew in each frame, and its depth trembles. So what is
/// known of the frames before is carried into each new frame's values by a robust fit of what did
/// not move: the limits, the histogram of depths that the threshold comes from, and the threshold.
/// The maps themselves are not averaged: what moves, or comes near, is where it is at once. A
/// sample near the threshold stays on its side until it has crossed it by more than the noise. At
/// a cut of the scene all of this starts anew.
///
/// Frames are looked at once. A few maps are held at the model's resolution; else the memory does
/// not grow. What comes out depends on all frames before: a run that is resumed must add them
/// again.
package struct SteadyDepth: Sendable {
    /// Frames that are looked at before one is decided.
    package static let lookAhead = 8

    private let threshold: DepthThreshold
    private let lookAhead: Int
    private var scene: SteadyScene?

    /// Gets ready for one video.
    ///
    /// - Parameters:
    ///   - threshold: where depth is cut.
    ///   - lookAhead: maps that are held while the frames behind them are looked at.
    package init(threshold: DepthThreshold, lookAhead: Int = SteadyDepth.lookAhead) {
        self.threshold = threshold
        self.lookAhead = max(lookAhead, 0)
    }

    /// Takes the map of the next frame; all maps have one size.
    ///
    /// - Returns: the frames that are now decided, in order: none, one, or, at a cut of the scene,
    ///   several. A map that is flat, or has values that are infinite or not a number, has no
    ///   object, and ends the scene too.
    package mutating func add(_ depth: DepthMap) -> [SteadyCut] {
        guard let limits = depth.limits, !limits.isFlat else {
            let empty = SteadyCut(depth: depth, limits: depth.limits, level: nil, leaning: depth)
            return finish() + [empty]
        }
        if scene?.add(depth, limits) == true {
            return scene?.decided(leaving: lookAhead) ?? []
        }
        let before = finish()
        scene = SteadyScene(depth, limits, threshold)
        return before + (scene?.decided(leaving: lookAhead) ?? [])
    }

    /// The frames that are left after the last map, in order.
    package mutating func finish() -> [SteadyCut] {
        defer { scene = nil }
        return scene?.decided(leaving: 0) ?? []
    }
}

/// Where the depth map of one frame is cut, decided with the frames around it.
package struct SteadyCut: Sendable {
    /// The map.
    package let depth: DepthMap
    /// The limits that move slowly from frame to frame, in the map's values; the map's own values
    /// may lie beyond. Nil when a value of the map is infinite or not a number.
    package let limits: DepthLimits?
    /// The value that the object is above, nil when there is nothing to part.
    package let level: Float?
    /// The map, with values near the level moved to the side on which they were before.
    let leaning: DepthMap

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
        let values = leaning.resized(by: upsampling).values
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, written in
            written = count
            let values = values.span
            for index in 0..<count { target[index] = values[unchecked: index] > level ? 255 : 0 }
        }
        return GrayImage(width: upsampling.width, height: upsampling.height, pixels: pixels)
    }
}
