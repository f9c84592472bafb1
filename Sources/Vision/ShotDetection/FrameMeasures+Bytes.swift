/// Measures as they are stored: 33 numbers of 16 bits (IEEE 754 binary16), little-endian.
extension FrameMeasures {
    /// Bytes of stored measures.
    package static let byteCount = 2 * 33

    /// The measures with the precision that they are stored with, so that shots are the same whether
    /// the measures are new or were stored.
    package var rounded: FrameMeasures { FrameMeasures(bytes: bytes[...]) }

    /// The measures as they are stored.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        func add(_ value: Float) {
            let bits = Float16(value).bitPattern
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        }
        for value in [hue, saturation, value, correlation, correlation256] { add(Float(value)) }
        for value in [luma, contrast, blackShare] { add(value) }
        for value in [bars.top, bars.bottom, bars.left, bars.right] { add(value) }
        // The largest that there can be is beyond the largest finite number.
        add(stillness.map { min($0, 65_504) } ?? .nan)
        for value in [alikeness, shiftX, shiftY, shiftedDifference] { add(value) }
        for vector in [returns, spanDistances, mixtures, ends] {
            for index in 0..<4 { add(vector[index]) }
        }
        return bytes
    }

    /// Reads what `bytes` wrote.
    ///
    /// - Parameter bytes: `byteCount` bytes.
    package init(bytes: ArraySlice<UInt8>) {
        precondition(bytes.count == Self.byteCount)
        self = bytes.withUnsafeBytes { FrameMeasures(stored: $0) }
    }

    private init(stored bytes: UnsafeRawBufferPointer) {
        self.init()
        var place = 0
        func next() -> Float {
            defer { place += 2 }
            let bits = bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self)
            return Float(Float16(bitPattern: UInt16(littleEndian: bits)))
        }
        func nextVector() -> SIMD4<Float> { SIMD4(next(), next(), next(), next()) }
        (hue, saturation, value) = (Double(next()), Double(next()), Double(next()))
        (correlation, correlation256) = (Double(next()), Double(next()))
        (luma, contrast, blackShare) = (next(), next(), next())
        (bars.top, bars.bottom, bars.left, bars.right) = (next(), next(), next(), next())
        let stillness = next()
        self.stillness = stillness.isNaN ? nil : stillness
        (alikeness, shiftX, shiftY, shiftedDifference) = (next(), next(), next(), next())
        (returns, spanDistances) = (nextVector(), nextVector())
        (mixtures, ends) = (nextVector(), nextVector())
    }
}
