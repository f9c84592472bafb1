/// How motion, appearance and memory are combined, sample by sample.
enum Fusion {
    private typealias Tuning = SaliencyTuning.Fusion

    /// New motion evidence on top of what is remembered.
    ///
    /// A sample without texture has nothing to recognise it by. If no barrier separates it from
    /// the border, it is likely that an object of much the same colour was there and left, so that
    /// its evidence fades fast; faster still where the background is seen again.
    static func accumulated(
        _ evidence: MotionEvidence,
        _ separation: Plane,
        _ scene: SceneMemory.Warped?
    ) -> Plane {
        guard let scene else { return evidence.strength }
        var result = evidence.strength
        let texture = evidence.texture.values.span
        var target = result.values.mutableSpan
        let before = scene.motionEvidence.values.span
        let match = scene.colourMatch.values.span
        let separated = separation.values.span
        let background = scene.background.values.span
        for index in 0..<target.count {
            let open = max(0, 1 - Tuning.barrierWeight * separated[unchecked: index])
            let flat = 1 - texture[unchecked: index]
            let left = 1 - Tuning.backgroundLoss * background[unchecked: index]
            let kept = (Tuning.retention - Tuning.texturelessLoss * flat * open) * left
            let old = before[unchecked: index] * match[unchecked: index] * kept
            let new = target[unchecked: index]
            target[unchecked: index] = new > old ? old + (new - old) * Tuning.learningRate : old
        }
        return result
    }

    /// 0...1, how much motion should decide, from the part of the frame that moves on its own.
    static func motionShare(of motionEvidence: Plane) -> Float {
        let values = motionEvidence.values.span
        var sum: Float = 0
        for index in 0..<values.count {
            sum += max(values[unchecked: index] - Tuning.evidenceFloor, 0)
        }
        let part = sum / Float(values.count) / (1 - Tuning.evidenceFloor)
        let share = (part - Tuning.leastShare) / (Tuning.fullShare - Tuning.leastShare)
        return min(max(share, 0), 1)
    }

    /// 0...1, how reliable it is that a sample stands still: little without texture, unless the
    /// sample is connected with the border.
    static func confidence(_ texture: Plane, _ separation: Plane) -> Plane {
        var result = texture
        let separated = separation.values.span
        var target = result.values.mutableSpan
        for index in 0..<separated.count {
            let open = 1 - Tuning.barrierWeight * separated[unchecked: index]
            let seen = max(0, target[unchecked: index] - Tuning.textureFloor)
            target[unchecked: index] = seen > open ? seen : open
        }
        return result
    }

    /// The weights of every sample as evidence for the object and for the background.
    static func weights(
        motionEvidence: Plane,
        confidence: Plane,
        appearance: Plane,
        background: Plane,
        motion: Float
    ) -> (object: Plane, background: Plane) {
        var objectWeights = Plane(unwritten: motionEvidence.width, motionEvidence.height)
        var backgroundWeights = Plane(unwritten: motionEvidence.width, motionEvidence.height)
        let moving = motionEvidence.values.span
        let reliable = confidence.values.span
        let salient = appearance.values.span
        let plate = background.values.span
        var fore = objectWeights.values.mutableSpan
        var back = backgroundWeights.values.mutableSpan
        for index in 0..<moving.count {
            let m = moving[unchecked: index]
            let a = salient[unchecked: index]
            let still = max(reliable[unchecked: index], plate[unchecked: index])
            let stillWeight = Tuning.leastBackground + Tuning.stillBackground * still
            fore[unchecked: index] = Tuning.objectWeight * motion * m + (1 - motion) * a * a
            back[unchecked: index] = motion * (1 - m) * stillWeight + (1 - motion) * (1 - a)
        }
        return (objectWeights, backgroundWeights)
    }

