/// How near everything in a picture is: larger is nearer, in a unit and from a zero of its own.
package struct DepthMap: Sendable, Equatable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height` samples, row by row from the top.
    package let values: [Float]

    /// Wraps what a relative model says: larger is nearer.
    package init(width: Int, height: Int, values: [Float]) {
        precondition(values.count == width * height, "a depth map needs width x height samples")
        self.width = width
        self.height = height
        self.values = values
    }
}
