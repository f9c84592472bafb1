import Imaging

extension DepthMap {
    /// The map at 8 bits: 0 is farthest, 255 nearest, rounded down, computed in single precision
    /// as Hugging Face's depth-estimation pipeline does it:
    /// `((depth - min) / (max - min) * 255).astype("uint8")`.
    ///
    /// - Parameter limits: what becomes 0 and 255; values beyond are cut.
    /// - Returns: the picture, all 0 when the limits are flat.
    package func levels(within limits: DepthLimits) -> GrayImage {
        GrayImage(
            width: width,
            height: height,
            pixels: scaled(within: limits, to: 255, adding: 0)
        )
    }

    /// The map at 16 bits: 0 is farthest, 65535 nearest, rounded to the nearest.
    ///
    /// - Parameter limits: what becomes 0 and 65535; values beyond are cut.
    /// - Returns: the picture, all 0 when the limits are flat.
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
                    // The last step looks once more at what was done before, where it can.
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
        let moved = self + Float(1 << 23)
        var whole = unsafeBitCast(moved, to: SIMD8<Int32>.self) &- 0x4B00_0000
        whole.replace(with: whole &- 1, where: moved - Float(1 << 23) .> self)
        return whole
    }
}
