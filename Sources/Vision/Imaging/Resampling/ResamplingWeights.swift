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

/// The weights of one direction of an antialiased resize: for each target sample the source
/// samples that count, and by how much.
///
/// The filter is stretched by the factor of a reduction, its weights are cut at the edge and sum
/// up to one. They are rounded to as many binary places as the largest of them leaves in 16 bits,
/// as torch does it for 8-bit images (aten/src/ATen/native/cpu/UpSampleKernel.cpp), and kept in
/// two parts whose products with 8-bit samples add up exactly in single precision.
struct ResamplingWeights: Sendable {
    /// Binary places of the weights.
    let precision: Int32
    /// The most that there can be: 32, less 8 for the samples and 2 for sums beyond 255.
    private static let mostPrecision: Int32 = 22
    /// Binary places that are in the lower part.
    static let lowerPlaces: Int32 = 8
    /// With more taps, which a reduction to less than a thirtieth has, sums of lower parts might
    /// not be exact. They stay zero: what they add is nothing then.
    static let mostExactTaps = 128

    /// Weights that belong to one target sample, at most.
    let taps: Int
    /// The first source sample of each target sample, such that all `taps` are inside the source,
    /// or start at 0 where the source has fewer.
    let starts: [Int]
    /// `taps` upper parts for each target sample, in units of 2^(8 - precision).
    let upper: [Float]
    /// `taps` lower parts for each target sample, in units of 2^-precision.
    let lower: [Float]

    init(from source: Int, to target: Int, filter: ResamplingFilter) {
        let scale = Double(source) / Double(target)
        let stretch = max(scale, 1)
        let support = filter.support * stretch
        var rows: [(start: Int, weights: [Double])] = []
        for index in 0..<target {
            let centre = (Double(index) + 0.5) * scale
            let first = max(Int(centre - support + 0.5), 0)
            let end = min(Int(centre + support + 0.5), source)
            let weights = (first..<max(end, first + 1)).map { sample in
                filter.weight(at: (Double(sample) - centre + 0.5) / stretch)
            }
            let sum = weights.reduce(0, +)
            rows.append((first, weights.map { sum == 0 ? $0 : $0 / sum }))
        }
        let largest = rows.lazy.compactMap { $0.weights.max() }.max() ?? 1
        let precision = Self.precision(for: largest)
        let taps = rows.map(\.weights.count).max() ?? 1
        var upper = [Float](repeating: 0, count: taps * target)
        var lower = upper
        var starts: [Int] = []
        for (index, row) in rows.enumerated() {
            let start = max(min(row.start, source - taps), 0)
            starts.append(start)
            for (offset, exact) in row.weights.enumerated() {
                let places = Double(1 << precision)
                let weight = Int32((exact * places).rounded(.toNearestOrAwayFromZero))
                let place = index * taps + row.start - start + offset
                let high = (weight + (1 << (Self.lowerPlaces - 1))) >> Self.lowerPlaces
                upper[place] = Float(high)
                if taps <= Self.mostExactTaps {
                    lower[place] = Float(weight - high << Self.lowerPlaces)
                }
            }
        }
        self.precision = precision
        self.taps = taps
        self.starts = starts
        self.upper = upper
        self.lower = lower
    }

    /// The most binary places at which the largest weight is below 2^15.
    private static func precision(for largest: Double) -> Int32 {
        (0..<mostPrecision).first { Int(0.5 + largest * Double(2 << $0)) >= 1 << 15 }
            ?? mostPrecision
    }
}

/// Sums of samples and weights in two parts, and how they become samples again.
enum FixedPoint {
    /// The samples, 0...255, that two sums stand for.
    ///
    /// Whole numbers are read out of the significand of a number near 2^23, which takes one
    /// addition where a conversion takes several instructions a lane. The upper sum lies within
    /// -0.3...1.3 times 2^22, the lower one within ±2^22.
    ///
    /// - Parameters:
    ///   - high: the sum of the upper parts.
    ///   - low: the sum of the lower parts.
    ///   - precision: binary places of the weights.
    /// - Returns: the sums, rounded to whole samples.
    @inline(__always)
    static func samples(
        _ high: SIMD8<Float>,
        _ low: SIMD8<Float>,
        precision: Int32
    ) -> SIMD8<Int32> {
        let half: Int32 = 1 &<< (precision &- 1)
        let sum =
            whole(high, offset: 1 << 21) &<< ResamplingWeights.lowerPlaces
            &+ whole(low, offset: 1 << 22) &+ half
        // Shifting out all but the sign gives a mask of lanes; comparing them, as `clamped` does,
        // takes one lane at a time.
        var sample = sum &>> precision
        sample &= ~(sample &>> 31)
        sample |= (255 &- sample) &>> 31
        sample &= 255
        return sample
    }

    /// Samples as floating-point numbers.
    @inline(__always)
    static func numbers(_ samples: SIMD8<Int32>) -> SIMD8<Float> {
        unsafeBitCast(samples | 0x4B00_0000, to: SIMD8<Float>.self) - Float(1 << 23)
    }

    @inline(__always)
    private static func whole(_ value: SIMD8<Float>, offset: Int32) -> SIMD8<Int32> {
        let moved = value + Float(1 << 23 + offset)
        return unsafeBitCast(moved, to: SIMD8<Int32>.self) &- (0x4B00_0000 + offset)
    }
}

/// The size of an image or plane and the size that it is resized to.
struct ResampleGeometry: Sendable {
    let source: (width: Int, height: Int)
    let target: (width: Int, height: Int)

    /// All sides must be at least 1.
    init(from source: (width: Int, height: Int), to target: (width: Int, height: Int)) {
        precondition(
            min(source.width, source.height, target.width, target.height) > 0,
            "an image has at least one sample"
        )
        self.source = source
        self.target = target
    }
}
