/// The search for each patch's motion on one scale: stage 1 of dense inverse search (Kroeger,
/// Timofte, Dai and Van Gool, "Fast Optical Flow using Dense Inverse Search", ECCV 2016, section
/// 2.1), with candidates from neighbouring patches.
///
/// Two passes over the grid: from the upper left, where a patch may take over the motion of its
/// left and upper neighbours, and from the lower right with the other two. In each, the best
/// candidate is where the inverse search starts, and its end is taken if it fits better.
struct InverseSearch {
    let level: FlowImage.Level
    let first: UnsafePointer<Float>
    let second: UnsafePointer<Float>
    /// Motion and error of each patch.
    let u: UnsafeMutablePointer<Float>
    let v: UnsafeMutablePointer<Float>
    let errors: UnsafeMutablePointer<Float>

    private static var size: Int { FlowSettings.patchSize }

    /// Starts from the dense field of the coarser scale, enlarged to this one.
    func run(from fieldU: UnsafePointer<Float>, _ fieldV: UnsafePointer<Float>, steps: Int) {
        let grid = level.grid
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let patch = row &* grid.columns &+ column
                let (x, y) = (grid.x(column), grid.y(row))
                let centre = (y &+ Self.size / 2) &* level.width &+ x &+ Self.size / 2
                u[patch] = fieldU[centre]
                v[patch] = fieldV[centre]
                errors[patch] = error(at: x, y, u[patch], v[patch])
                if column > 0 { tryMotion(of: patch &- 1, for: patch, x, y) }
                if row > 0 { tryMotion(of: patch &- grid.columns, for: patch, x, y) }
                descend(patch, x, y, steps / 2)
            }
        }
        for row in (0..<grid.rows).reversed() {
            for column in (0..<grid.columns).reversed() {
                let patch = row &* grid.columns &+ column
                let (x, y) = (grid.x(column), grid.y(row))
                if column < grid.columns &- 1 { tryMotion(of: patch &+ 1, for: patch, x, y) }
                if row < grid.rows &- 1 {
                    tryMotion(of: patch &+ grid.columns, for: patch, x, y)
                }
                descend(patch, x, y, steps / 2)
            }
        }
    }

    @inline(__always)
    private func tryMotion(of neighbour: Int, for patch: Int, _ x: Int, _ y: Int) {
        let (dx, dy) = (u[neighbour] - u[patch], v[neighbour] - v[patch])
        // Nothing to gain by what the steps below reach anyway.
        guard dx * dx + dy * dy > Self.near else { return }
        let error = error(at: x, y, u[neighbour], v[neighbour])
        guard error < errors[patch] else { return }
        (u[patch], v[patch], errors[patch]) = (u[neighbour], v[neighbour], error)
    }

    /// Squared distance, in samples, below which two motions count as one.
    private static let near: Float = 0.001

    /// Squared length of a step, in samples, at which a descent ends.
    private static let settled: Float = 0.001

    /// Most samples from where a descent began: farther is no refinement, but an accident of
    /// repeated texture or of what is hidden in the second image.
    private static let reach: Float = 4

    /// Gauss–Newton steps from the motion of a patch.
    @inline(__always)
    private func descend(_ patch: Int, _ x: Int, _ y: Int, _ steps: Int) {
        let template = PatchTemplate(first + level.templates, patch)
        var (moveU, moveV) = (u[patch], v[patch])
        for _ in 0..<steps {
            let (stepU, stepV) = step(from: moveU, moveV, at: x, y, template)
            moveU -= Self.damping * stepU
            moveV -= Self.damping * stepV
            if stepU * stepU + stepV * stepV < Self.settled { break }
        }
        let (awayU, awayV) = (moveU - u[patch], moveV - v[patch])
        guard awayU * awayU + awayV * awayV <= Self.reach * Self.reach else { return }
        let error = error(at: x, y, moveU, moveV)
        guard error < errors[patch] else { return }
        (u[patch], v[patch], errors[patch]) = (moveU, moveV, error)
    }

    /// A whole Gauss–Newton step.
    @inline(__always)
    private func step(
        from u: Float,
        _ v: Float,
        at x: Int,
        _ y: Int,
        _ template: PatchTemplate
    ) -> (u: Float, v: Float) {
        let place = MovedPatch(level, x, y, u, v)
        guard place.isInside else {
            return PartialPatch(level, first, second, x, y, u, v).step
        }
        let sums = gradientSums(at: x, y, place)
        let alongX = sums.x - template.meanX * sums.image - template.imageX
        let alongY = sums.y - template.meanY * sums.image - template.imageY
        return (
            template.inverseXX * alongX + template.inverseXY * alongY,
            template.inverseXY * alongX + template.inverseYY * alongY
        )
    }

    /// Of each Gauss–Newton step: central differences are shorter than the slope of fine detail,
    /// so that whole steps go too far and swing.
    private static let damping: Float = 0.5

    /// Sum of squared differences of a patch and its place in the second image, both without
    /// their means.
    @inline(__always)
    private func error(at x: Int, _ y: Int, _ u: Float, _ v: Float) -> Float {
        let place = MovedPatch(level, x, y, u, v)
        guard place.isInside else {
            return PartialPatch(level, first, second, x, y, u, v).error
        }
        var image = first + level.image + y &* level.stride + x
        var other = second + level.image + place.offset
        var upper = place.row(other)
        var (sum, squares) = (Four.zero, Four.zero)
        for _ in 0..<Self.size {
            other += level.stride
            let lower = place.row(other)
            let left = place.mix(upper.left, lower.left) - image.four(0)
            let right = place.mix(upper.right, lower.right) - image.four(4)
            sum += left + right
            squares += left * left + right * right
            upper = lower
            image += level.stride
        }
        let total = sum.total
        return squares.total - total * total * (1 / Float(Self.size * Self.size))
    }

    /// Sums over the moved patch of the second image: times the gradient of the first, and alone.
    @inline(__always)
    private func gradientSums(
        at x: Int,
        _ y: Int,
        _ place: MovedPatch
    ) -> (x: Float, y: Float, image: Float) {
        var gradientX = first + level.gradientX + y &* level.width + x
        var gradientY = first + level.gradientY + y &* level.width + x
        var other = second + level.image + place.offset
        var upper = place.row(other)
        var (sumX, sumY, sum) = (Four.zero, Four.zero, Four.zero)
        for _ in 0..<Self.size {
            other += level.stride
            let lower = place.row(other)
            let left = place.mix(upper.left, lower.left)
            let right = place.mix(upper.right, lower.right)
            sumX += left * gradientX.four(0) + right * gradientX.four(4)
            sumY += left * gradientY.four(0) + right * gradientY.four(4)
            sum += left + right
            upper = lower
            gradientX += level.width
            gradientY += level.width
        }
        return (sumX.total, sumY.total, sum.total)
    }
}
