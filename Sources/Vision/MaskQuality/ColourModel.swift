/// How often each colour is inside and outside of masks.
struct ColourModel: Sendable {
    /// Bins of L, and of a and of b, whose usual range is narrow.
    private static let lightBins = 12
    private static let hueBins = 16
    private static let binCount = lightBins * hueBins * hueBins
    /// Places around a mask that are compared with it: beyond its uncertain edge, in places.
    private static let ring: (inner: Float, outer: Float) = (2, 14)

    private var inside = [Double](repeating: 0.02, count: binCount)
    private var outside = [Double](repeating: 0.02, count: binCount)

    /// The bin of each colour.
    static func bins(_ colours: [SIMD4<Float>]) -> [UInt16] {
        colours.map { colour in
            let light = min(max(Int(colour.x) * lightBins / 256, 0), lightBins - 1)
            func hue(_ value: Float) -> Int {
                min(max(Int(2 * (value - 128) + 128), 0), 255) * hueBins / 256
            }
            return UInt16((light * hueBins + hue(colour.y)) * hueBins + hue(colour.z))
        }
    }

    /// Takes the colours of a frame.
    mutating func add(_ bins: [UInt16], _ isInside: [Bool]) {
        for (place, bin) in bins.enumerated() {
            if isInside[place] { inside[Int(bin)] += 1 } else { outside[Int(bin)] += 1 }
        }
    }

    /// For each bin, how far its colour is that of the object, 0…1.
    func likelihoods() -> [Float] {
        let (all, rest) = (inside.reduce(0, +), outside.reduce(0, +))
        return zip(inside, outside).map { Float(($0 / all) / ($0 / all + $1 / rest)) }
    }

    /// Which places are around a mask, close to it but not at its edge.
    ///
    /// - Parameter distances: of places from the mask.
    /// - Returns: as many.
    static func isAround(_ distances: [Float]) -> [Bool] {
        distances.map { $0 > ring.inner && $0 <= ring.outer }
    }

    /// How much more likely the object's colours are on a mask than around it.
    ///
    /// - Parameters:
    ///   - mask: the mask.
    ///   - bins: of the frame.
    ///   - isAround: which places are around it.
    ///   - likelihoods: of the shot.
    /// - Returns: 0…1; nil where there is nothing around the mask.
    static func separation(
        _ mask: JudgedMask,
        _ bins: [UInt16],
        _ isAround: [Bool],
        _ likelihoods: [Float]
    ) -> Double? {
        var inside = (sum: Float(0), count: 0)
        var around = (sum: Float(0), count: 0)
        for (place, bin) in bins.enumerated() {
            let value = likelihoods[Int(bin)]
            if mask.isInside[place] {
                inside.sum += value
                inside.count += 1
            } else if isAround[place] {
                around.sum += value
                around.count += 1
            }
        }
        guard inside.count > 0, around.count > 0 else { return nil }
        let difference = inside.sum / Float(inside.count) - around.sum / Float(around.count)
        return Double(min(max(difference, 0), 1))
    }
}
