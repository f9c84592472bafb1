/// Brings floating-point planes to another size as torch's `interpolate` does it in the mode
/// "bilinear" with antialiasing: a triangle, stretched by the factor of a reduction, first along
/// the rows and then along the columns.
package struct AntialiasedPlaneResize: Sendable {
    private let geometry: ResampleGeometry
    private let columns: [TriangleWeights]
    private let rows: [TriangleWeights]

    /// Prepares for planes of one size; all sides are at least 1.
    package init(from source: (width: Int, height: Int), to target: (width: Int, height: Int)) {
        geometry = ResampleGeometry(from: source, to: target)
        columns = TriangleWeights.all(from: source.width, to: target.width)
        rows = TriangleWeights.all(from: source.height, to: target.height)
    }

    /// Resizes one plane: from `width * height` samples of the source, row by row, to those of the
    /// result.
    package func resized(_ plane: [Float]) -> [Float] {
        let (source, target) = (geometry.source, geometry.target)
        precondition(plane.count == source.width * source.height, "not the source's size")
        var narrow = [Float](repeating: 0, count: target.width * source.height)
        for y in 0..<source.height {
            for (x, tap) in columns.enumerated() {
                var sum: Float = 0
                for (offset, weight) in tap.weights.enumerated() {
                    sum += plane[y * source.width + tap.start + offset] * weight
                }
                narrow[y * target.width + x] = sum
            }
        }
        var result = [Float](repeating: 0, count: target.width * target.height)
        for (y, tap) in rows.enumerated() {
            for (offset, weight) in tap.weights.enumerated() {
                let row = (tap.start + offset) * target.width
                for x in 0..<target.width {
                    result[y * target.width + x] += narrow[row + x] * weight
                }
            }
        }
        return result
    }
}

/// The source samples that one target sample is made of, and what each weighs.
private struct TriangleWeights: Sendable {
    let start: Int
    let weights: [Float]

    static func all(from source: Int, to target: Int) -> [TriangleWeights] {
        let scale = Float(source) / Float(target)
        let support = max(scale, 1)
        return (0..<target).map { index in
            let centre = (Float(index) + 0.5) * scale
            let first = max(Int(centre - support + 0.5), 0)
            let end = max(min(Int(centre + support + 0.5), source), first + 1)
            let raw = (first..<end).map { sample in
                max(0, 1 - abs(Float(sample) - centre + 0.5) / support)
            }
            let sum = raw.reduce(0, +)
            return TriangleWeights(start: first, weights: raw.map { sum > 0 ? $0 / sum : 0 })
        }
    }
}
