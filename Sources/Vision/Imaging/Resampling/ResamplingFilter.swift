/// What weighs the source samples around the place of a target sample.
package enum ResamplingFilter: Sendable, CaseIterable {
    /// A triangle: linear interpolation.
    case bilinear
    /// The cubic of R. Keys, "Cubic Convolution Interpolation for Digital Image Processing", IEEE
    /// Trans. ASSP 29(6), 1981, with a = -0.5.
    case bicubic

    /// How far it reaches to each side, in samples.
    var support: Double {
        switch self {
        case .bilinear: 1
        case .bicubic: 2
        }
    }

    /// The weight at a distance in samples.
    func weight(at distance: Double) -> Double {
        let x = abs(distance)
        switch self {
        case .bilinear: return max(1 - x, 0)
        case .bicubic:
            let a = -0.5
            if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
            return 0
        }
    }
}
