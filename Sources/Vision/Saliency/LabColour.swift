/// CIE 1976 L*a*b* colours of Y'CbCr samples (BT.601 matrix, sRGB transfer function
/// and primaries, D65), in a byte's range: L scaled to 0…255, a and b shifted by 128.
package struct LabColour: Sendable {
    package static let standard = LabColour()

    private static let steps = 1024
    /// Light of a sample in 0…1.
    private let linear: [Float]
    /// The cube root, and the line that replaces it near 0, of light in 0…1.
    private let root: [Float]

    private init() {
        linear = (0...Self.steps + 1).map { step in
            let value = Double(step) / Double(Self.steps)
            if value <= 0.04045 { return Float(value / 12.92) }
            // The power 2.4 is the square times the square of the fifth root.
            let base = (value + 0.055) / 1.055
            let fifth = Self.fifthRoot(base)
            return Float(base * base * fifth * fifth)
        }
        root = (0...Self.steps + 1).map { step in
            let value = Double(step) / Double(Self.steps)
            return Float(
                value > 0.008856 ? Self.cubeRoot(value) : 7.787 * value + 16.0 / 116
            )
        }
    }

    /// By Newton's method.
    private static func fifthRoot(_ value: Double) -> Double {
        var root = 1.0
        for _ in 0..<60 { root = (4 * root + value / (root * root * root * root)) / 5 }
        return root
    }

    private static func cubeRoot(_ value: Double) -> Double {
        var root = 1.0
        for _ in 0..<60 { root = (2 * root + value / (root * root)) / 3 }
        return root
    }

    /// The tables, lent for many samples.
    package struct Converter {
        fileprivate let linear: UnsafeBufferPointer<Float>
        fileprivate let root: UnsafeBufferPointer<Float>

        /// L, a and b; the fourth lane is 0.
        ///
        /// - Parameters:
        ///   - luma: 0…1.
        ///   - blue: Cb and `red` Cr, -½…½.
        ///   - red: see `blue`.
        /// - Returns: the colour.
        @inline(__always)
        package func lab(luma: Float, blue: Float, red: Float) -> SIMD4<Float> {
            let r = LabColour.lookUp(linear, luma + 1.402 * red)
            let g = LabColour.lookUp(linear, luma - 0.344136 * blue - 0.714136 * red)
            let b = LabColour.lookUp(linear, luma + 1.772 * blue)
            let x = LabColour.lookUp(root, 0.433953 * r + 0.376219 * g + 0.189828 * b)
            let y = LabColour.lookUp(root, 0.212671 * r + 0.715160 * g + 0.072169 * b)
            let z = LabColour.lookUp(root, 0.017758 * r + 0.109477 * g + 0.872766 * b)
            let light = (116 * y - 16) * 2.55
            return SIMD4(light, 500 * (x - y) + 128, 200 * (y - z) + 128, 0)
        }
    }

    /// Lends the tables; they must not leave `body`.
    package func withConverter<Result>(_ body: (Converter) -> Result) -> Result {
        linear.withUnsafeBufferPointer { linear in
            root.withUnsafeBufferPointer { root in
                body(Converter(linear: linear, root: root))
            }
        }
    }

    @inline(__always)
    fileprivate static func lookUp(_ table: UnsafeBufferPointer<Float>, _ value: Float) -> Float {
        let position = min(max(value, 0), 1) * Float(steps)
        let index = Int(position)
        return table[index] + (table[index &+ 1] - table[index]) * (position - Float(index))
    }
}
