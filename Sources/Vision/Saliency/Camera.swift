/// Where the camera's own motion takes the positions of one frame in another: an affine map.
///
/// Coordinates are counted from the frame's centre in units of half its longer side, so that
/// one motion serves every level of a pyramid.
struct CameraMotion: Sendable {
    var xx: Float = 1
    var xy: Float = 0
    var dx: Float = 0
    var yx: Float = 0
    var yy: Float = 1
    var dy: Float = 0

    /// First `inner`, then this motion.
    func after(_ inner: CameraMotion) -> CameraMotion {
        CameraMotion(
            xx: xx * inner.xx + xy * inner.yx,
            xy: xx * inner.xy + xy * inner.yy,
            dx: xx * inner.dx + xy * inner.dy + dx,
            yx: yx * inner.xx + yy * inner.yx,
            yy: yx * inner.xy + yy * inner.yy,
            dy: yx * inner.dx + yy * inner.dy + dy
        )
    }

    /// The inverse motion; the motion itself must not be degenerate (see `isPlausible`).
    var inverse: CameraMotion {
        let scale = 1 / (xx * yy - xy * yx)
        return CameraMotion(
            xx: yy * scale,
            xy: -xy * scale,
            dx: (xy * dy - yy * dx) * scale,
            yx: -yx * scale,
            yy: xx * scale,
            dy: (yx * dx - xx * dy) * scale
        )
    }

    /// No camera turns, zooms or shears more than this within a few frames: a motion that does
    /// was fitted to something else.
    var isPlausible: Bool {
        let bound = SaliencyTuning.Camera.greatestDeformation
        let reach = SaliencyTuning.Camera.greatestShift
        return abs(xx - 1) < bound && abs(yy - 1) < bound && abs(xy) < bound && abs(yx) < bound
            && abs(dx) < reach && abs(dy) < reach
    }

    /// The motion in the sample coordinates of a plane of this size.
    func inSamples(width: Int, height: Int) -> SampleMotion {
        let unit = Float(max(width, height)) / 2
        let centreX = Float(width - 1) / 2
        let centreY = Float(height - 1) / 2
        return SampleMotion(
            xx: xx,
            xy: xy,
            x0: dx * unit + centreX - xx * centreX - xy * centreY,
            yx: yx,
            yy: yy,
            y0: dy * unit + centreY - yx * centreX - yy * centreY
        )
    }
}

/// A camera motion in sample coordinates: (x, y) goes to (xx x + xy y + x0, yx x + yy y + y0).
struct SampleMotion: Sendable {
    let xx: Float
    let xy: Float
    let x0: Float
    let yx: Float
    let yy: Float
    let y0: Float
}

/// Finds the camera's own motion between two frames: an affine map fitted directly to the luma,
/// coarse to fine, by Gauss-Newton steps with Tukey's weights, so that what moves on its own
/// does not count. After J. Bergen et al., "Hierarchical Model-Based Motion Estimation", ECCV
/// 1992, in the inverse compositional form of S. Baker and I. Matthews, IJCV 56(3), 2004.
struct CameraEstimator: Sendable {
    private typealias Tuning = SaliencyTuning.Camera

    /// The last motion found: a camera rarely changes its speed from one frame to the next.
    private var last = CameraMotion()

    /// From the positions of `frame` to those of `other`; nil where the two show different scenes.
    mutating func motion(from frame: SmallFrame, to other: SmallFrame) -> CameraMotion? {
        var motion = startingPoint(from: frame, to: other)
        for level in stride(from: frame.pyramid.count - 1, through: 0, by: -1) {
            motion = Self.fit(
                motion,
                from: frame.pyramid[level],
                to: other.pyramid[level],
                steps: level == 0 ? Tuning.finestSteps : Tuning.coarserSteps
            )
        }
        let changed = SceneChange.share(from: frame, to: other, motion: motion)
        guard changed < SaliencyTuning.SceneCut.share else {
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
        fit(motion, from: frame.pyramid[0], to: other.pyramid[0], steps: Tuning.refiningSteps)
    }

    private static func fit(
        _ start: CameraMotion,
        from frame: Plane,
        to other: Plane,
        steps: Int
    ) -> CameraMotion {
        guard min(frame.width, frame.height) >= Tuning.shortestSide else { return start }
        var motion = start
        var brightness = BrightnessChange()
        for _ in 0..<steps {
            let fit = CameraFit(from: frame, to: other, motion: motion, initial: brightness)
            brightness = fit.brightness
            guard let step = fit.step(every: frame.width > Tuning.sparseWidth ? 2 : 1) else {
                return motion
            }
            let next = motion.after(step.inverse)
            guard next.isPlausible else { return motion }
            motion = next
        }
        return motion
    }

    /// The best shift on the coarsest level, searched in full, or the last motion if better.
    private func startingPoint(from frame: SmallFrame, to other: SmallFrame) -> CameraMotion {
        guard let a = frame.pyramid.last, let b = other.pyramid.last else { return last }
        guard min(a.width, a.height) >= Tuning.shortestSide else { return CameraMotion() }
        let unit = Float(max(a.width, a.height)) / 2
        let reach = min(Tuning.searchReach, min(a.width, a.height) / Tuning.searchFraction)
        var best = CameraMotion()
        let stillCost = CameraFit(from: a, to: b, motion: best).meanResidual
        var bestCost = stillCost * Tuning.stillPreference
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

    /// Mean absolute difference under a whole-sample shift, without the change of brightness.
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

/// How much of a frame changes from one frame to another beyond the camera's motion.
enum SceneChange {
    private typealias Tuning = SaliencyTuning.SceneCut

    /// Part of the frame that the other frame, seen through a motion, does not show.
    static func share(
        from frame: SmallFrame,
        to other: SmallFrame,
        motion: CameraMotion
    ) -> Float {
        let (width, height) = (frame.luma.width, frame.luma.height)
        let map = motion.inSamples(width: width, height: height)
        let step = max(1, min(Tuning.step, min(width, height) / Tuning.leastSamples))
        var pairs: [(SIMD4<Float>, SIMD4<Float>)] = []
        for y in stride(from: step / 2, to: height, by: step) {
            for x in stride(from: step / 2, to: width, by: step) {
                let targetX = (map.xx * Float(x) + map.xy * Float(y) + map.x0).rounded()
                let targetY = (map.yx * Float(x) + map.yy * Float(y) + map.y0).rounded()
                guard targetX >= 0, targetY >= 0, targetX < Float(width), targetY < Float(height)
                else { continue }
                pairs.append(
                    (
                        frame.colours[y * width + x],
                        other.colours[Int(targetY) * width + Int(targetX)]
                    )
                )
            }
        }
        guard !pairs.isEmpty else { return 1 }
        let first = Plane(width: pairs.count, height: 1, values: pairs.map { $0.0.x })
        let second = Plane(width: pairs.count, height: 1, values: pairs.map { $0.1.x })
        let brightness = BrightnessChange.robust(first, second)
        let changed = pairs.count { pair in
            let luma = abs(pair.1.x - brightness.gain * pair.0.x - brightness.offset)
            let colour = abs(pair.1.y - pair.0.y) + abs(pair.1.z - pair.0.z)
            return max(luma, colour) > Tuning.changeLevel
        }
        return Float(changed) / Float(pairs.count)
    }
}
