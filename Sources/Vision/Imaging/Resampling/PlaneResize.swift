/// Resizes floating-point planes, mostly to a larger size, as torch's `interpolate` does it in the
/// mode "bilinear" without aligned corners and without antialiasing: linear between the
/// two nearest samples in each direction, of which the last one repeats at the edge.
///
/// The weights are computed once; several tasks may then use the value at a time.
package struct BilinearResize: Sendable {
    private let geometry: ResampleGeometry
    private let columns: LinearWeights
    private let rows: LinearWeights

    /// Prepares for planes of one size; all sides are at least 1.
    package init(from source: (width: Int, height: Int), to target: (width: Int, height: Int)) {
        geometry = ResampleGeometry(from: source, to: target)
        columns = LinearWeights(from: source.width, to: target.width)
        rows = LinearWeights(from: source.height, to: target.height)
    }

    /// Columns of the result.
    package var width: Int { geometry.target.width }
    /// Rows of the result.
    package var height: Int { geometry.target.height }
    private var sourceWidth: Int { geometry.source.width }
    private var sourceHeight: Int { geometry.source.height }

    /// Resizes one plane.
    ///
    /// - Parameters:
    ///   - source: `sourceWidth * sourceHeight` samples, row by row from the top.
    ///   - take: is given each row of the result, `width` samples, from the top; the pointer must
    ///     not leave it.
    package func forEachRow(
        of source: UnsafeBufferPointer<Float>,
        _ take: (_ y: Int, _ row: UnsafeBufferPointer<Float>) -> Void
    ) {
        precondition(source.count == sourceWidth * sourceHeight, "not the source's size")
        guard let start = source.baseAddress else { return }
        // Two rows of the source at the result's width, and one of the result.
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: width * 3)
        defer { memory.deallocate() }
        var held = (row: -1, upper: memory, lower: memory + width)
        let result = memory + 2 * width
        for y in 0..<height {
            let first = rows.starts[y]
            if held.row != first {
                if held.row == first - 1, held.row >= 0 {
                    swap(&held.upper, &held.lower)
                } else {
                    widen(start + first * sourceWidth, into: held.upper)
                }
                widen(start + min(first + 1, sourceHeight - 1) * sourceWidth, into: held.lower)
                held.row = first
            }
            let weight = rows.weights[y]
            for x in 0..<width {
                result[x] = held.upper[x] * (1 - weight) + held.lower[x] * weight
            }
            take(y, UnsafeBufferPointer(start: result, count: width))
        }
    }

    /// Resizes one plane: `width * height` samples.
    package func resized(_ source: [Float]) -> [Float] {
        [Float](unsafeUninitializedCapacity: width * height) { result, count in
            source.withUnsafeBufferPointer { source in
                forEachRow(of: source) { y, row in
                    for x in 0..<width { result[y * width + x] = row[x] }
                }
            }
            count = width * height
        }
    }

    private func widen(_ row: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        columns.starts.withUnsafeBufferPointer { starts in
            columns.weights.withUnsafeBufferPointer { weights in
                for x in 0..<starts.count {
                    let next = min(starts[x] + 1, sourceWidth - 1)
                    target[x] = row[starts[x]] * (1 - weights[x]) + row[next] * weights[x]
                }
            }
        }
    }
}

/// The weights of one direction: for each target sample the first of two source samples, and what
/// the second one weighs.
private struct LinearWeights: Sendable {
    let starts: [Int]
    let weights: [Float]

    init(from source: Int, to target: Int) {
        let scale = Float(source) / Float(target)
        let places = (0..<target).map { max((Float($0) + 0.5) * scale - 0.5, 0) }
        starts = places.map { min(Int($0), source - 1) }
        weights = zip(places, starts).map { min(max($0 - Float($1), 0), 1) }
    }
}

/// Resizes floating-point planes as torch's `interpolate` does it in the mode "bilinear" with
/// antialiasing: a triangle, stretched by the factor of a reduction, first along the rows and then
/// along the columns.
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
