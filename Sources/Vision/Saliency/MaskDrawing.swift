import Imaging

/// Draws masks at full size from maps: the fast guided filter makes their outlines follow the
/// edges of the frame (K. He and J. Sun, "Fast Guided Filter", arXiv:1505.00996, 2015).
package struct MaskDrawing: Sendable {
    private let size: WorkingSize
    private let threshold: UInt8

    /// - Parameters:
    ///   - width: columns of every frame.
    ///   - height: rows of every frame.
    ///   - threshold: the probability, 0…255 for 0…1, from which on a place is object.
    package init(width: Int, height: Int, threshold: UInt8 = 128) {
        self.threshold = threshold
        size = WorkingSize(frameWidth: width, frameHeight: height)
    }

    /// Draws the mask of a frame.
    ///
    /// - Parameters:
    ///   - map: where the object is.
    ///   - frame: the frame that the map belongs to, yuv420p.
    /// - Returns: the mask: 255 is object, 0 is background.
    package func mask(of map: ObjectMap, over frame: VideoFrame) -> GrayImage {
        let values = Plane(
            width: map.width,
            height: map.height,
            values: map.values.map { Float($0) / 255 }
        )
        return SaliencyMap(
            frame: frame,
            size: size,
            source: SaliencyMap.Source(
                values: values,
                luma: SmallFrame(frame, size: size).luma,
                noise: 0
            ),
            threshold: Float(threshold) / 256
        ).mask()
    }
}
