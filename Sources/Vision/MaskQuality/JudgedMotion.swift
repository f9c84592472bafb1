import OpticalFlow
import Saliency

/// How a frame moves towards its neighbours.
struct JudgedMotion: Sendable {
    /// To the next frame and to the one before, in places; nil at the ends of a shot.
    let forward: FlowField?
    let backward: FlowField?
    /// Motion beside the camera's, in places: to the next frame, or, on a shot's last one, from the
    /// one before.
    let residual: [SIMD2<Float>]?

    /// Nothing moves, if hardly any place moves by more than this.
    private static let leastMotion: Float = 0.25
    /// How far around a mask motion counts against it, in places.
    private static let reach: Float = 14

    /// - Parameters:
    ///   - forward: flow to the next frame, at half the judged size.
    ///   - backward: flow to the frame before, alike.
    ///   - size: the sizes of the analysis.
    ///   - fit: finds the camera's motion.
    init(forward: FlowField?, backward: FlowField?, size: MapSize, fit: PlanarMotionFit) {
        let (width, height) = (size.flowWidth, size.flowHeight)
        self.forward = forward?.enlarged(scale: 1, width: width, height: height)
        self.backward = backward?.enlarged(scale: 1, width: width, height: height)
        let sign: Float = forward == nil ? -1 : 1
        residual = (forward ?? backward).map { flow in
            let rest = fit.fit(flow).motion.residual(of: flow, size: size)
                .enlarged(scale: 1, width: width, height: height)
            return zip(rest.u, rest.v).map { sign * SIMD2($0, $1) }
        }
    }

    /// - Parameters:
    ///   - residual: motion beside the camera's, in places of the map.
    ///   - size: the sizes of the analysis.
    init(residual: FlowField, size: MapSize) {
        (forward, backward) = (nil, nil)
        let fine = residual.enlarged(scale: 1, width: size.flowWidth, height: size.flowHeight)
        self.residual = zip(fine.u, fine.v).map { SIMD2($0, $1) }
    }

    /// Lengths of `residual`; nil where nothing moves.
    var lengths: (values: [Float], high: Float, median: Float)? {
        guard let residual else { return nil }
        let values = residual.map { ($0 * $0).sum().squareRoot() }
        let samples = stride(from: 0, to: values.count, by: 4).map { values[$0] }
        let high = Quantile.value(0.98, of: samples)
        guard high >= Self.leastMotion else { return nil }
        return (values, high, Quantile.median(of: samples))
    }

    /// IoU of a mask with what moves on its own, near it.
    ///
    /// - Parameters:
    ///   - mask: the mask.
    ///   - distances: of places from the mask.
    ///   - lengths: of `residual`.
    /// - Returns: 0…1.
    static func agreement(
        of mask: JudgedMask,
        _ distances: [Float],
        _ lengths: (values: [Float], high: Float, median: Float)
    ) -> Double {
        let level = max(0.4 * lengths.high, 2 * lengths.median, 0.1)
        var (both, either) = (0, 0)
        for place in mask.isInside.indices {
            let moves = lengths.values[place] > level && distances[place] <= reach
            if mask.isInside[place] && moves { both += 1 }
            if mask.isInside[place] || moves { either += 1 }
        }
        return either == 0 ? 0 : Double(both) / Double(either)
    }

    /// A neighbour's mask, where the flow finds it from here; nothing comes from outside the frame.
    static func carried(_ mask: JudgedMask, along flow: FlowField) -> [Bool] {
        let (width, height) = (mask.width, mask.height)
        return (0..<width * height).map { place in
            let (row, column) = place.quotientAndRemainder(dividingBy: width)
            let x = Int((Float(column) + flow.u[place]).rounded())
            let y = Int((Float(row) + flow.v[place]).rounded())
            guard (0..<width).contains(x), (0..<height).contains(y) else { return false }
            return mask.isInside[y * width + x]
        }
    }
}
