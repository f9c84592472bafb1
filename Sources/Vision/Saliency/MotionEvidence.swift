/// How much each place of a frame moves on its own, against the camera's motion.
///
/// The measure is that of M. Irani, B. Rousso and S. Peleg, "Computing Occluding and Transparent
/// Motions", IJCV 12(1), 1994: the difference to a frame aligned by the camera's motion, weighted
/// by the gradient, over the squared gradient. It is a lower bound of the motion, in samples, and
/// near 0 where there is no texture to tell.
struct MotionEvidence: Sendable {
    /// 0...1, how surely a place moves on its own.
    let moving: Plane
    /// 0...1, how much texture there is to tell whether a place moves.
    let texture: Plane

    /// Half the side of the squares over which the measure is taken.
    private static let radius = 2
    /// Gradients below this, in grey levels a sample, are taken for noise.
    private static let noise: Float = 3

    /// Measures the frame `offset` away from a window's judged one, against a frame before and
    /// one after it. Without both there is no telling an object from where it was or will be, so
    /// that nothing is found.
    init(_ window: FrameWindow, offset: Int = 0) {
        let small = window.steps[window.current + offset].small
        let luma = small.luma
        let (width, height) = (luma.width, luma.height)
        var gradient = Plane(width: width, height: height)
        var squares = Plane(width: width, height: height)
        Self.measureGradient(of: luma, into: &gradient, squares: &squares)
        let energy = squares.boxMean(radius: Self.radius)
        texture = Self.texture(energy)
        let past = max(window.reach.lowerBound - offset, -3)
        let future = min(window.reach.upperBound - offset, 3)
        guard past < 0, future > 0,
            let back = window.motion(from: offset, to: offset + past),
            let ahead = window.motion(from: offset, to: offset + future)
        else {
            moving = Plane(width: width, height: height)
            return
        }
        let measures = [(past, back), (future, ahead)].map { shift, rough in
            let other = window.steps[window.current + offset + shift].small
            let motion = CameraEstimator.refined(rough, from: small, to: other)
            return Self.measure(luma, gradient, energy, against: other, motion: motion)
        }
        // A place that moves differs from both frames; where an object was or will be, only
        // from one.
        let least = MotionMeasure(
            motion: Self.lesser(measures[0].motion, measures[1].motion),
            change: Self.lesser(measures[0].change, measures[1].change)
        )
        moving = least.significant(energy: energy, noise: Self.noise)
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
    ) -> MotionMeasure {
        let seen = Warp(motion, width: luma.width, height: luma.height)
            .apply(to: other.luma, outside: CameraFit.nowhere)
        let brightness = Brightness.robust(luma, seen, step: 3)
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
        var result = products.boxMean(radius: radius)
        let squares = energy.values.span
        var target = result.values.mutableSpan
        for index in 0..<luma.count {
            target[unchecked: index] /= squares[unchecked: index] + noise * noise
        }
        return MotionMeasure(motion: result, change: changes)
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
            target[unchecked: index] = value / (value + 4 * noise * noise)
        }
        return result
    }
}

/// A comparison of a frame with others: the motion in samples, and the change in grey levels.
struct MotionMeasure {
    let motion: Plane
    let change: Plane

    /// The least motion, in samples, that counts.
    private static let leastMotion: Float = 0.16

    /// Motion well above the background's own spread (noise, a wrong fit, leaves in the wind).
    /// It is put down to the places that change themselves, not to those next to them.
    func significant(energy: Plane, noise: Float) -> Plane {
        var histogram = [Int](repeating: 0, count: 256)
        let values = motion.values.span
        let squares = energy.values.span
        var total = 0
        for index in 0..<motion.count where squares[unchecked: index] > noise * noise {
            histogram[min(255, Int(values[unchecked: index] * 128))] += 1
            total += 1
        }
        var below = 0
        var median: Float = 0
        for (bin, count) in histogram.enumerated() {
            below += count
            if 2 * below >= total {
                median = Float(bin) / 128
                break
            }
        }
        let low = max(Self.leastMotion, 3 * median)
        let scale = 1 / (1.5 * low)
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
