import OpticalFlow

/// The optical flow that a moving camera gives a plane: quadratic in the position, 8 parameters.
///
/// u = a0 + a1 x + a2 y + a6 x² + a7 x y, v = a3 + a4 x + a5 y + a6 x y + a7 y², with positions
/// from the map's centre in units of half its longer side and motion in places.
package struct PlanarMotion: Sendable, Equatable {
    package static let parameters = 8
    package var values: [Float]

    /// - Parameter values: a0 to a7; no motion unless given.
    package init(values: [Float] = [Float](repeating: 0, count: parameters)) {
        precondition(values.count == Self.parameters, "a planar motion has 8 parameters")
        self.values = values
    }

    /// Motion at a position.
    package func motion(x: Float, y: Float) -> (u: Float, v: Float) {
        let a = values
        return (
            a[0] + a[1] * x + a[2] * y + (a[6] * x + a[7] * y) * x,
            a[3] + a[4] * x + a[5] * y + (a[6] * x + a[7] * y) * y
        )
    }

    /// A flow less this motion.
    package func residual(of flow: FlowField, size: MapSize) -> FlowField {
        var rest = flow
        guard flow.width == size.width, flow.height == size.height else { return rest }
        let (halfWidth, halfHeight) = (Float(size.width) / 2, Float(size.height) / 2)
        let scale = 1 / size.unit
        let a = values
        rest.u.withUnsafeMutableBufferPointer { u in
            rest.v.withUnsafeMutableBufferPointer { v in
                for row in 0..<size.height {
                    let y = (Float(row) - halfHeight) * scale
                    let (u0, v0) = (a[0] + a[2] * y, a[3] + a[5] * y + a[7] * y * y)
                    let (u1, v1) = (a[1] + a[7] * y, a[4] + a[6] * y)
                    for column in 0..<size.width {
                        let x = (Float(column) - halfWidth) * scale
                        let index = row &* size.width &+ column
                        u[index] -= u0 + (u1 + a[6] * x) * x
                        v[index] -= v0 + v1 * x
                    }
                }
            }
        }
        return rest
    }
}

