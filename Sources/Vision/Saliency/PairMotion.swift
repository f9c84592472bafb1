import OpticalFlow

/// What two neighbouring frames say about motion: computed for every pair by itself.
struct PairMotion: Sendable {
    let forward: Direction
    let backward: Direction

    /// From one of the two frames to the other.
    struct Direction: Sendable {
        /// The flow less the camera's.
        let residual: FlowField
        let camera: PlanarMotionFit.Result
        let path: CarryPath
        /// Errors of the camera's motion and of the flow itself: see `PhotometricError`.
        let cameraErrors: [Float]
        let ownErrors: [Float]

        init(
            _ frame: SmallFrame,
            _ other: SmallFrame,
            search: inout DenseInverseSearch,
            fit: PlanarMotionFit,
            size: MapSize,
            tuning: SaliencyTuning
        ) {
            let flow = search.flow(from: frame.flow, to: other.flow)
            let camera = fit.fit(
                flow,
                valid: frame.covered.isEmpty ? nil : frame.covered.map { !$0 }
            )
            self.camera = camera
            residual = camera.motion.residual(of: flow, size: size)
            path = CarryPath(
                flow,
                colours: frame.colours,
                other: other.colours,
                size: size,
                tuning: tuning.carry
            )
            (cameraErrors, ownErrors) = frame.luma.withUnsafeBufferPointer { own in
                other.luma.withUnsafeBufferPointer { other -> ([Float], [Float]) in
                    guard let own = own.baseAddress, let other = other.baseAddress else {
                        return ([], [])
                    }
                    return (
                        PhotometricError.ofCamera(own, other, camera.motion, size: size),
                        PhotometricError.ofFlow(own, other, flow, size: size)
                    )
                }
            }
        }
    }

    init(
        _ first: SmallFrame,
        _ second: SmallFrame,
        search: inout DenseInverseSearch,
        fit: PlanarMotionFit,
        size: MapSize,
        tuning: SaliencyTuning
    ) {
        forward = Direction(first, second, search: &search, fit: fit, size: size, tuning: tuning)
        backward = Direction(second, first, search: &search, fit: fit, size: size, tuning: tuning)
    }
}
