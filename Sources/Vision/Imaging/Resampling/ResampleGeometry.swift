/// The size of an image or plane and the size that it is resized to.
struct ResampleGeometry: Sendable {
    let source: (width: Int, height: Int)
    let target: (width: Int, height: Int)

    /// All sides must be at least 1.
    init(from source: (width: Int, height: Int), to target: (width: Int, height: Int)) {
        precondition(
            min(source.width, source.height, target.width, target.height) > 0,
            "an image has at least one sample"
        )
        self.source = source
        self.target = target
    }
}
