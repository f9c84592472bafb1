/// The second pass of a resize: rows of the result from those of the first pass, of which it
/// holds as many as one row of the result needs.
struct RowPass {
    private let weights: ResamplingWeights
    private let samples: Int
    private let rowLength: Int
    private let slots: Int
    private let held: UnsafeMutablePointer<Float>

    init(weights: ResamplingWeights, samples: Int) {
        self.weights = weights
        self.samples = samples
        // Samples are read in pieces of 8, and the first pass writes one beyond the last.
        rowLength = samples + 8
        // The first pass may be ahead by all the rows that it makes at a time.
        slots = weights.taps + ColumnPass.rows
        held = .allocate(capacity: rowLength * slots)
        held.initialize(repeating: 0, count: rowLength * slots)
    }

    func deallocate() { held.deallocate() }

    /// Where the first pass puts a row of the source.
    func slot(of row: Int) -> UnsafeMutablePointer<Float> {
        held + row % slots * rowLength
    }

    /// Writes one row of the result.
    func run(_ y: Int, into target: UnsafeMutablePointer<UInt8>) {
        let taps = weights.taps
        let first = weights.starts[y] % slots
        let precision = weights.precision
        weights.upper.withUnsafeBufferPointer { upper in
            weights.lower.withUnsafeBufferPointer { lower in
                guard let upper = upper.baseAddress, let lower = lower.baseAddress else { return }
                var x = 0
                while x < samples {
                    var high = SIMD8<Float>.zero
                    var low = SIMD8<Float>.zero
                    var slot = first
                    var tap = y &* taps
                    let end = tap &+ taps
                    while tap < end {
                        let row = UnsafeRawPointer(held + (slot &* rowLength &+ x))
                        let value = row.loadUnaligned(as: SIMD8<Float>.self)
                        high += value * upper[tap]
                        low += value * lower[tap]
                        tap &+= 1
                        slot &+= 1
                        if slot == slots { slot = 0 }
                    }
                    let bytes = SIMD8<UInt8>(
                        truncatingIfNeeded: FixedPoint.samples(high, low, precision: precision)
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
