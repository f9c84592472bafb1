/// Whether a frame is a mixture of one before and one after it, as it is within a dissolve and hardly
/// ever within a shot: least squares of its colours on theirs, the mean of each channel left out.
struct Mixture: Sendable, Equatable {
    /// The correlation of the two outer frames: -1…1.
    let ends: Float
    /// How much better the mixture explains the frame than either outer frame alone does, as a share
    /// of what that one leaves unexplained, times twice the smaller weight: 0…1.
    let strength: Float

    /// - Parameters:
    ///   - before: the deviations of a frame (`ReducedFrame.deviations`).
    ///   - middle: those of a later frame.
    ///   - after: those of one that is as much later again.
    init(before: [Float], middle: [Float], after: [Float]) {
        let noise = Float(before.count)
        let xx = Self.product(before, before) + noise
        let yy = Self.product(after, after) + noise
        let mm = Self.product(middle, middle) + noise
        let xy = Self.product(before, after)
        let xm = Self.product(before, middle)
        let ym = Self.product(after, middle)
        ends = xy / (xx * yy).squareRoot()
        let alone = max(xm * xm / xx, ym * ym / yy) / mm
        let determinant = xx * yy - xy * xy
        let a = (xm * yy - ym * xy) / determinant
        let b = (ym * xx - xm * xy) / determinant
        let explained = min(max((a * xm + b * ym) / mm, 0), 1)
        let balance = 2 * min(max(min(a, b), 0), 0.5)
        strength = balance * max(0, explained - alone) / (1 - alone + Self.least)
    }

    /// Keeps noise from counting where one frame explains nearly all.
    private static let least: Float = 0.02

    private static func product(_ first: [Float], _ second: [Float]) -> Float {
        first.withUnsafeBytes { first in
            second.withUnsafeBytes { second in
                var sum = SIMD8<Float>(repeating: 0)
                let whole = first.count & ~31
                for offset in stride(from: 0, to: whole, by: 32) {
                    sum +=
                        first.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                        * second.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                }
                var total = sum.sum()
                for offset in stride(from: whole, to: first.count, by: 4) {
                    total +=
                        first.loadUnaligned(fromByteOffset: offset, as: Float.self)
                        * second.loadUnaligned(fromByteOffset: offset, as: Float.self)
                }
                return total
            }
        }
    }
}
