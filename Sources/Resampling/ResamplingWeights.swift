/// The weights of one direction of an antialiased resize: for each target sample the source
/// samples that count, and by how much.
///
/// The filter is stretched by the factor of a reduction, its weights are cut at the edge and sum
/// up to one. They are rounded to 22 binary places, as Pillow does for 8-bit pictures, and kept in
/// two parts whose products with 8-bit samples add up exactly in single precision.
struct ResamplingWeights: Sendable {
    /// Binary places of the weights: 32, less 8 for the samples and 2 for sums beyond 255.
    static let precision: Int32 = 22
    /// Binary places that are in the lower part.
    static let lowerPlaces: Int32 = 8
    /// With more taps, which a reduction to less than a thirtieth has, sums of lower parts might
    /// not be exact. They stay zero: 2^-14 of a sample is nothing then.
    static let mostExactTaps = 128

    /// Weights that belong to one target sample, at most.
    let taps: Int
    /// The first source sample of each target sample, such that all `taps` are inside the source,
    /// or start at 0 where the source has fewer.
    let starts: [Int]
    /// `taps` upper parts for each target sample, in units of 2^-14.
    let upper: [Float]
    /// `taps` lower parts for each target sample, in units of 2^-22.
    let lower: [Float]

    init(from source: Int, to target: Int, filter: ResamplingFilter) {
        let scale = Double(source) / Double(target)
        let stretch = max(scale, 1)
        let support = filter.support * stretch
        var rows: [(start: Int, weights: [Int32])] = []
        for index in 0..<target {
            let centre = (Double(index) + 0.5) * scale
            let first = max(Int(centre - support + 0.5), 0)
            let end = min(Int(centre + support + 0.5), source)
            let weights = (first..<max(end, first + 1)).map { sample in
                filter.weight(at: (Double(sample) - centre + 0.5) / stretch)
            }
            let sum = weights.reduce(0, +)
            rows.append((first, weights.map { Self.fixed(sum == 0 ? $0 : $0 / sum) }))
        }
        let taps = rows.map(\.weights.count).max() ?? 1
        var upper = [Float](repeating: 0, count: taps * target)
        var lower = upper
        var starts: [Int] = []
        for (index, row) in rows.enumerated() {
            let start = max(min(row.start, source - taps), 0)
            starts.append(start)
            for (offset, weight) in row.weights.enumerated() {
                let place = index * taps + row.start - start + offset
                let high = (weight + (1 << (Self.lowerPlaces - 1))) >> Self.lowerPlaces
                upper[place] = Float(high)
                if taps <= Self.mostExactTaps {
                    lower[place] = Float(weight - high << Self.lowerPlaces)
                }
            }
        }
        self.taps = taps
        self.starts = starts
        self.upper = upper
        self.lower = lower
    }

    private static func fixed(_ weight: Double) -> Int32 {
        Int32((weight * Double(1 << precision)).rounded(.toNearestOrAwayFromZero))
    }
}
