import DepthMasks
import Imaging
import MaskStore
import TestSupport

/// Depth maps of a disc over a floor that comes nearer towards the bottom, as a relative model
/// would give them: of a scale and an offset that tremble, with noise.
struct DepthScene {
    static let width = 132
    static let height = 74

    /// How much scale and offset tremble, as parts of the range.
    var jitter: Float = 0.15
    /// Deviation of the noise of single samples; the floor spans about 1.
    var noise: Float = 0.05
    /// Deviation of a slow wave over all the frame.
    var wave: Float = 0.05
    /// Moves the floor's depths, so that another scene can be made.
    var slope: SIMD2<Float> = [0.2, 1]
    /// Centre, radius and depth of the disc in a frame.
    var disc: @Sendable (_ frame: Int) -> (x: Float, y: Float, radius: Float, depth: Float) = {
        (30 + 2 * Float($0), 34, 16, 2.4)
    }

    /// Whether the disc covers a sample.
    private func covers(_ frame: Int, _ x: Int, _ y: Int) -> Bool {
        let disc = disc(frame)
        let (dx, dy) = (Float(x) - disc.x, Float(y) - disc.y)
        return dx * dx + dy * dy < disc.radius * disc.radius
    }

    /// The mask that is right.
    func truth(_ frame: Int) -> GrayImage {
        var pixels: [UInt8] = []
        for y in 0..<Self.height {
            for x in 0..<Self.width { pixels.append(covers(frame, x, y) ? 255 : 0) }
        }
        return GrayImage(width: Self.width, height: Self.height, pixels: pixels)
    }

    /// The map of a frame; the same in every run.
    func map(_ frame: Int) -> DepthMap {
        var random = Mutator(seed: UInt64(frame) &* 77 &+ 5)
        var normal: Float {
            (0..<6).reduce(into: Float(0)) { sum, _ in sum += .random(in: -1...1, using: &random) }
                / 1.414
        }
        let scale = 1 + jitter * max(min(normal, 2), -2)
        let shift = 3 * jitter * normal
        let (tilt, bend) = (wave * normal, wave * normal)
        var values: [Float] = []
        for y in 0..<Self.height {
            for x in 0..<Self.width {
                let (u, v) = (Float(x) / Float(Self.width), Float(y) / Float(Self.height))
                var depth = slope.x * u + slope.y * v + 0.1 * Float((x / 9 + y / 7) % 3)
                if covers(frame, x, y) { depth = disc(frame).depth }
                depth += tilt * (u - 0.5) + bend * (4 * (v - 0.5) * (v - 0.5)) + noise * normal
                values.append(scale * depth + shift)
            }
        }
        return DepthMap(width: Self.width, height: Self.height, values: values)
    }

    /// From the maps' size to the masks', which is the same.
    static let upsampling = BicubicUpsampling(from: (width, height), to: (width, height))

    /// The stabilized masks of maps.
    static func stabilizedMasks(_ maps: [DepthMap], _ threshold: DepthThreshold = .otsu)
        -> [GrayImage]
    {
        var depths = StabilizedDepth(threshold: threshold)
        let decided = maps.flatMap { depths.add($0) } + depths.finish()
        return decided.map { $0.mask(by: upsampling) }
    }

    /// Masks that are made frame by frame.
    static func singleFrameMasks(_ maps: [DepthMap], _ threshold: DepthThreshold = .otsu)
        -> [GrayImage]
    {
        maps.map { $0.mask(threshold).image }
    }
}

/// How masks compare with each other and with the truth.
struct MaskQuality {
    let flicker: Double
    /// Intersection over union with the truth, frame by frame.
    let ious: [Double]
    var mean: Double { ious.reduce(0, +) / Double(max(ious.count, 1)) }
    var least: Double { ious.min() ?? 0 }

    init(_ masks: [GrayImage], truth: (Int) -> GrayImage) {
        var measure = MaskMetrics()
        for mask in masks { measure.add(mask) }
        flicker = measure.flicker
        ious = masks.enumerated().map { MaskMetrics.iou($1, truth($0)) }
    }
}
