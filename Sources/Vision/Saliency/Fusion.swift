/// How motion, appearance and what is remembered are put together, place by place.
enum EvidenceFusion {
    /// Part of the motion evidence that is left a frame later.
    private static let remembered: Float = 0.99
    /// How much less is left where there is no texture.
    private static let forgotten: Float = 0.3
    /// Part of the way from remembered to new evidence that one frame goes.
    private static let learned: Float = 0.7
    /// Part of the picture that has to move before motion begins to count, and to count fully.
    private static let leastShare: Float = 0.001
    private static let fullShare: Float = 0.006
    /// Barriers count for more than they are, so that a place is open only next to none.
    private static let barrierWeight: Float = 1.7

    /// New motion evidence on top of what is remembered.
    ///
    /// A place without texture has nothing to recognise it by. If no barrier parts it from the
    /// border, it is likely that an object of much the same colour was there and left, so that
    /// what is remembered of such a place fades fast; faster still where the known background
    /// shows again.
    static func gathered(
        _ evidence: MotionEvidence,
        _ apart: Plane,
        _ carried: SceneMemory.Carried?
    ) -> Plane {
        guard let carried else { return evidence.moving }
        var result = evidence.moving
        let texture = evidence.texture.values.span
        var target = result.values.mutableSpan
        let before = carried.moved.values.span
        let trust = carried.trust.values.span
        let parted = apart.values.span
        let known = carried.background.values.span
        for index in 0..<target.count {
            let open = max(0, 1 - barrierWeight * parted[unchecked: index])
            let flat = 1 - texture[unchecked: index]
            let left = 1 - 0.7 * known[unchecked: index]
            let kept = (remembered - forgotten * flat * open) * left
            let old = before[unchecked: index] * trust[unchecked: index] * kept
            let new = target[unchecked: index]
            target[unchecked: index] = new > old ? old + (new - old) * learned : old
        }
        return result
    }

    /// 0...1, how much motion should decide, from the part of the picture that moves on its own.
    static func motionShare(of moved: Plane) -> Float {
        let values = moved.values.span
        var sum: Float = 0
        for index in 0..<values.count { sum += max(values[unchecked: index] - 0.3, 0) }
        let part = sum / Float(values.count) / 0.7
        return min(max((part - leastShare) / (fullShare - leastShare), 0), 1)
    }

    /// How much it says that a place stands still: little without texture, unless the place is
    /// also one with the border.
    static func certainty(_ texture: Plane, _ apart: Plane) -> Plane {
        var result = texture
        let parted = apart.values.span
        var target = result.values.mutableSpan
        for index in 0..<parted.count {
            let open = 1 - barrierWeight * parted[unchecked: index]
            let seen = max(0, target[unchecked: index] - 0.1)
            target[unchecked: index] = seen > open ? seen : open
        }
        return result
    }

    /// The weights with which every place speaks for the object and for the background.
    static func weights(
        moved: Plane,
        sure: Plane,
        looks: Plane,
        known: Plane,
        motion: Float
    ) -> (object: Plane, background: Plane) {
        var object = Plane(unwritten: moved.width, moved.height)
        var background = Plane(unwritten: moved.width, moved.height)
        let move = moved.values.span
        let certain = sure.values.span
        let look = looks.values.span
        let plate = known.values.span
        var fore = object.values.mutableSpan
        var back = background.values.mutableSpan
        for index in 0..<move.count {
            let m = move[unchecked: index]
            let a = look[unchecked: index]
            let still = max(certain[unchecked: index], plate[unchecked: index])
            // An object is smaller than its background, and only its edges move for sure.
            fore[unchecked: index] = 2 * motion * m + (1 - motion) * a * a
            back[unchecked: index] =
                motion * (1 - m) * (0.02 + 0.78 * still) + (1 - motion) * (1 - a)
        }
        return (object, background)
    }

    /// The saliency: what the colours at their places say, or the motion itself, and appearance
    /// so far as nothing moves.
    static func saliency(
        colours: Plane,
        moved: Plane,
        looks: Plane,
        known: Plane,
        motion: Float
    ) -> Plane {
        var result = colours
        var target = result.values.mutableSpan
        let move = moved.values.span
        let look = looks.values.span
        let back = known.values.span
        for index in 0..<target.count {
            let m = move[unchecked: index]
            let colour = target[unchecked: index] * (1 - 0.5 * back[unchecked: index] * (1 - m))
            let both = 1 - (1 - colour) * (1 - 0.8 * m)
            target[unchecked: index] =
                both * motion + (1 - motion) * (0.5 * both + 0.5 * look[unchecked: index])
        }
        return result
    }

    /// Blends the previous frame's map in where the picture has stayed the same.
    static func blend(_ map: inout Plane, with carried: SceneMemory.Carried, part: Float) {
        guard part > 0 else { return }
        let before = carried.map.values.span
        let trust = carried.trust.values.span
        var target = map.values.mutableSpan
        for index in 0..<target.count {
            let here = target[unchecked: index]
            target[unchecked: index] =
                here + (before[unchecked: index] - here) * trust[unchecked: index] * part
        }
    }
}

/// Smoothing by morphological reconstruction (L. Vincent, IEEE Trans. Image Processing 2(2),
/// 1993), as the post-processing of J. Zhang et al., ICCV 2015: small bright specks and small
/// dark holes go, while the outlines of what stays do not change.
enum Reconstruction {
    private static let passes = 2

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
            for pass in 0..<passes {
                let isForth = pass % 2 == 0
                let back = isForth ? -1 : 1
                for row in 0..<height {
                    let y = isForth ? row : height - 1 - row
                    let hasRow = row > 0
                    var last: Float = -2
                    for column in 0..<width {
                        let x = isForth ? column : width - 1 - column
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
