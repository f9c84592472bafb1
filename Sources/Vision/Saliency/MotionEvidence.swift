import OpticalFlow

/// How much each place of a frame moves against the camera, by the flow, and by whether the
/// camera's motion alone explains what is seen in the next and the previous frame.
struct MotionEvidence: Sendable {
    /// Log odds of motion for each place.
    let logOdds: [Float]
    /// The smaller error of the camera's motion to the neighbours; -1 where neither shows the place.
    let cameraErrors: [Float]
    /// 0…1, whether the frame shows motion of its own at all; where it does not, the rest says
    /// nothing.
    let reliability: Float
    /// The strongest motion against the camera, in places, and as a multiple of the noise.
    let strongest: Float
    let clearness: Float

    /// - Parameters:
    ///   - forward: to the next frame; nil where there is none.
    ///   - backward: to the frame before.
    ///   - covered: the places that an overlay covers, whose motion is none; empty if there are none.
    ///   - size: the map's size.
    ///   - tuning: the numbers of the measure.
    init(
        forward: PairMotion.Direction?,
        backward: PairMotion.Direction?,
        covered: [Bool],
        size: MapSize,
        tuning: SaliencyTuning.Motion
    ) {
        let count = size.count
        guard let one = forward ?? backward, one.residual.u.count == count else {
            logOdds = [Float](repeating: 0, count: count)
            cameraErrors = [Float](repeating: -1, count: count)
            (reliability, strongest, clearness) = (0, 0, 0)
            return
        }
        let other = forward == nil ? nil : backward
        let noise = other.map { (one.camera.noise + $0.camera.noise) / 2 } ?? one.camera.noise
        let motion = Self.motion(one.residual, less: other?.residual)
        let sizes = motion.map { ($0.x * $0.x + $0.y * $0.y).squareRoot() }
        let seenSizes =
            covered.isEmpty ? sizes : sizes.indices.lazy.filter { !covered[$0] }.map { sizes[$0] }
        strongest = Quantile.value(tuning.quantile, of: seenSizes)
        let floor = max(tuning.halfNoise * noise, tuning.halfLeast)
        let half = max(tuning.halfPart * strongest, floor)
        let square = half * half
        clearness = strongest / floor
        reliability = min(max((clearness - 1) / 2, 0), 1)
        let seen = Self.smaller(one.cameraErrors, other?.cameraErrors)
        let nearness = Self.nearness(motion, one.camera.motion, size, tuning)
        let own = Self.smaller(one.ownErrors, other?.ownErrors)
        cameraErrors = seen
        logOdds = [Float](unsafeUninitializedCapacity: count) { target, initialized in
            guard let target = target.baseAddress else { return }
            Fours.forEach(count) { index in
                let length = Fours.load(sizes, index, count)
                let camera = Fours.load(seen, index, count)
                let flow = Fours.load(own, index, count)
                let motion = Approximations.logOdds(length * length / (length * length + square))
                let ratio = (camera + tuning.errorFloor) / (flow + tuning.errorFloor)
                let better = Approximations.log(ratio.replacing(with: 1, where: camera .< 0))
                let near = Fours.load(nearness, index, count) * tuning.nearWeight
                let z = motion + better * tuning.explanationWeight - near
                Fours.store(z, target, index, count)
            }
            initialized = count
        }
    }

    /// Half the difference, or the flow alone; the last two lanes are 0.
    private static func motion(_ flow: FlowField, less other: FlowField?) -> [SIMD4<Float>] {
        guard let other, other.u.count == flow.u.count else {
            return flow.u.indices.map { SIMD4(flow.u[$0], flow.v[$0], 0, 0) }
        }
        return flow.u.indices.map { index in
            let u = (flow.u[index] - other.u[index]) * 0.5
            let v = (flow.v[index] - other.v[index]) * 0.5
            return SIMD4(u, v, 0, 0)
        }
    }

    /// How far each place moves as what is still and nearer than the rest does: farther than the
    /// camera's motion and in the same direction, 0…1. An object that the camera follows moves less
    /// far.
    private static func nearness(
        _ motion: [SIMD4<Float>],
        _ camera: PlanarMotion,
        _ size: MapSize,
        _ tuning: SaliencyTuning.Motion
    ) -> [Float] {
        let (halfWidth, halfHeight) = (Float(size.width) / 2, Float(size.height) / 2)
        let scale = 1 / size.unit
        return motion.indices.map { index in
            let own = motion[index]
            let (row, column) = (index / size.width, index % size.width)
            let way = camera.motion(
                x: (Float(column) - halfWidth) * scale,
                y: (Float(row) - halfHeight) * scale
            )
            let cameraLength = (way.u * way.u + way.v * way.v).squareRoot()
            let length = (own.x * own.x + own.y * own.y).squareRoot()
            guard cameraLength > tuning.nearLeast, length > 0,
                length < tuning.nearRatio * cameraLength
            else { return 0 }
            let cosine = (own.x * way.u + own.y * way.v) / (cameraLength * length)
            return min(max((cosine - tuning.nearCosine) / (1 - tuning.nearCosine) * 2, 0), 1)
        }
    }

    /// The smaller of two errors where both are known, else the known one.
    static func smaller(_ first: [Float], _ second: [Float]?) -> [Float] {
        guard let second, second.count == first.count else { return first }
        return first.indices.map { index in
            let (a, b) = (first[index], second[index])
            return a < 0 ? b : b < 0 ? a : min(a, b)
        }
    }
}
