/// The least and the greatest value of a depth map, which are made 0 and 255.
package struct DepthLimits: Sendable, Equatable {
    /// The value of what is farthest.
    package let farthest: Float
    /// The value of what is nearest.
    package let nearest: Float

    /// Puts them together.
    package init(farthest: Float, nearest: Float) {
        self.farthest = farthest
        self.nearest = nearest
    }

    /// Whether everything is equally far, so that there is nothing to part.
    package var isFlat: Bool { !(nearest > farthest) }
}

extension DepthMap {
    /// The map's own limits; nil when a value is infinite or not a number, which a model's result
    /// never is unless its weights are damaged or its precision does not do.
    package var limits: DepthLimits? {
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return nil }
            var least = SIMD8<Float>(repeating: base[0])
            var greatest = least
            // A finite number less itself is zero, others are not a number.
            var odd = SIMD8<Float>.zero
            let whole = values.count & ~7
            let bytes = UnsafeRawPointer(base)
            for index in stride(from: 0, to: whole, by: 8) {
                let next = bytes.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
                least.replace(with: next, where: next .< least)
                greatest.replace(with: next, where: next .> greatest)
                odd += next - next
            }
            var isOdd = odd != .zero
            var (farthest, nearest) = (least.min(), greatest.max())
            for index in whole..<values.count {
                farthest = min(farthest, base[index])
                nearest = max(nearest, base[index])
                if !base[index].isFinite { isOdd = true }
            }
            return isOdd ? nil : DepthLimits(farthest: farthest, nearest: nearest)
        }
    }
}
