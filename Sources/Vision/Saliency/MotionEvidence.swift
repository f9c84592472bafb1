/// How much each sample of a frame moves on its own, against the camera's motion.
///
/// The measure is that of M. Irani, B. Rousso and S. Peleg, "Computing Occluding and Transparent
/// Motions", IJCV 12(1), 1994: the difference to a frame aligned by the camera's motion, weighted
/// by the gradient, over the squared gradient. It is a lower bound of the motion, in samples, and
/// near 0 where there is no texture.
struct MotionEvidence: Sendable {
    private typealias Tuning = SaliencyTuning.Motion

    /// 0...1, confidence that a sample moves on its own.
    let strength: Plane
    /// 0...1, how much texture there is to see motion by.
    let texture: Plane

    /// Measures the frame `offset` away from a window's current one, against a frame before and one
    /// after it. Without both an object cannot be distinguished from where it was or will be, and
    /// nothing is found.
    init(_ window: FrameWindow, offset: Int = 0) {
        let small = window.steps[window.current + offset].small
        let luma = small.luma
        let (width, height) = (luma.width, luma.height)
        var gradient = Plane(width: width, height: height)
        var squares = Plane(width: width, height: height)
        Self.measureGradient(of: luma, into: &gradient, squares: &squares)
        let energy = squares.boxMean(radius: Tuning.radius)
        texture = Self.texture(energy)
        let past = max(window.reach.lowerBound - offset, -Tuning.reach)
        let future = min(window.reach.upperBound - offset, Tuning.reach)
        guard past < 0, future > 0,
            let back = window.motion(from: offset, to: offset + past),
            let ahead = window.motion(from: offset, to: offset + future)
        else {
            strength = Plane(width: width, height: height)
            return
        }
        let measures = [(past, back), (future, ahead)].map { shift, rough in
            let other = window.steps[window.current + offset + shift].small
            let motion = CameraEstimator.refined(rough, from: small, to: other)
            return Self.measure(luma, gradient, energy, against: other, motion: motion)
        }
        // A sample that moves differs from both frames; where an object was or will be, only from
        // one.
        let least = MotionMeasurement(
            motion: Self.lesser(measures[0].motion, measures[1].motion),
            change: Self.lesser(measures[0].change, measures[1].change)
        )
        strength = least.significant(energy: energy, noise: Tuning.noise)
    }

    private static func measureGradient(
        of luma: Plane,
        into gradient: inout Plane,
        squares: inout Plane
    ) {
        let width = luma.width
        let height = luma.height
        guard width > 2, height > 2 else { return }
        let source = luma.values.span
        var slope = gradient.values.mutableSpan
        var square = squares.values.mutableSpan
        for y in 1..<height - 1 {
            for x in 1..<width - 1 {
                let at = y &* width &+ x
                let dx = (source[unchecked: at + 1] - source[unchecked: at - 1]) * 0.5
                let dy = (source[unchecked: at &+ width] - source[unchecked: at &- width]) * 0.5
                let sum = dx * dx + dy * dy
                square[unchecked: at] = sum
                slope[unchecked: at] = sum.squareRoot()
            }
        }
    }

    private static func measure(
        _ luma: Plane,
        _ gradient: Plane,
        _ energy: Plane,
        against other: SmallFrame,
        motion: CameraMotion
    ) -> MotionMeasurement {
        let seen = Warp(motion, width: luma.width, height: luma.height)
            .apply(to: other.luma, outside: Warp.outside)
        let brightness = BrightnessChange.robust(luma, seen, step: SaliencyTuning.Brightness.step)
        var products = Plane(unwritten: luma.width, luma.height)
        var changes = Plane(unwritten: luma.width, luma.height)
        let a = luma.values.span
        let b = seen.values.span
        let slope = gradient.values.span
        var product = products.values.mutableSpan
        var change = changes.values.mutableSpan
        for index in 0..<luma.count {
            let second = b[unchecked: index]
            let difference = abs(
                second - brightness.gain * a[unchecked: index] - brightness.offset
            )
            let value = second < 0 ? 0 : difference
            change[unchecked: index] = value
            product[unchecked: index] = value * slope[unchecked: index]
        }
        var result = products.boxMean(radius: Tuning.radius)
        let squares = energy.values.span
        var target = result.values.mutableSpan
        for index in 0..<luma.count {
            target[unchecked: index] /= squares[unchecked: index] + Tuning.noise * Tuning.noise
        }
        return MotionMeasurement(motion: result, change: changes)
    }

    private static func lesser(_ a: Plane, _ b: Plane) -> Plane {
        var result = a
        let other = b.values.span
        var target = result.values.mutableSpan
        for index in 0..<a.count {
            target[unchecked: index] = min(target[unchecked: index], other[unchecked: index])
        }
        return result
    }

    private static func texture(_ energy: Plane) -> Plane {
        var result = energy
        var target = result.values.mutableSpan
        for index in 0..<energy.count {
            let value = target[unchecked: index]
            target[unchecked: index] = value / (value + 4 * Tuning.noise * Tuning.noise)
        }
        return result
    }
}

/// A comparison of a frame with others: the motion in samples, and the change in grey levels.
struct MotionMeasurement {
    private typealias Tuning = SaliencyTuning.Motion
    /// Histogram bins to a sample of motion.
    private static let bins: Float = 128

    let motion: Plane
    let change: Plane

    /// Motion well above the background's own spread, 0...1. It is attributed to the samples that
    /// change themselves, not to those next to them.
    func significant(energy: Plane, noise: Float) -> Plane {
        var histogram = [Int](repeating: 0, count: 256)
        let values = motion.values.span
        let squares = energy.values.span
        var total = 0
        for index in 0..<motion.count where squares[unchecked: index] > noise * noise {
            histogram[min(255, Int(values[unchecked: index] * Self.bins))] += 1
            total += 1
        }
        var below = 0
        var median: Float = 0
        for (bin, count) in histogram.enumerated() {
            below += count
            if 2 * below >= total {
                median = Float(bin) / Self.bins
                break
            }
        }
        let low = max(Tuning.least, Tuning.leastMedians * median)
        let scale = 1 / (Tuning.full * low)
        var result = motion
        let changes = change.values.span
        var target = result.values.mutableSpan
        for index in 0..<motion.count {
            let value = min(max((target[unchecked: index] - low) * scale, 0), 1)
            let own = changes[unchecked: index]
            target[unchecked: index] = value * own / (own + noise)
        }
        return result
    }
}
