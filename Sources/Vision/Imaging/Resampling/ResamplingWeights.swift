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
