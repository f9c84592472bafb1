/// What the inverse search needs of a patch of the first image, independent of the second one
/// (Baker and Matthews, "Lucas-Kanade 20 Years On", IJCV 2004, section 3.2.1). Patches are
/// compared without their means, which cancels changes of brightness; so gradients are without
/// theirs.
struct PatchTemplate {
    static let floats = 7

    /// The inverse of the sum of the gradient's outer products.
    let inverseXX: Float
    let inverseXY: Float
    let inverseYY: Float
    let meanX: Float
    let meanY: Float
    /// Sums of the gradient times the image.
    let imageX: Float
    let imageY: Float

    @inline(__always)
    init(_ values: UnsafePointer<Float>, _ patch: Int) {
        let values = values + patch &* Self.floats
        (inverseXX, inverseXY, inverseYY) = (values[0], values[1], values[2])
        (meanX, meanY, imageX, imageY) = (values[3], values[4], values[5], values[6])
    }

    /// Computes the templates of one scale.
    static func fill(_ storage: UnsafeMutablePointer<Float>, _ level: FlowImage.Level) {
        let size = FlowSettings.patchSize
        let part = 1 / Float(size * size)
        for row in 0..<level.grid.rows {
            for column in 0..<level.grid.columns {
                let (x, y) = (level.grid.x(column), level.grid.y(row))
                var image = storage + level.image + y &* level.stride + x
                var gradientX = storage + level.gradientX + y &* level.width + x
                var gradientY = storage + level.gradientY + y &* level.width + x
                var (xx, xy, yy) = (Four.zero, Four.zero, Four.zero)
                var (sumX, sumY, sum) = (Four.zero, Four.zero, Four.zero)
                var (imageX, imageY) = (Four.zero, Four.zero)
                for _ in 0..<size {
                    for half in 0..<2 {
                        let (dx, dy) = (gradientX.four(4 &* half), gradientY.four(4 &* half))
                        let value = image.four(4 &* half)
                        xx += dx * dx
                        xy += dx * dy
                        yy += dy * dy
                        sumX += dx
                        sumY += dy
                        sum += value
                        imageX += dx * value
                        imageY += dy * value
                    }
                    image += level.stride
                    gradientX += level.width
                    gradientY += level.width
                }
                let (meanX, meanY) = (sumX.total * part, sumY.total * part)
                let total = sum.total
                let a = xx.total - meanX * sumX.total + damping
                let b = xy.total - meanX * sumY.total
                let c = yy.total - meanY * sumY.total + damping
                let scale = 1 / (a * c - b * b)
                let values =
                    storage + level.templates
                    + (row &* level.grid.columns &+ column) &* floats
                values[0] = c * scale
                values[1] = -b * scale
                values[2] = a * scale
                values[3] = meanX
                values[4] = meanY
                values[5] = imageX.total - meanX * total
                values[6] = imageY.total - meanY * total
            }
        }
    }

    /// Added to the squared gradient of a patch (grey levels squared, 64 samples): keeps steps
    /// finite, and short where a patch has no texture.
    static let damping: Float = 256
}
