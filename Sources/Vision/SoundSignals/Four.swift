/// Four values.
typealias Four = SIMD4<Float>

/// The larger one of each pair of elements, in one instruction. The standard library's `pointwiseMax`
/// compares them one by one, and vectors of eight are compared in many instructions.
@inline(__always)
func larger(_ a: Four, _ b: Four) -> Four { a.replacing(with: b, where: b .> a) }

/// Whether any element is larger than that of other values, both of which are positive or 0.
@inline(__always)
func hasLarger(_ a: Four, _ b: Four) -> Bool {
    // The sign is set where it is.
    let signs = unsafeBitCast(b - a, to: SIMD2<UInt64>.self)
    return (signs[0] | signs[1]) & 0x8000_0000_8000_0000 != 0
}

/// The magnitudes of four values.
@inline(__always)
func magnitudes(_ values: Four) -> Four {
    unsafeBitCast(unsafeBitCast(values, to: SIMD4<UInt32>.self) & 0x7FFF_FFFF, to: Four.self)
}

extension UnsafePointer<Float> {
    /// The four values from a place on.
    @inline(__always)
    func four(at place: Int) -> Four {
        UnsafeRawPointer(self + place).loadUnaligned(as: Four.self)
    }
}