/// Fits the camera's motion to a flow by iteratively reweighted least squares with Tukey's
/// biweight, so that what moves on its own does not count. The border of the frame counts more than
/// its middle, where objects are.
package struct PlanarMotionFit: Sendable {
    private let size: MapSize
    private let tuning: SaliencyTuning.Camera
    private let samples: [Sample]

    /// A place that counts: its position and the weight that is due to that alone.
    private struct Sample {
        let index: Int
        let x: Float
        let y: Float
        let weight: Float
    }

    package struct Result: Sendable {
        package var motion = PlanarMotion()
        /// The median residual in places: the noise of the flow.
        package var noise: Float = 0
    }

    package init(size: MapSize, tuning: SaliencyTuning.Camera) {
        (self.size, self.tuning) = (size, tuning)
        let (halfWidth, halfHeight) = (Float(size.width) / 2, Float(size.height) / 2)
        let step = max(1, min(tuning.step, min(size.width, size.height) / 4))
        var samples: [Sample] = []
        for row in stride(from: step / 2, to: size.height, by: step) {
            for column in stride(from: step / 2, to: size.width, by: step) {
                let (x, y) = (Float(column) - halfWidth, Float(row) - halfHeight)
                let border = max(abs(x) / halfWidth, abs(y) / halfHeight)
                samples.append(
                    Sample(
                        index: row * size.width + column,
                        x: x / size.unit,
                        y: y / size.unit,
                        weight: tuning.centreWeight + border * border
                    )
                )
            }
        }
        self.samples = samples
    }

    /// - Parameters:
    ///   - flow: the flow of a frame, of the map's size.
    ///   - valid: which places show the scene; nil if all do.
    /// - Returns: the motion and the noise of the flow; none where there is too little to fit.
    package func fit(_ flow: FlowField, valid: [Bool]? = nil) -> Result {
        guard flow.width == size.width, flow.height == size.height else { return Result() }
        let samples = valid.map { valid in self.samples.filter { valid[$0.index] } } ?? self.samples
        guard samples.count >= PlanarMotion.parameters else { return Result() }
        var result = Result()
        var residuals = [Float](repeating: 0, count: samples.count)
        var weights = samples.map(\.weight)
        for iteration in 0..<tuning.iterations {
            result.motion = solved(flow, samples, weights)
            for (place, sample) in samples.enumerated() {
                let motion = result.motion.values.withUnsafeBufferPointer { a in
                    (
                        u: a[0] + a[1] * sample.x + a[2] * sample.y
                            + (a[6] * sample.x + a[7] * sample.y) * sample.x,
                        v: a[3] + a[4] * sample.x + a[5] * sample.y
                            + (a[6] * sample.x + a[7] * sample.y) * sample.y
                    )
                }
                let u = flow.u[sample.index] - motion.u
                let v = flow.v[sample.index] - motion.v
                residuals[place] = (u * u + v * v).squareRoot()
            }
            result.noise = Quantile.median(of: residuals) + tuning.leastNoise
            let medians = max(tuning.lastCutoff, tuning.firstCutoff - Float(iteration))
            let inverse = 1 / (medians * result.noise)
            for (place, sample) in samples.enumerated() {
                let ratio = residuals[place] * inverse
                let rest = max(1 - ratio * ratio, 0)
                weights[place] = sample.weight * rest * rest
            }
        }
        return result
    }

    private func solved(
        _ flow: FlowField,
        _ samples: [Sample],
        _ weights: [Float]
    ) -> PlanarMotion {
        var moments = SIMD16<Float>.zero
        var right = SIMD16<Float>.zero
        for (place, sample) in samples.enumerated() {
            let (x, y, weight) = (sample.x, sample.y, weights[place])
            if weight == 0 { continue }
            let (xx, xy, yy) = (x * x, x * y, y * y)
            moments +=
                SIMD16(
                    1,
                    x,
                    y,
                    xx,
                    xy,
                    yy,
                    xx * x,
                    xx * y,
                    xy * y,
                    yy * y,
                    xx * xx,
                    xx * xy,
                    xx * yy,
                    xy * yy,
                    yy * yy,
                    0
                ) * weight
            let (u, v) = (flow.u[sample.index], flow.v[sample.index])
            right +=
                SIMD16(
                    u,
                    u * x,
                    u * y,
                    u * xx,
                    u * xy,
                    v,
                    v * x,
                    v * y,
                    v * xy,
                    v * yy,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0
                ) * weight
        }
        let equations = equations(moments, right)
        return PlanarMotion(values: equations.solved().map { Float($0) })
    }

    private func equations(
        _ moments: SIMD16<Float>,
        _ right: SIMD16<Float>
    ) -> LinearEquations {
        func m(_ index: Int) -> Double { Double(moments[index]) }
        var equations = LinearEquations(count: PlanarMotion.parameters)
        // Of (1, x, y) with themselves, for u and for v.
        let linear = [[m(0), m(1), m(2)], [m(1), m(3), m(4)], [m(2), m(4), m(5)]]
        for row in 0..<3 {
            for column in 0..<3 {
                equations[row, column] = linear[row][column]
                equations[row + 3, column + 3] = linear[row][column]
            }
        }
        // Of (1, x, y) with the quadratic terms: x² and xy in u, xy and y² in v.
        let mixed: [(u6: Double, u7: Double, v6: Double, v7: Double)] = [
            (m(3), m(4), m(4), m(5)),
            (m(6), m(7), m(7), m(8)),
            (m(7), m(8), m(8), m(9)),
        ]
        for (row, terms) in mixed.enumerated() {
            equations.set(row, 6, terms.u6)
            equations.set(row, 7, terms.u7)
            equations.set(row + 3, 6, terms.v6)
            equations.set(row + 3, 7, terms.v7)
        }
        equations[6, 6] = m(10) + m(12)
        equations.set(6, 7, m(11) + m(13))
        equations[7, 7] = m(12) + m(14)
        for index in 0..<PlanarMotion.parameters {
            equations[index, index] += Double(tuning.ridge)
        }
        equations.right = [
            Double(right[0]), Double(right[1]), Double(right[2]),
            Double(right[5]), Double(right[6]), Double(right[7]),
            Double(right[3]) + Double(right[8]), Double(right[4]) + Double(right[9]),
        ]
        return equations
    }
}
