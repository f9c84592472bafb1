/// The second pass of a resize: rows of the result from those of the first pass, of which it
/// holds as many as one row of the result needs.
struct RowPass {
    private let weights: ResamplingWeights
    private let samples: Int
    private let rowLength: Int
    private let held: UnsafeMutableBufferPointer<Float>

    init(weights: ResamplingWeights, samples: Int) {
        self.weights = weights
        self.samples = samples
        // The first pass writes in pieces of 8 samples, and beyond the last one.
        rowLength = samples + 16
        held = .allocate(capacity: rowLength * weights.taps)
        held.initialize(repeating: 0)
    }

    func deallocate() { held.deallocate() }

    /// Where the first pass puts a row of the source.
    func slot(of row: Int) -> UnsafeMutablePointer<Float>? {
        held.baseAddress.map { $0 + row % weights.taps * rowLength }
    }

    /// Writes one row of the result.
    func run(_ y: Int, into target: UnsafeMutablePointer<UInt8>) {
        guard let held = held.baseAddress else { return }
        let taps = weights.taps
        let first = weights.starts[y] % taps
        let precision = weights.precision
        weights.upper.withUnsafeBufferPointer { upper in
            weights.lower.withUnsafeBufferPointer { lower in
                guard let upper = upper.baseAddress, let lower = lower.baseAddress else { return }
                var x = 0
                while x < samples {
                    var high = SIMD8<Float>.zero
                    var low = SIMD8<Float>.zero
                    var slot = first
                    for tap in y &* taps..<(y &+ 1) &* taps {
                        let row = UnsafeRawPointer(held + (slot &* rowLength &+ x))
                        let value = row.loadUnaligned(as: SIMD8<Float>.self)
                        high += value * upper[tap]
                        low += value * lower[tap]
                        slot = slot &+ 1 == taps ? 0 : slot &+ 1
                    }
                    let bytes = SIMD8<UInt8>(
                        truncatingIfNeeded: FixedPoint.rounded(high, low, precision: precision)
                            .clamped(lowerBound: .zero, upperBound: .init(repeating: 255))
                    )
                    if x &+ 8 <= samples {
                        UnsafeMutableRawPointer(target + x).storeBytes(
                            of: bytes,
                            as: SIMD8<UInt8>.self
                        )
                    } else {
                        for lane in 0..<samples &- x { target[x &+ lane] = bytes[lane] }
                    }
                    x &+= 8
                }
            }
        }
    }
}
