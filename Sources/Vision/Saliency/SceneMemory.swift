/// What earlier frames of the scene left.
struct SceneMemory: Sendable {
    /// Accumulated motion evidence, 0...1.
    let motionEvidence: Plane
    /// The previous saliency map.
    let map: Plane
    let plate: BackgroundPlate

    /// The memory warped to the next frame by the camera's motion.
    struct Warped {
        let motionEvidence: Plane
        let map: Plane
        /// 1 where a sample still has the colour that the memory is about, 0 where it has another
        /// one: where an object came, or left, nothing is remembered.
        let colourMatch: Plane
        let plate: BackgroundPlate
        /// Probability, 0...1, that a sample shows the background seen before.
        let background: Plane
        /// From the frame's brightness to that of the one before.
        let brightness: BrightnessChange
    }

    /// Warps the memory from one frame to the next.
    func warped(to small: SmallFrame, from previous: SmallFrame, by motion: CameraMotion)
        -> Warped
    {
        let size = small.luma
        let warp = Warp(motion, width: size.width, height: size.height)
        let seen = warp.apply(to: previous.colours, outside: SIMD4(repeating: Warp.outside))
        let luma = Plane(width: size.width, height: size.height, firstLaneOf: seen)
        let brightness = BrightnessChange.robust(
            small.luma,
            luma,
            step: SaliencyTuning.Brightness.step
        )
        let plate = plate.warped(by: warp)
        return Warped(
            motionEvidence: warp.apply(to: motionEvidence, outside: 0),
            map: warp.apply(to: map, outside: 0),
            colourMatch: Self.colourMatch(of: small, with: seen, brightness),
            plate: plate,
            background: plate.probability(in: small, brightness: brightness),
            brightness: brightness
        )
    }

    private static func colourMatch(
        of small: SmallFrame,
        with previous: [SIMD4<Float>],
        _ brightness: BrightnessChange
    ) -> Plane {
        let match = ColourMatch(
            same: SaliencyTuning.Memory.sameColour,
            other: SaliencyTuning.Memory.otherColour,
            brightness: brightness
        )
        var result = Plane(unwritten: small.luma.width, small.luma.height)
        let before = previous.span
        let now = small.colours.span
        var target = result.values.mutableSpan
        for index in 0..<before.count {
            let here = before[unchecked: index]
            target[unchecked: index] = here.x < 0 ? 0 : match(here, now[unchecked: index])
        }
        return result
    }
}

/// Compares colours of two frames under a change of brightness and noise.
struct ColourMatch {
    private let brightness: BrightnessChange
    /// The difference, in grey levels summed over the channels, from which colours do not match.
    private let limit: Float
    private let scale: Float

    /// - Parameters:
    ///   - same: the difference that noise explains in a clean video.
    ///   - other: the difference that it does not explain.
    ///   - brightness: from the frame's brightness to that of the earlier one.
    init(same: Float, other: Float, brightness: BrightnessChange) {
        self.brightness = brightness
        limit = other + 2 * brightness.noise
        scale = 1 / (other - same + brightness.noise)
    }

    /// 0...1, how well a colour of the frame matches one of the earlier frame.
    @inline(__always)
    func callAsFunction(_ earlier: SIMD4<Float>, _ now: SIMD4<Float>) -> Float {
        let change =
            abs(earlier.x - brightness.gain * now.x - brightness.offset)
            + abs(earlier.y - now.y) + abs(earlier.z - now.z)
        let match = (limit - change) * scale
        return match < 0 ? 0 : (match > 1 ? 1 : match)
    }
}

/// The colours of the background where it was seen, warped along with the camera: those of samples
/// that stood still and were not part of the object. Where they are seen again, the object has
/// left.
struct BackgroundPlate: Sendable {
    private typealias Tuning = SaliencyTuning.Memory

    /// Y', Cb, Cr and, in the last lane, the confidence, 0...1.
    private var samples: [SIMD4<Float>]

    init(count: Int) {
        samples = [SIMD4<Float>](repeating: .zero, count: count)
    }

    /// The plate warped to the next frame.
    func warped(by warp: Warp) -> BackgroundPlate {
        var plate = self
        plate.samples = warp.apply(to: samples, outside: .zero)
        return plate
    }

    /// Probability, 0...1, that each sample of a frame shows the background; `brightness` leads
    /// from the frame's brightness to that of the one before.
    func probability(in small: SmallFrame, brightness: BrightnessChange) -> Plane {
        let match = ColourMatch(
            same: Tuning.sameBackground,
            other: Tuning.otherBackground,
            brightness: brightness
        )
        var result = Plane(unwritten: small.luma.width, small.luma.height)
        var target = result.values.mutableSpan
        let background = samples.span
        let colours = small.colours.span
        for index in 0..<background.count {
            let here = background[unchecked: index]
            let same = match(here, colours[unchecked: index])
            let confidence = Tuning.confidenceScale * here.w - Tuning.confidenceOffset
            let product = same * (confidence > 1 ? 1 : confidence)
            target[unchecked: index] = product < 0 ? 0 : product
        }
        return result
    }

    /// Learns from a frame whose map is made.
    ///
    /// - Parameters:
    ///   - small: the frame.
    ///   - map: the frame's saliency.
    ///   - confidence: 0...1, how reliable a sample's standing still is; little without texture.
    ///   - brightness: from the frame's brightness to that of the one before.
    mutating func learn(
        _ small: SmallFrame,
        map: Plane,
        confidence: Plane,
        brightness: BrightnessChange
    ) {
        let reliable = confidence.values.span
        var background = samples.mutableSpan
        let colours = small.colours.span
        let object = map.values.span
        let gain = 1 / brightness.gain
        let limit = Tuning.otherBackground + 2 * brightness.noise
        for index in 0..<background.count {
            var here = background[unchecked: index]
            here.x = (here.x - brightness.offset) * gain
            let now = colours[unchecked: index]
            let change = abs(here.x - now.x) + abs(here.y - now.y) + abs(here.z - now.z)
            let isObject = object[unchecked: index] > Tuning.objectLevel
            var confidence = here.w
            if change < limit {
                // The object itself may have been learned before it was found to be one.
                confidence =
                    isObject
                    ? confidence * (1 - Tuning.confidenceLoss)
                    : confidence + Tuning.confidenceGain * reliable[unchecked: index]
                        * (1 - confidence)
                if !isObject { here += (now - here) * Tuning.backgroundRate }
            } else if !isObject {
                confidence -= Tuning.confidenceLoss
                if confidence <= 0 {
                    here = now
                    confidence = 0
                }
            }
            here.w = confidence
            background[unchecked: index] = here
        }
    }
}
