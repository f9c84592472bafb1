/// A moment at which something begins to sound.
package struct SoundOnset: Sendable, Equatable {
    /// Bytes of a stored onset.
    package static let byteCount = 6
    /// Onsets per second that can be told from one another.
    package static let rate = 200

    /// The moment, in 1/200 s from the first sample.
    package let frame: Int
    /// How far the SuperFlux is above its mean of the 0.15 s before, in hundredths.
    private let hundredths: Int16

    /// - Parameters:
    ///   - frame: the moment, in 1/200 s from the first sample.
    ///   - excess: how far the SuperFlux is above its mean of the 0.15 s before.
    package init(frame: Int, excess: Double) {
        self.frame = frame
        hundredths = Int16(clamping: Int((min(max(excess, 0), 300) * 100).rounded()))
    }

    /// Reads what `bytes` wrote.
    ///
    /// - Parameter bytes: `byteCount` bytes.
    package init(bytes: ArraySlice<UInt8>) {
        precondition(bytes.count == Self.byteCount)
        frame = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        hundredths = Int16(
            bitPattern: bytes.suffix(2).reversed().reduce(0) { $0 << 8 | UInt16($1) }
        )
    }

    /// In seconds from the first sample.
    package var time: Double { Double(frame) / Double(Self.rate) }

    /// How far the SuperFlux is above its mean of the 0.15 s before: what a threshold applies to.
    package var excess: Double { Double(hundredths) / 100 }

    /// The onset as it is stored: the frame in 32 and the excess in 16 bits, little-endian.
    package var bytes: [UInt8] {
        let (frame, excess) = (UInt32(clamping: frame), UInt16(bitPattern: hundredths))
        return (0..<4).map { UInt8(truncatingIfNeeded: frame >> (8 * $0)) }
            + (0..<2).map { UInt8(truncatingIfNeeded: excess >> (8 * $0)) }
    }
}

/// Picks the peaks of a SuperFlux as it comes.
///
/// Böck, Krebs, Schedl: "Evaluating the Online Capabilities of Onset Detection Methods", ISMIR 2012,
/// with the constants of SuperFlux's reference implementation: a peak is the largest value from
/// 10 ms before it to 50 ms after it, and above the mean of the 150 ms before it and itself. By how
/// much it has to be above is decided later, so all peaks are kept but the smallest.
struct OnsetPeaks: Sendable {
    /// Peaks that are less above the mean are not kept.
    static let leastExcess: Float = 0.5
    private static let (before, after, mean) = (2, 10, 30)

    /// The last values, up to the newest one; zeros before the first.
    private var values = [Float](repeating: 0, count: mean)
    /// The number of the first frame that is not decided.
    private var next = 0

    /// Takes the next value.
    ///
    /// - Returns: a peak if it has become certain.
    mutating func add(_ value: Float) -> SoundOnset? {
        values.append(value)
        guard values.count > Self.mean + Self.after else { return nil }
        defer {
            values.removeFirst()
            next += 1
        }
        let candidate = values[Self.mean]
        let near = values[Self.mean - Self.before...Self.mean + Self.after]
        guard candidate > 0, near.allSatisfy({ $0 <= candidate }) else { return nil }
        let mean = values[0...Self.mean].reduce(0, +) / Float(Self.mean + 1)
        guard candidate - mean >= Self.leastExcess else { return nil }
        return SoundOnset(frame: next, excess: Double(candidate - mean))
    }

    /// The peaks among the last values.
    mutating func finish() -> [SoundOnset] {
        (0..<Self.after).compactMap { _ in add(0) }
    }
}
