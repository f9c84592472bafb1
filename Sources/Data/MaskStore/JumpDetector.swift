/// Flags masks whose object is suddenly somewhere else: mostly a sign that the method has lost it.
package struct JumpDetector {
    /// The record of the frame before.
    package var previous: FrameRecord?

    package init() {}

    /// Takes the next frame's record, in order, and adds the flag where it belongs.
    ///
    /// - Returns: the record, flagged when the boxes of this and the previous mask have less
    ///   than 30 % of their union in common.
    package mutating func flagged(_ record: FrameRecord) -> FrameRecord {
        defer { previous = record }
        guard let old = previous?.box, let new = record.box, overlap(old, new) < 0.3 else {
            return record
        }
        var record = record
        record.flags = (record.flags ?? []) + [.jump]
        return record
    }

    private func overlap(_ a: [Int], _ b: [Int]) -> Double {
        let width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        let height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        guard width > 0, height > 0 else { return 0 }
        let common = Double(width * height)
        return common / (Double(a[2] * a[3] + b[2] * b[3]) - common)
    }
}
