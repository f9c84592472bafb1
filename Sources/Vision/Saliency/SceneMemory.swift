/// What earlier frames of the scene left, carried along with the camera.
struct SceneMemory: Sendable {
    /// Motion evidence gathered so far, 0...1.
    let moved: Plane
    /// The previous saliency map.
    let map: Plane
    /// What is known of the background.
    let plate: BackgroundPlate

    /// The memory as the next frame sees it.
    struct Carried {
        let moved: Plane
        let map: Plane
        /// 1 where a place still shows the colour that the memory was about, 0 where it shows
        /// something else by now: where an object came, or left, nothing is remembered.
        let trust: Plane
        let plate: BackgroundPlate
        /// 0...1, how surely a place shows the known background.
        let background: Plane
        /// From the frame's brightness to that of the one before.
        let light: Brightness
    }

    /// Differences of colour, in grey levels summed over the channels, that noise explains, and
    /// those that it surely does not.
    private static let sameColour: Float = 5
    private static let otherColour: Float = 16

    /// Carries the memory from one frame to the next.
    func carried(to small: SmallFrame, from previous: SmallFrame, by motion: CameraMotion)
        -> Carried
    {
        let nowhere = CameraFit.nowhere
        let size = small.luma
        let warp = Warp(motion, width: size.width, height: size.height)
        let seen = warp.apply(to: previous.colours, outside: SIMD4(repeating: nowhere))
        let luma = Plane(width: size.width, height: size.height, firstLaneOf: seen)
        let light = Brightness.robust(small.luma, luma, step: 3)
        var trust = Plane(unwritten: size.width, size.height)
        let before = seen.span
        let now = small.colours.span
        var target = trust.values.mutableSpan
        let slack = light.noise
        let scale = 1 / (Self.otherColour - Self.sameColour + slack)
        for index in 0..<before.count {
            let here = before[unchecked: index]
            let other = now[unchecked: index]
            let change =
                abs(here.x - light.gain * other.x - light.offset)
                + abs(here.y - other.y) + abs(here.z - other.z)
            let same = (Self.otherColour + 2 * slack - change) * scale
            target[unchecked: index] = here.x < 0 || same < 0 ? 0 : (same > 1 ? 1 : same)
        }
        let plate = plate.carried(by: warp)
        return Carried(
            moved: warp.apply(to: moved, outside: 0),
            map: warp.apply(to: map, outside: 0),
            trust: trust,
            plate: plate,
            background: plate.match(small, light: light),
            light: light
        )
    }
}
