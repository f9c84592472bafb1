/// Resizes floating-point planes, mostly to a larger size, as torch's `interpolate` does it in the
/// mode "bicubic" without aligned corners and without antialiasing: the cubic of R. Keys with
/// a = -0.75 between four samples in each direction, which at the edge repeat the last one.
///
/// The weights are computed once; several tasks may then use the value at a time.
package struct BicubicUpsampling: Sendable {
    private let geometry: ResampleGeometry
    private let columns: CubicWeights
    private let rows: CubicWeights

    /// Prepares for planes of one size; all sides are at least 1.
    package init(from source: (width: Int, height: Int), to target: (width: Int, height: Int)) {
        geometry = ResampleGeometry(from: source, to: target)
        columns = CubicWeights(from: source.width, to: target.width)
        rows = CubicWeights(from: source.height, to: target.height)
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
    ///   - target: memory for `width * height` samples.
    package func resize(
        _ source: UnsafeBufferPointer<Float>,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(source.count == sourceWidth * sourceHeight, "not the source's size")
        precondition(target.count == width * height, "not the result's size")
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        // Four source rows at the result's width, and one with its edges repeated.
        let rowLength = (width + 7) & ~7
        let held = UnsafeMutablePointer<Float>.allocate(capacity: rowLength * 4)
        held.initialize(repeating: 0, count: rowLength * 4)
        let padded = UnsafeMutablePointer<Float>.allocate(capacity: sourceWidth + 4)
        defer {
            held.deallocate()
            padded.deallocate()
        }
        var done = -2
        for y in 0..<height {
            let start = rows.starts[y] - 2
            // A reduction leaves out rows that no result needs.
            done = max(done, start)
            while done < start + 4 {
                let row = min(max(done, 0), sourceHeight - 1)
                pad(source + row * sourceWidth, into: padded)
                widen(padded, into: held + (done & 3) * rowLength)
                done += 1
            }
            blend(held, rowLength, start, rows.weights[y], into: target + y * width)
        }
    }

    private func pad(_ row: UnsafePointer<Float>, into padded: UnsafeMutablePointer<Float>) {
        (padded + 2).update(from: row, count: sourceWidth)
        padded[0] = row[0]
        padded[1] = row[0]
        padded[sourceWidth + 2] = row[sourceWidth - 1]
        padded[sourceWidth + 3] = row[sourceWidth - 1]
    }

    private func widen(_ row: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        columns.starts.withUnsafeBufferPointer { starts in
            columns.weights.withUnsafeBufferPointer { weights in
                for x in 0..<starts.count {
                    let samples = row + starts[x]
                    let weight = weights[x]
                    target[x] =
                        samples[0] * weight.x + samples[1] * weight.y + samples[2] * weight.z
                        + samples[3] * weight.w
                }
            }
        }
    }

    private func blend(
        _ held: UnsafePointer<Float>,
        _ rowLength: Int,
        _ start: Int,
        _ weights: SIMD4<Float>,
        into target: UnsafeMutablePointer<Float>
    ) {
        let a = held + (start & 3) * rowLength
        let b = held + ((start + 1) & 3) * rowLength
        let c = held + ((start + 2) & 3) * rowLength
        let d = held + ((start + 3) & 3) * rowLength
        for x in 0..<width {
            target[x] = a[x] * weights.x + b[x] * weights.y + c[x] * weights.z + d[x] * weights.w
        }
    }
}

/// The four weights of each target sample in one direction of a cubic interpolation.
struct CubicWeights: Sendable {
    /// The first of the four samples in the source, counted from two before it begins.
    let starts: [Int]
    /// The weights, which sum up to one.
    let weights: [SIMD4<Float>]

    init(from source: Int, to target: Int) {
        let scale = Float(source) / Float(target)
        var starts: [Int] = []
        var weights: [SIMD4<Float>] = []
        for index in 0..<target {
            let place = (-0.5 as Float).addingProduct(Float(index) + 0.5, scale)
            let floor = min(Int(place.rounded(.down)), source - 1)
            let part = min(max(place - Float(floor), 0), 1)
            starts.append(floor + 1)
            weights.append(
                SIMD4(
                    Self.outer(part + 1),
                    Self.inner(part),
                    Self.inner(1 - part),
                    Self.outer(2 - part)
                )
            )
        }
        self.starts = starts
        self.weights = weights
    }

    private static let a: Float = -0.75

    /// The kernel at distances up to 1.
    private static func inner(_ x: Float) -> Float {
        ((a + 2) * x - (a + 3)) * x * x + 1
    }

    /// The kernel at distances of 1 to 2.
    private static func outer(_ x: Float) -> Float {
        ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    }
}
