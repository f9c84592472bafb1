/// Dense optical flow by dense inverse search (DIS): Kroeger, Timofte, Dai and Van Gool, "Fast
/// Optical Flow using Dense Inverse Search", ECCV 2016.
///
/// From the coarsest scale to the finest, the motion of overlapping patches is searched from the
/// field so far (`InverseSearch`), averaged to a dense field (`Densification`) and refined by a
/// variational method (`VariationalRefinement`). Buffers are kept from one pair of images to the
/// next.
package struct DenseInverseSearch: Sendable {
    package let settings: FlowSettings
    private var scratch: [Float] = []

    package init(_ settings: FlowSettings) {
        self.settings = settings
    }

    /// The flow from one image to another of the same size, both made with these settings. The
    /// field has the size of the finest scale, in its samples; images too small for a patch there
    /// have no motion.
    package mutating func flow(from first: FlowImage, to second: FlowImage) -> FlowField {
        precondition(first.settings == settings && second.settings == settings)
        precondition(first.width == second.width && first.height == second.height)
        var field = FlowField(width: first.fieldWidth, height: first.fieldHeight)
        guard let finest = first.levels.first else { return field }
        let buffers = FlowBuffers(finest)
        if scratch.count < buffers.count {
            scratch = [Float](repeating: 0, count: buffers.count)
        }
        scratch.withUnsafeMutableBufferPointer { scratch in
            first.storage.withUnsafeBufferPointer { firstSamples in
                second.storage.withUnsafeBufferPointer { secondSamples in
                    guard let scratch = scratch.baseAddress,
                        let firstSamples = firstSamples.baseAddress,
                        let secondSamples = secondSamples.baseAddress
                    else { return }
                    Self.compute(
                        first.settings,
                        firstSamples,
                        secondSamples,
                        first.levels,
                        scratch,
                        buffers
                    )
                    let count = finest.width * finest.height
                    field.u.withUnsafeMutableBufferPointer {
                        $0.baseAddress?.update(from: scratch + buffers.u, count: count)
                    }
                    field.v.withUnsafeMutableBufferPointer {
                        $0.baseAddress?.update(from: scratch + buffers.v, count: count)
                    }
                }
            }
        }
        return field
    }

    private static func compute(
        _ settings: FlowSettings,
        _ first: UnsafePointer<Float>,
        _ second: UnsafePointer<Float>,
        _ levels: [FlowImage.Level],
        _ scratch: UnsafeMutablePointer<Float>,
        _ buffers: FlowBuffers
    ) {
        let (u, v) = (scratch + buffers.u, scratch + buffers.v)
        let (startU, startV) = (scratch + buffers.startU, scratch + buffers.startV)
        var coarser: FlowImage.Level?
        for level in levels.reversed() {
            if let coarser {
                enlarge(u, coarser, into: startU, level)
                enlarge(v, coarser, into: startV, level)
            } else {
                startU.update(repeating: 0, count: level.width * level.height)
                startV.update(repeating: 0, count: level.width * level.height)
            }
            let search = InverseSearch(
                level: level,
                first: first,
                second: second,
                u: scratch + buffers.patchU,
                v: scratch + buffers.patchV,
                errors: scratch + buffers.errors
            )
            search.run(from: startU, startV, steps: settings.gradientSteps)
            Densification(
                level: level,
                first: first,
                second: second,
                patchU: scratch + buffers.patchU,
                patchV: scratch + buffers.patchV,
                u: u,
                v: v,
                weights: scratch + buffers.weights
            ).run()
            if settings.variationalSteps > 0 {
                VariationalRefinement(
                    level: level,
                    first: first,
                    second: second,
                    scratch: scratch + buffers.refinement
                ).run(u, v, steps: settings.variationalSteps, sweeps: settings.relaxationSweeps)
            }
            coarser = level
        }
    }

    /// Twice the motion at twice the size, bilinear: every sample covers two by two finer ones,
    /// whose centres are a quarter of a sample from its own.
    private static func enlarge(
        _ coarse: UnsafePointer<Float>,
        _ coarser: FlowImage.Level,
        into fine: UnsafeMutablePointer<Float>,
        _ level: FlowImage.Level
    ) {
        for y in 0..<level.height {
            let near = min(y >> 1, coarser.height &- 1)
            let far = min(max(near &+ (y & 1 == 0 ? -1 : 1), 0), coarser.height &- 1)
            let nearRow = coarse + near &* coarser.width
            let farRow = coarse + far &* coarser.width
            let row = fine + y &* level.width
            for x in 0..<level.width {
                let nearX = min(x >> 1, coarser.width &- 1)
                let farX = min(max(nearX &+ (x & 1 == 0 ? -1 : 1), 0), coarser.width &- 1)
                let here = nearRow[nearX] * 0.75 + farRow[nearX] * 0.25
                let aside = nearRow[farX] * 0.75 + farRow[farX] * 0.25
                row[x] = here * 1.5 + aside * 0.5
            }
        }
    }
}

/// Where the buffers of a search are in its scratch memory, by the size of the finest scale.
private struct FlowBuffers {
    private(set) var count = 0
    private(set) var u = 0
    private(set) var v = 0
    private(set) var startU = 0
    private(set) var startV = 0
    private(set) var weights = 0
    private(set) var patchU = 0
    private(set) var patchV = 0
    private(set) var errors = 0
    private(set) var refinement = 0

    init(_ finest: FlowImage.Level) {
        let samples = finest.width * finest.height
        u = reserve(samples)
        v = reserve(samples)
        startU = reserve(samples)
        startV = reserve(samples)
        weights = reserve(samples)
        patchU = reserve(finest.grid.count)
        patchV = reserve(finest.grid.count)
        errors = reserve(finest.grid.count)
        refinement = reserve(VariationalRefinement.floats(finest))
    }

    private mutating func reserve(_ floats: Int) -> Int {
        defer { count += roundedUpToFour(floats) + 8 }
        return count
    }
}
