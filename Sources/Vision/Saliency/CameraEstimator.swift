/// Finds the camera's own motion between two frames: an affine map fitted directly to the luma,
/// coarse to fine, by Gauss-Newton steps with Tukey's weights, so that what moves on its own
/// does not count. After J. Bergen et al., "Hierarchical Model-Based Motion Estimation", ECCV
/// 1992, in the inverse compositional form of S. Baker and I. Matthews, IJCV 56(3), 2004.
struct CameraEstimator: Sendable {
    /// Levels below this size, in samples, have nothing to fit a motion to.
    private static let smallestSide = 6
    /// A scene ends where more than this part of the picture changes.
    private static let cutShare: Float = 0.5

    /// The last motion found: a camera rarely changes its speed from one frame to the next.
    private var last = CameraMotion()

    /// From the places of `frame` to those of `other`; nil where the two show different scenes.
    mutating func motion(from frame: SmallFrame, to other: SmallFrame) -> CameraMotion? {
        var motion = startingPoint(from: frame, to: other)
        for level in stride(from: frame.pyramid.count - 1, through: 0, by: -1) {
            motion = Self.fit(
                motion,
                from: frame.pyramid[level],
                to: other.pyramid[level],
                steps: level == 0 ? 3 : 4
            )
        }
        let changed = SceneChange.share(from: frame, to: other, motion: motion)
        guard changed < Self.cutShare else {
            last = CameraMotion()
            return nil
        }
        last = motion
        return motion
    }

    /// A known motion made more exact on the finest level of the pyramid.
    static func refined(
        _ motion: CameraMotion,
        from frame: SmallFrame,
        to other: SmallFrame
    ) -> CameraMotion {
        fit(motion, from: frame.pyramid[0], to: other.pyramid[0], steps: 1)
    }

    private static func fit(
        _ start: CameraMotion,
        from frame: Plane,
        to other: Plane,
        steps: Int
    ) -> CameraMotion {
        guard min(frame.width, frame.height) >= smallestSide else { return start }
        var motion = start
        var brightness = Brightness()
        for _ in 0..<steps {
            let fit = CameraFit(from: frame, to: other, motion: motion, known: brightness)
            brightness = fit.brightness
            guard let step = fit.step(every: frame.width > 64 ? 2 : 1) else { return motion }
            let next = motion.after(step.inverse)
            guard next.isPlausible else { return motion }
            motion = next
        }
        return motion
    }

    /// The best shift on the coarsest level, searched in full, or the last motion if better.
    private func startingPoint(from frame: SmallFrame, to other: SmallFrame) -> CameraMotion {
        guard let a = frame.pyramid.last, let b = other.pyramid.last else { return last }
        guard min(a.width, a.height) >= Self.smallestSide else { return CameraMotion() }
        let unit = Float(max(a.width, a.height)) / 2
        let reach = min(4, min(a.width, a.height) / 3)
        var best = CameraMotion()
        // Standing still is the likeliest motion, so others have to be clearly better.
        var bestCost = CameraFit(from: a, to: b, motion: best).meanResidual * 0.95
        let lastCost = CameraFit(from: a, to: b, motion: last).meanResidual
        if lastCost < bestCost {
            best = last
            bestCost = lastCost
        }
        for y in -reach...reach {
            for x in -reach...reach where x != 0 || y != 0 {
                let cost = Self.shiftCost(a, b, x: x, y: y)
                if cost < bestCost {
                    bestCost = cost
                    best = CameraMotion(dx: Float(x) / unit, dy: Float(y) / unit)
                }
            }
        }
        return best
    }

    /// Mean absolute difference under a whole-sample shift, freed from a change of brightness.
    private static func shiftCost(_ a: Plane, _ b: Plane, x shiftX: Int, y shiftY: Int) -> Float {
        let columns = max(0, -shiftX)..<min(a.width, a.width - shiftX)
        let rows = max(0, -shiftY)..<min(a.height, a.height - shiftY)
        let first = a.values.span
        let second = b.values.span
        let count = Float(columns.count * rows.count)
        var offset: Float = 0
        for y in rows {
            for x in columns {
                offset +=
                    second[unchecked: (y + shiftY) * a.width + x + shiftX]
                    - first[unchecked: y &* a.width &+ x]
            }
        }
        offset /= count
        var sum: Float = 0
        for y in rows {
            for x in columns {
                sum += abs(
                    second[unchecked: (y + shiftY) * a.width + x + shiftX]
                        - first[unchecked: y &* a.width &+ x] - offset
                )
            }
        }
        return sum / count
    }
}
