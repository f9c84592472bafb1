import Imaging

/// Draws masks at full size from maps: the fast guided filter makes their outlines follow the
/// edges of the frame (K. He and J. Sun, "Fast Guided Filter", arXiv:1505.00996, 2015).
package struct MaskDrawing: Sendable {
    private let width: Int
    private let height: Int
    private let level: Float
    private let tuning: SaliencyTuning.Outline

    /// - Parameters:
    ///   - width: columns of every frame.
    ///   - height: rows of every frame.
    ///   - threshold: the probability, 0…255 for 0…1, from which on a place is object.
    ///   - tuning: the numbers of the method.
    package init(
        width: Int,
        height: Int,
        threshold: UInt8 = 128,
        tuning: SaliencyTuning = .standard
    ) {
        (self.width, self.height) = (width, height)
        level = (Float(threshold) - 0.5) / 255
        self.tuning = tuning.outline
    }

    /// Draws the mask of a frame.
    ///
    /// - Parameters:
    ///   - map: where the object is.
    ///   - frame: the frame that the map belongs to, yuv420p.
    /// - Returns: the mask: 255 is object, 0 is background.
    package func mask(of map: ObjectMap, over frame: VideoFrame) -> GrayImage {
        let input = Plane(
            width: map.width,
            height: map.height,
            values: map.values.map { Float($0) * (1 / 255) }
        )
        let pixels = frame.withPlane(0) { layout, samples -> [UInt8] in
            guard let luma = samples.baseAddress else { return [] }
            var guide = AreaMean.reduce(
                luma,
                width: layout.width,
                height: layout.height,
                bytesPerRow: layout.bytesPerRow,
                toWidth: map.width,
                height: map.height
            )
            for index in 0..<guide.count { guide.values[index] *= 1 / 255 }
            return FullSizeMask.draw(
                GuidedFilter(guide: guide, input: input, tuning: tuning),
                above: level,
                width: width,
                height: height,
                luma: luma
            )
        }
        var mask = GrayImage(width: width, height: height, pixels: pixels)
        if let content = map.content { mask.clear(outside: content) }
        return mask
    }
}

extension GrayImage {
    fileprivate mutating func clear(outside area: ContentArea) {
        let columns = area.left..<area.left + area.width
        for y in 0..<height {
            let isInside = y >= area.top && y < area.top + area.height
            for x in 0..<width where !isInside || !columns.contains(x) { pixels[y * width + x] = 0 }
        }
    }
}
