/// A patch that has moved partly out of the second image: the sums of the inverse search over those
/// of its samples that are still inside.
struct PartialPatch {
    /// As that of a whole patch; each sample outside counts as `outside`.
    let error: Float
    /// A whole Gauss–Newton step; none if too little is inside.
    let step: (u: Float, v: Float)

    /// Squared difference, in grey levels, of a sample about which nothing is known.
    private static let outside: Float = 25
    /// Least samples for a step.
    private static let least: Float = 24

    init(
        _ level: FlowImage.Level,
        _ first: UnsafePointer<Float>,
        _ second: UnsafePointer<Float>,
        _ x: Int,
        _ y: Int,
        _ u: Float,
        _ v: Float
    ) {
        let size = FlowSettings.patchSize
        let place = MovedPatch(level, x, y, u, v)
        var image = first + level.image + y &* level.stride + x
        var gradientX = first + level.gradientX + y &* level.width + x
        var gradientY = first + level.gradientY + y &* level.width + x
        var other = second + level.image + place.offset
        var upper = place.row(other)
        let columns = Four(0, 1, 2, 3) + (Float(x) + u)
        let inLeft = Self.inside(columns, level.width)
        let inRight = Self.inside(columns + 4, level.width)
        var sums = Sums()
        for row in 0..<size {
            other += level.stride
            let lower = place.row(other)
            let height = Float(y &+ row) + v
            if height >= 0, height <= Float(level.height &- 1) {
                let left = place.mix(upper.left, lower.left) - image.four(0)
                let right = place.mix(upper.right, lower.right) - image.four(4)
                sums.add(left, gradientX.four(0), gradientY.four(0), inLeft)
                sums.add(right, gradientX.four(4), gradientY.four(4), inRight)
            }
            upper = lower
            image += level.stride
            gradientX += level.width
            gradientY += level.width
        }
        let count = sums.count.total
        let away = Float(size * size) - count
        guard count >= Self.least else {
            error = Float(size * size) * Self.outside
            step = (0, 0)
            return
        }
        let part = 1 / count
        let (total, totalX, totalY) = (sums.one.total, sums.x.total, sums.y.total)
        error = sums.squares.total - total * total * part + away * Self.outside
        let a = sums.xx.total - totalX * totalX * part + PatchTemplate.damping
        let b = sums.xy.total - totalX * totalY * part
        let c = sums.yy.total - totalY * totalY * part + PatchTemplate.damping
        let alongX = sums.alongX.total - totalX * total * part
        let alongY = sums.alongY.total - totalY * total * part
        let scale = 1 / (a * c - b * b)
        step = ((c * alongX - b * alongY) * scale, (a * alongY - b * alongX) * scale)
    }

    /// 1 where a coordinate is inside, else 0.
    private static func inside(_ places: Four, _ count: Int) -> Four {
        Four.zero.replacing(with: 1, where: places .>= 0 .& places .<= Float(count - 1))
    }

    private struct Sums {
        var count = Four.zero
        var one = Four.zero
        var squares = Four.zero
        var x = Four.zero
        var y = Four.zero
        var xx = Four.zero
        var xy = Four.zero
        var yy = Four.zero
        var alongX = Four.zero
        var alongY = Four.zero

        /// `counts` is 1 for the samples that count.
        @inline(__always)
        mutating func add(_ difference: Four, _ gradientX: Four, _ gradientY: Four, _ counts: Four)
        {
            let (difference, gradientX) = (difference * counts, gradientX * counts)
            let gradientY = gradientY * counts
            count += counts
            one += difference
            squares += difference * difference
            x += gradientX
            y += gradientY
            xx += gradientX * gradientX
            xy += gradientX * gradientY
            yy += gradientY * gradientY
            alongX += gradientX * difference
            alongY += gradientY * difference
        }
    }
}
