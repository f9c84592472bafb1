import DepthMasks
import Diagnostics
import Pixels

/// How far the engines agree about one frame.
public struct FrameComparison: Sendable, Equatable, Codable {
    /// Number of the frame.
    public let frame: Int
    /// Intersection over union of the two masks, 1 when both are empty.
    public let maskOverlap: Double
    /// The largest difference of depth, divided by the range of the reference's. The native
    /// engine's is read from 16-bit pictures, so it is not below 8e-6 or so.
    public let depthError: Double

    static func compare(
        _ frame: Int,
        _ native: NativeResult,
        _ reference: ReferenceResult,
        isMetric: Bool
    ) throws -> FrameComparison {
        let masks = (try native.mask(frame), try reference.mask(frame))
        guard masks.0.width == masks.1.width, masks.0.height == masks.1.height else {
            throw EightCutError(
                .toolFailed,
                "cannot compare the masks of frame \(frame)",
                because: "the reference's has another size"
            )
        }
        var expected = try reference.depth(frame)
        if isMetric {
            let (width, height) = (masks.1.width, masks.1.height)
            guard expected.count == width * height else { throw Self.unequal(frame) }
            expected = DepthMap(width: width, height: height, metres: expected).values
        }
        let depth = try native.depth(frame)
        guard depth.count == expected.count, let least = expected.min(), let most = expected.max()
        else { throw Self.unequal(frame) }
        let largest = zip(depth, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        return FrameComparison(
            frame: frame,
            maskOverlap: MaskFlicker.overlap(masks.0, masks.1),
            depthError: most > least ? Double(largest / (most - least)) : Double(largest)
        )
    }

    private static func unequal(_ frame: Int) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot compare the depth of frame \(frame)",
            because: "the reference's has another size"
        )
    }
}
