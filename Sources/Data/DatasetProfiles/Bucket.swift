import Diagnostics
import Media

/// The exact size and frame count of all clips that a model is trained on at a time.
package struct Bucket: Sendable, Equatable, Codable {
    /// Columns, a multiple of 32.
    package let width: Int
    /// Rows, a multiple of 32.
    package let height: Int
    /// Frames, one more than a multiple of 8.
    package let frameCount: Int

    /// What LTX's encoder makes one latent of: 32 by 32 pixels, and 8 frames after the first one.
    private static let (sideMultiple, frameStep) = (32, 8)

    /// Reads `768x448x89`: columns, rows and frames; nil for anything else, and for a bucket that
    /// the model does not have.
    package init?(_ text: String) {
        let numbers = text.split(exactly: "x", omittingEmptySubsequences: false).map { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) ?? 0 : 0
        }
        guard numbers.count == 3, (1...100_000).contains(numbers[2]),
            numbers[2] % Self.frameStep == 1,
            numbers[..<2].allSatisfy({ (32...16_384).contains($0) && $0 % Self.sideMultiple == 0 })
        else { return nil }
        (width, height, frameCount) = (numbers[0], numbers[1], numbers[2])
    }
}

extension Bucket: CustomStringConvertible {
    package var description: String { "\(width)x\(height)x\(frameCount)" }

    /// Width by height.
    package var shape: Rational { Rational(width, height) ?? .one }

    /// The length of its clips in seconds, at a rate in fps.
    package func duration(at rate: Rational) -> Rational? {
        Rational(frameCount * rate.denominator, rate.numerator)
    }
}