    /// The saliency: the colour model or the motion itself, and appearance so far as nothing
    /// moves.
    static func saliency(
        colours: Plane,
        motionEvidence: Plane,
        appearance: Plane,
        background: Plane,
        motion: Float
    ) -> Plane {
        var result = colours
        var target = result.values.mutableSpan
        let moving = motionEvidence.values.span
        let salient = appearance.values.span
        let back = background.values.span
        for index in 0..<target.count {
            let m = moving[unchecked: index]
            let loss = Tuning.backgroundWeight * back[unchecked: index] * (1 - m)
            let colour = target[unchecked: index] * (1 - loss)
            let both = 1 - (1 - colour) * (1 - Tuning.motionWeight * m)
            let still =
                Tuning.colourWeight * both + Tuning.appearanceWeight * salient[unchecked: index]
            target[unchecked: index] = both * motion + (1 - motion) * still
        }
        return result
    }

    /// Blends the previous frame's map in where the frame has stayed the same.
    static func blend(_ map: inout Plane, with scene: SceneMemory.Warped, part: Float) {
        guard part > 0 else { return }
        let before = scene.map.values.span
        let match = scene.colourMatch.values.span
        var target = map.values.mutableSpan
        for index in 0..<target.count {
            let here = target[unchecked: index]
            target[unchecked: index] =
                here + (before[unchecked: index] - here) * match[unchecked: index] * part
        }
    }
}

/// Smoothing by morphological reconstruction (L. Vincent, IEEE Trans. Image Processing 2(2),
/// 1993), as the post-processing of J. Zhang et al., ICCV 2015: small bright specks and small
/// dark holes go, while the outlines of what stays do not change.
enum Reconstruction {
    /// Opening, then closing, by squares of `2 * radius + 1` samples a side.
    static func smoothed(_ plane: Plane, radius: Int) -> Plane {
        opened(opened(plane, radius: radius, sign: 1), radius: radius, sign: -1)
    }

    /// Opening for sign 1; for sign -1 the same on the negative, which is a closing.
    private static func opened(_ plane: Plane, radius: Int, sign: Float) -> Plane {
        let width = plane.width
        let height = plane.height
        guard width > 2 * radius, height > 2 * radius else { return plane }
        var mask = plane
        if sign < 0 { negate(&mask) }
        var marker = eroded(mask, radius: radius)
        do {
            let limit = mask.values.span
            var value = marker.values.mutableSpan
            for pass in 0..<SaliencyTuning.Outline.reconstructionPasses {
                let isForward = pass % 2 == 0
                let back = isForward ? -1 : 1
                for row in 0..<height {
                    let y = isForward ? row : height - 1 - row
                    let hasRow = row > 0
                    var last: Float = -2
                    for column in 0..<width {
                        let x = isForward ? column : width - 1 - column
                        let at = y &* width &+ x
                        var most = max(value[unchecked: at], last)
                        if hasRow { most = max(most, value[unchecked: at + back * width]) }
                        last = min(most, limit[unchecked: at])
                        value[unchecked: at] = last
                    }
                }
            }
        }
        if sign < 0 { negate(&marker) }
        return marker
    }

    private static func negate(_ plane: inout Plane) {
        var values = plane.values.mutableSpan
        for index in 0..<values.count { values[unchecked: index] = -values[unchecked: index] }
    }

    /// Least values over squares.
    private static func eroded(_ plane: Plane, radius: Int) -> Plane {
        let width = plane.width
        let height = plane.height
        var rows = plane
        do {
            let source = plane.values.span
            var target = rows.values.mutableSpan
            for shift in 1...radius {
                for y in 0..<height {
                    let row = y * width
                    for x in 0..<width - shift {
                        target[unchecked: row &+ x] = min(
                            target[unchecked: row &+ x],
                            source[unchecked: row &+ x &+ shift]
                        )
                    }
                    for x in shift..<width {
                        target[unchecked: row &+ x] = min(
                            target[unchecked: row &+ x],
                            source[unchecked: row &+ x &- shift]
                        )
                    }
                }
            }
        }
        var result = rows
        let source = rows.values.span
        var target = result.values.mutableSpan
        for shift in 1...radius {
            let offset = shift * width
            for index in 0..<(height - shift) * width {
                target[unchecked: index] = min(
                    target[unchecked: index],
                    source[unchecked: index &+ offset]
                )
            }
            for index in offset..<height * width {
                target[unchecked: index] = min(
                    target[unchecked: index],
                    source[unchecked: index &- offset]
                )
            }
        }
        return result
    }
}
