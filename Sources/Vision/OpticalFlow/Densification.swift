/// From the motion of patches to a dense field: stage 2 of dense inverse search (section 2.2 of the
/// paper). A sample's motion is the mean of those of all patches that cover it, the less weighted
/// the worse they explain its brightness.
struct Densification {
    let level: FlowImage.Level
    let first: UnsafePointer<Float>
    let second: UnsafePointer<Float>
    let patchU: UnsafePointer<Float>
    let patchV: UnsafePointer<Float>
    /// Sums of weighted motion first, then the field.
    let u: UnsafeMutablePointer<Float>
    let v: UnsafeMutablePointer<Float>
    let weights: UnsafeMutablePointer<Float>

    func run() {
        let count = level.width * level.height
        u.update(repeating: 0, count: count)
        v.update(repeating: 0, count: count)
        weights.update(repeating: 0, count: count)
        for row in 0..<level.grid.rows {
            for column in 0..<level.grid.columns {
                let patch = row &* level.grid.columns &+ column
                add(patch, level.grid.x(column), level.grid.y(row))
            }
        }
        for index in 0..<count {
            let part = 1 / weights[index]
            u[index] *= part
            v[index] *= part
        }
    }

    @inline(__always)
    private func add(_ patch: Int, _ x: Int, _ y: Int) {
        let place = MovedPatch(level, x, y, patchU[patch], patchV[patch])
        let (motionU, motionV) = (Four(repeating: patchU[patch]), Four(repeating: patchV[patch]))
        var image = first + level.image + y &* level.stride + x
        var other = second + level.image + place.offset
        var index = y &* level.width &+ x
        var upper = place.row(other)
        for _ in 0..<FlowSettings.patchSize {
            other += level.stride
            let lower = place.row(other)
            let left = place.mix(upper.left, lower.left) - image.four(0)
            let right = place.mix(upper.right, lower.right) - image.four(4)
            add(left, index, motionU, motionV)
            add(right, index &+ 4, motionU, motionV)
            upper = lower
            image += level.stride
            index &+= level.width
        }
    }

    @inline(__always)
    private func add(_ difference: Four, _ index: Int, _ motionU: Four, _ motionV: Four) {
        let size = difference.magnitude
        let weight = 1 / size.replacing(with: 1, where: size .< 1)
        u.store(u.four(index) + weight * motionU, index)
        v.store(v.four(index) + weight * motionV, index)
        weights.store(weights.four(index) + weight, index)
    }
}
