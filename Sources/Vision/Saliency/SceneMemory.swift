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

/// What the background looks like where it was seen, carried along with the camera: the colours
/// of places that stood still and were not part of the object. A place that shows them again has
/// been left by the object.
struct BackgroundPlate: Sendable {
    /// Differences of colour, in grey levels summed over the channels, within which a place
    /// shows the background, and beyond which it surely does not.
    private static let sameColour: Float = 6
    private static let otherColour: Float = 16
    /// What one frame adds to the confidence in a place, and what doubt takes away.
    private static let gain: Float = 0.12
    private static let loss: Float = 0.1

    /// Y', Cb, Cr and, in the last lane, the confidence, 0...1.
    private var samples: [SIMD4<Float>]

    init(count: Int) {
        samples = [SIMD4<Float>](repeating: .zero, count: count)
    }

    /// The plate as the next frame sees it.
    func carried(by warp: Warp) -> BackgroundPlate {
        var plate = self
        plate.samples = warp.apply(to: samples, outside: .zero)
        return plate
    }

    /// 0...1, how surely each place of a frame shows the known background; `light` leads from
    /// the frame's brightness to that of the one before.
    ///
    func match(_ small: SmallFrame, light: Brightness) -> Plane {
        var result = Plane(unwritten: small.luma.width, small.luma.height)
        var target = result.values.mutableSpan
        let known = samples.span
        let colours = small.colours.span
        let slack = light.noise
        let scale = 1 / (Self.otherColour - Self.sameColour + slack)
        for index in 0..<known.count {
            let here = known[unchecked: index]
            let now = colours[unchecked: index]
            let change =
                abs(here.x - light.gain * now.x - light.offset)
                + abs(here.y - now.y) + abs(here.z - now.z)
            let same = (Self.otherColour + 2 * slack - change) * scale
            let sure = 2 * here.w - 0.5
            let product = (same < 0 ? 0 : (same > 1 ? 1 : same)) * (sure > 1 ? 1 : sure)
            target[unchecked: index] = product < 0 ? 0 : product
        }
        return result
    }

    /// Learns from a frame whose map is made.
    ///
    /// - Parameters:
    ///   - small: the frame.
    ///   - map: the frame's saliency.
    ///   - sure: 0...1, how much a place's standing still says; little without texture.
    ///   - light: from the frame's brightness to that of the one before.
    mutating func learn(_ small: SmallFrame, map: Plane, sure: Plane, light: Brightness) {
        let certain = sure.values.span
        var known = samples.mutableSpan
        let colours = small.colours.span
        let object = map.values.span
        let gain = 1 / light.gain
        for index in 0..<known.count {
            var here = known[unchecked: index]
            here.x = (here.x - light.offset) * gain
            let now = colours[unchecked: index]
            let change = abs(here.x - now.x) + abs(here.y - now.y) + abs(here.z - now.z)
            let isObject = object[unchecked: index] > 0.4
            var confidence = here.w
            if change < Self.otherColour + 2 * light.noise {
                // The object itself may have been learned before it was known to be one.
                confidence =
                    isObject
                    ? confidence * (1 - Self.loss)
                    : confidence + Self.gain * certain[unchecked: index] * (1 - confidence)
                if !isObject { here += (now - here) * 0.25 }
            } else if !isObject {
                confidence -= Self.loss
                if confidence <= 0 {
                    here = now
                    confidence = 0
                }
            }
            here.w = confidence
            known[unchecked: index] = here
        }
    }
}
