import OpticalFlow

/// What is kept of one frame until its window is decided: about 220 kB.
final class SceneFrame: Sendable {
    /// The numbers and times of the frame and of those that repeat it.
    let shown: [(index: Int, time: Double?)]
    /// L, a and b of every place, rounded; interleaved.
    let colours: [UInt8]
    /// Luma at twice the map's size.
    let luma: [UInt8]
    let motion: MotionEvidence
    /// What the mask is judged by.
    let ownMotion: FrameMotion
    /// Which places an overlay covers; empty if there is none.
    let covered: [Bool]
    /// To the frame before and to the next one; nil at the ends of a scene.
    let backward: CarryPath?
    let forward: CarryPath?
    /// The camera's motion to the frame before and to the next one.
    let cameraBackward: PlanarMotion?
    let cameraForward: PlanarMotion?

    init(
        _ frame: SmallFrame,
        before: PairMotion?,
        after: PairMotion?,
        size: MapSize,
        tuning: SaliencyTuning.Motion
    ) {
        shown = frame.shown
        (luma, covered) = (frame.luma, frame.covered)
        motion = MotionEvidence(
            forward: after?.forward,
            backward: before?.backward,
            covered: frame.covered,
            size: size,
            tuning: tuning
        )
        ownMotion = FrameMotion(
            to: after?.forward.residual,
            to: before?.backward.residual,
            size: size
        )
        (backward, forward) = (before?.backward.path, after?.forward.path)
        cameraBackward = before?.backward.camera.motion
        cameraForward = after?.forward.camera.motion
        colours = [UInt8](unsafeUninitializedCapacity: frame.colours.count * 3) { target, count in
            for (place, colour) in frame.colours.enumerated() {
                target[3 * place] = Self.byte(colour.x)
                target[3 * place + 1] = Self.byte(colour.y)
                target[3 * place + 2] = Self.byte(colour.z)
            }
            count = frame.colours.count * 3
        }
    }

    private static func byte(_ value: Float) -> UInt8 { UInt8(min(max(value + 0.5, 0), 255)) }
}
