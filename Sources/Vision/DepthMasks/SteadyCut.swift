import Imaging

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
