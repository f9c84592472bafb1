/// Where the patches of one scale are: every `stride` samples, the last ones at the edge.
struct PatchGrid: Sendable {
    let columns: Int
    let rows: Int
    private let stride: Int
    private let lastX: Int
    private let lastY: Int

    init(width: Int, height: Int, stride: Int) {
        self.stride = stride
        lastX = width - FlowSettings.patchSize
        lastY = height - FlowSettings.patchSize
        columns = (lastX + stride - 1) / stride + 1
        rows = (lastY + stride - 1) / stride + 1
    }

    var count: Int { columns * rows }

    /// Left column of a patch.
    @inline(__always)
    func x(_ column: Int) -> Int { min(column &* stride, lastX) }

    /// Upper row of a patch.
    @inline(__always)
    func y(_ row: Int) -> Int { min(row &* stride, lastY) }
}

/// A patch moved by a fraction of samples: reads it by bilinear interpolation, first along rows,
/// then between them.
struct MovedPatch {
    /// From sample (0, 0) to the upper left sample that is read.
    let offset: Int
    /// Whether all of it is inside the image.
    let isInside: Bool
    private let partX: Four
    private let partY: Four

    @inline(__always)
    init(_ level: FlowImage.Level, _ x: Int, _ y: Int, _ u: Float, _ v: Float) {
        let size = FlowSettings.patchSize
        // Positive, since conversion to an integer rounds towards zero. Beyond the margin, all is
        // the same.
        let left = Self.clamped(Float(x &+ size) + u, Float(level.width &+ size))
        let top = Self.clamped(Float(y &+ size) + v, Float(level.height &+ size))
        let (wholeX, wholeY) = (Int32(left), Int32(top))
        isInside =
            left >= Float(size) && left <= Float(level.width) && top >= Float(size)
            && top <= Float(level.height)
        offset = (Int(wholeY) &- size) &* level.stride &+ Int(wholeX) &- size
        partX = Four(repeating: left - Float(wholeX))
        partY = Four(repeating: top - Float(wholeY))
    }

    /// Also for what is not a number.
    @inline(__always)
    private static func clamped(_ value: Float, _ last: Float) -> Float {
        value > 0 ? (value < last ? value : last) : 0
    }

    @inline(__always)
    func row(_ other: UnsafePointer<Float>) -> (left: Four, right: Four) {
        let (left, right) = (other.four(0), other.four(4))
        return (
            left + (other.four(1) - left) * partX,
            right + (other.four(5) - right) * partX
        )
    }

    @inline(__always)
    func mix(_ upper: Four, _ lower: Four) -> Four { upper + (lower - upper) * partY }
}
