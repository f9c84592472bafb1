import Imaging

/// The threshold of depth: what is above it is object.
package enum DepthThreshold: Sendable, Equatable {
    /// The level that best separates near from far.
    case otsu
    /// A level of 0...255 between the farthest and the nearest.
    case fixed(UInt8)
}

/// A mask of what is near, made from one depth map alone.
package struct DepthMask: Sendable, Equatable {
    /// 0 background, 255 object, the size of the map.
    package let image: GrayImage
    /// The limits of the map, nil when a value in it is infinite or not a number.
    package let limits: DepthLimits?
    /// The level of 0...255 that the object is above, nil when nothing could be separated.
    package let level: UInt8?
}

extension DepthMap {
    /// The mask of what is nearer than a threshold: the map between its own limits at 8 bits,
    /// binarized. This is what the reference implementation does with every frame.
    ///
    /// A map without two depths has no object, whatever the threshold: its mask is all 0. So is
    /// that of a map with values that are infinite or not a number; `limits` distinguishes the two.
    package func mask(_ threshold: DepthThreshold) -> DepthMask {
        let limits = self.limits
        guard let limits, !limits.isFlat else {
            let pixels = [UInt8](repeating: 0, count: values.count)
            let image = GrayImage(width: width, height: height, pixels: pixels)
            return DepthMask(image: image, limits: limits, level: nil)
        }
        var image = levels(within: limits)
        let level =
            switch threshold {
            case .otsu: UInt8(clamping: OtsuThreshold.level(of: image.histogram))
            case .fixed(let level): level
            }
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            for index in pixels.indices { pixels[index] = pixels[index] > level ? 255 : 0 }
        }
        return DepthMask(image: image, limits: limits, level: level)
    }
}

extension GrayImage {
    /// How often each level occurs.
    fileprivate var histogram: [Double] {
        var counts = [Int](repeating: 0, count: 256)
        let samples = pixels.span
        var target = counts.mutableSpan
        for index in samples.indices {
            target[unchecked: Int(samples[unchecked: index])] &+= 1
        }
        return counts.map(Double.init)
    }
}
