import OpticalFlow

/// How a frame moves, as the analysis of its clip has found out: what the mask of its map is judged by.
package struct FrameMotion: Sendable, Equatable {
    /// The sizes of the analysis.
    package let size: MapSize
    /// Whether nothing before the frame belongs to its shot.
    package let beginsShot: Bool
    /// Motion beside the camera's to the next frame, in places of the map, row by row; where there is no
    /// next one, from the one before. Empty where there is neither. Half precision: many frames wait.
    private let motion: [SIMD2<Float16>]

    init(to next: FlowField?, to previous: FlowField?, size: MapSize) {
        self.size = size
        beginsShot = previous == nil
        let sign: Float = next == nil ? -1 : 1
        motion =
            (next ?? previous).map { flow in
                zip(flow.u, flow.v).map { SIMD2(Float16(sign * $0), Float16(sign * $1)) }
            } ?? []
    }

    private init(_ other: FrameMotion, beginsShot: Bool) {
        (size, motion) = (other.size, other.motion)
        self.beginsShot = beginsShot
    }

    /// The motion of a frame that shows the same once more.
    var repeated: FrameMotion { FrameMotion(self, beginsShot: false) }

    /// Motion beside the camera's; nil where it is not known.
    package var residual: FlowField? {
        guard motion.count == size.count else { return nil }
        return FlowField(
            width: size.width,
            height: size.height,
            u: motion.map { Float($0.x) },
            v: motion.map { Float($0.y) }
        )
    }
}
