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
