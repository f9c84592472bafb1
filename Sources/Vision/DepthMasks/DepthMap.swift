import Imaging

/// How near everything in a frame is: larger is nearer, in a unit and from a zero of its own.
package struct DepthMap: Sendable, Equatable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height` samples, row by row from the top.
    package let values: [Float]

    /// The result of a relative model: larger is nearer.
    package init(width: Int, height: Int, values: [Float]) {
        precondition(values.count == width * height, "a depth map needs width x height samples")
        self.width = width
        self.height = height
        self.values = values
    }
}

extension DepthMap {
    /// Nothing that a lens can show sharply is nearer, in metres. It keeps a zero, or one wrong
    /// sample, from taking all of the range.
    static let nearestDistance: Float = 0.1

    /// Converts the result of a metric model: distances in metres, larger is farther.
    ///
    /// Relative models are trained on inverse distances, up to a factor and an offset that
    /// normalising removes. So 1 / distance gives the masks that a relative model would give of the
    /// same scene. Negative distances would not: most of their range is between what is far and
    /// what is farther, and there Otsu's threshold would be.
    ///
    /// - Parameters:
    ///   - width: columns.
    ///   - height: rows.
    ///   - metres: `width * height` distances, row by row from the top.
    package init(width: Int, height: Int, metres: [Float]) {
        self.init(
            width: width,
            height: height,
            // A NaN stays one, and is found when the limits are taken.
            values: metres.map { 1 / ($0 < Self.nearestDistance ? Self.nearestDistance : $0) }
        )
    }
}

extension DepthMap {
    /// The map at another size, as `torch.nn.functional.interpolate` makes it (bicubic).
    ///
    /// - Parameter upsampling: was made for maps of this size.
    /// - Returns: the map at the size that `upsampling` makes.
    package func resized(by upsampling: BicubicUpsampling) -> DepthMap {
        let size = upsampling.width * upsampling.height
        let resized = [Float](unsafeUninitializedCapacity: size) { target, count in
            count = size
            values.withUnsafeBufferPointer { source in
                upsampling.resize(source, into: .init(rebasing: target[..<size]))
            }
        }
        return DepthMap(width: upsampling.width, height: upsampling.height, values: resized)
    }
}

extension DepthMap {
    /// The map at 8 bits: 0 is farthest, 255 nearest, rounded down, computed in single precision
    /// as Hugging Face's depth-estimation pipeline does it:
    /// `((depth - min) / (max - min) * 255).astype("uint8")`.
    ///
    /// - Parameter limits: what becomes 0 and 255; values beyond are clipped.
    /// - Returns: the image, all 0 when the limits are flat.
    package func levels(within limits: DepthLimits) -> GrayImage {
        GrayImage(
            width: width,
            height: height,
            pixels: scaled(within: limits, to: 255, adding: 0)
        )
    }

    /// The map at 16 bits: 0 is farthest, 65535 nearest, rounded to the nearest.
    ///
    /// - Parameter limits: what becomes 0 and 65535; values beyond are clipped.
    /// - Returns: the image, all 0 when the limits are flat.
    package func fineLevels(within limits: DepthLimits) -> Gray16Image {
        Gray16Image(
            width: width,
            height: height,
            pixels: scaled(within: limits, to: 65535, adding: 0.5)
        )
    }

    private func scaled<Sample: FixedWidthInteger & UnsignedInteger & SIMDScalar>(
        within limits: DepthLimits,
        to top: Float,
        adding offset: Float
    ) -> [Sample] {
        guard !limits.isFlat else { return [Sample](repeating: 0, count: values.count) }
        let range = limits.nearest - limits.farthest
        return [Sample](unsafeUninitializedCapacity: values.count) { target, count in
            count = values.count
            values.withUnsafeBufferPointer { source in
                guard let source = source.baseAddress, let target = target.baseAddress else {
                    return
                }
                var index = 0
                while index < count {
                    // The last step covers some samples twice, where it can.
                    if index &+ 8 > count { index = max(count &- 8, 0) }
                    let lanes = min(count, 8)
                    var value = SIMD8<Float>.zero
                    if lanes == 8 {
                        value = UnsafeRawPointer(source + index).loadUnaligned(as: SIMD8.self)
                    } else {
                        for lane in 0..<lanes { value[lane] = source[lane] }
                    }
                    var part = (value - limits.farthest) / range
                    // `clamped` takes the lanes one by one.
                    part.replace(with: 0, where: part .< 0)
                    part.replace(with: 1, where: part .> 1)
                    let level = SIMD8<Sample>(
                        truncatingIfNeeded: (part * top + offset).wholeNumbers
                    )
                    if lanes == 8 {
                        UnsafeMutableRawPointer(target + index)
                            .storeBytes(of: level, as: SIMD8<Sample>.self)
                    } else {
                        for lane in 0..<lanes { target[lane] = level[lane] }
                    }
                    index &+= 8
                }
            }
        }
    }
}

extension SIMD8<Float> {
    /// The numbers, 0 to 2^22, without their fractions.
    ///
    /// The significand of a number near 2^23 is a whole number, rounded to the nearest: reading
    /// it takes a fraction of the time of eight conversions that check their range.
    fileprivate var wholeNumbers: SIMD8<Int32> {
        let shifted = self + Float(1 << 23)
        var whole = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B00_0000
        whole.replace(with: whole &- 1, where: shifted - Float(1 << 23) .> self)
        return whole
    }
}

/// The least and the greatest value of a depth map, which are made 0 and 255.
package struct DepthLimits: Sendable, Equatable {
    /// The value of what is farthest.
    package let farthest: Float
    /// The value of what is nearest.
    package let nearest: Float

    package init(farthest: Float, nearest: Float) {
        self.farthest = farthest
        self.nearest = nearest
    }

    /// Whether everything is equally far, so that there is nothing to separate.
    package var isFlat: Bool { !(nearest > farthest) }
}

extension DepthMap {
    /// The map's own limits; nil when a value is infinite or not a number, which a model's result
    /// only is when its weights are damaged or its precision is too low.
    package var limits: DepthLimits? {
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return nil }
            var least = SIMD8<Float>(repeating: base[0])
            var greatest = least
            // A finite number minus itself is zero; others give a NaN.
            var notFinite = SIMD8<Float>.zero
            let whole = values.count & ~7
            let bytes = UnsafeRawPointer(base)
            for index in stride(from: 0, to: whole, by: 8) {
                let next = bytes.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
                least.replace(with: next, where: next .< least)
                greatest.replace(with: next, where: next .> greatest)
                notFinite += next - next
            }
            var isNotFinite = notFinite != .zero
            var (farthest, nearest) = (least.min(), greatest.max())
            for index in whole..<values.count {
                farthest = min(farthest, base[index])
                nearest = max(nearest, base[index])
                if !base[index].isFinite { isNotFinite = true }
            }
            return isNotFinite ? nil : DepthLimits(farthest: farthest, nearest: nearest)
        }
    }
}
