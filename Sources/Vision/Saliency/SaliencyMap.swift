import Imaging

/// How much every place of one frame stands out: a small map, with what it takes to draw it at
/// the frame's full size.
package struct SaliencyMap: Sendable {
    /// The full-size frame that the map belongs to.
    package let frame: VideoFrame
    /// Columns of the small map.
    package var width: Int { size.width }
    /// Rows of the small map.
    package var height: Int { size.height }
    /// The level, 0...1, above which the map shows the object.
    package let threshold: Float

    /// What a full-size picture is drawn from.
    struct Look: Sendable {
        /// The small map, 0...1.
        let values: Plane
        /// The small frame's luma, 0...255.
        let luma: Plane
        /// Standard deviation of the full-size luma's noise in grey levels.
        let noise: Float
    }

    private let size: WorkingSize
    private let look: Look

    init(frame: VideoFrame, size: WorkingSize, look: Look, threshold: Float) {
        self.frame = frame
        self.size = size
        self.look = look
        self.threshold = threshold
    }

    private var filter: GuidedFilter {
        GuidedFilter(guide: look.luma, input: look.values, noise: look.noise)
    }

    /// The frame's mask at full size: 255 is object, 0 is background.
    package func mask() -> GrayImage {
        let filter = filter
        let pixels = frame.withPlane(0) { _, samples in
            FullSizeMask.draw(filter, above: threshold, size: size, frame: frame, luma: samples)
        }
        return GrayImage(width: frame.width, height: frame.height, pixels: pixels)
    }

    /// The map at full size, 0...255, for looking at.
    package func map() -> GrayImage {
        let filter = filter
        let pixels = frame.withPlane(0) { _, samples in
            FullSizeMap.draw(filter, size: size, frame: frame, luma: samples)
        }
        return GrayImage(width: frame.width, height: frame.height, pixels: pixels)
    }
}
