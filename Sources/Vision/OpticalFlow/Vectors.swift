// Four samples at once: what every x86-64 processor has. Only operations that IEEE 754 rounds
// exactly are used, in a fixed order, so results are the same on every processor.

typealias Four = SIMD4<Float>

extension UnsafePointer<Float> {
    @inline(__always)
    func four(_ index: Int) -> Four {
        UnsafeRawPointer(self + index).loadUnaligned(as: Four.self)
    }
}

extension UnsafeMutablePointer<Float> {
    @inline(__always)
    func four(_ index: Int) -> Four {
        UnsafeRawPointer(self + index).loadUnaligned(as: Four.self)
    }

    @inline(__always)
    func store(_ values: Four, _ index: Int) {
        UnsafeMutableRawPointer(self + index).storeBytes(of: values, as: Four.self)
    }
}

extension SIMD4<Float> {
    @inline(__always)
    var total: Float { (x + y) + (z + w) }

    @inline(__always)
    var magnitude: Four {
        unsafeBitCast(
            unsafeBitCast(self, to: SIMD4<UInt32>.self) & SIMD4<UInt32>(repeating: 0x7FFF_FFFF),
            to: Four.self
        )
    }
}

/// A multiple of four, so that rows can be processed by whole vectors.
func roundedUpToFour(_ count: Int) -> Int { (count + 3) & ~3 }
