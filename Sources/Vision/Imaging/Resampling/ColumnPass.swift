/// The first pass of a resize: rows of the source at the result's width, four at a time, so that
/// each weight is fetched once for four rows.
struct ColumnPass {
    static let rows = 4

    private let weights: ResamplingWeights
    private let width: Int
    /// For each column the pixels of four source rows as floating-point numbers, each in three
    /// lanes of four.
    private let pixels: UnsafeMutableBufferPointer<SIMD16<Float>>

    init(weights: ResamplingWeights, sourceWidth: Int) {
        self.weights = weights
        width = sourceWidth
        // A source with fewer samples than taps is followed by what no weight looks at.
        pixels = .allocate(capacity: max(sourceWidth, weights.taps))
        pixels.initialize(repeating: .zero)
    }

    func deallocate() { pixels.deallocate() }

    /// Writes the samples of four rows, whole numbers of 0...255, and one number more behind each.
    ///
    /// - Parameters:
    ///   - sources: where the rows begin; the last one again where there are fewer.
    ///   - targets: memory for the rows.
    func run(_ sources: Four<UnsafePointer<UInt8>>, into targets: Four<UnsafeMutablePointer<Float>>)
    {
        guard let pixels = pixels.baseAddress else { return }
        for x in 0..<width {
            pixels[x] = SIMD16(
                lowHalf: SIMD8(
                    lowHalf: Self.pixel(sources.0 + 3 &* x),
                    highHalf: Self.pixel(sources.1 + 3 &* x)
                ),
                highHalf: SIMD8(
                    lowHalf: Self.pixel(sources.2 + 3 &* x),
                    highHalf: Self.pixel(sources.3 + 3 &* x)
                )
            )
        }
        let taps = weights.taps
        let precision = weights.precision
        weights.upper.withUnsafeBufferPointer { upper in
            weights.lower.withUnsafeBufferPointer { lower in
                weights.starts.withUnsafeBufferPointer { starts in
                    for x in 0..<starts.count {
                        let first = pixels + starts[x]
                        var high = SIMD16<Float>.zero
                        var low = SIMD16<Float>.zero
                        for tap in 0..<taps {
                            let pixel = first[tap]
                            high += pixel * upper[x &* taps &+ tap]
                            low += pixel * lower[x &* taps &+ tap]
                        }
                        let top = FixedPoint.numbers(
                            FixedPoint.samples(
                                high.lowHalf,
                                low.lowHalf,
                                precision: precision
                            )
                        )
                        let bottom = FixedPoint.numbers(
                            FixedPoint.samples(
                                high.highHalf,
                                low.highHalf,
                                precision: precision
                            )
                        )
                        // The fourth lane is written over by the next pixel.
                        Self.store(top.lowHalf, at: targets.0 + 3 &* x)
                        Self.store(top.highHalf, at: targets.1 + 3 &* x)
                        Self.store(bottom.lowHalf, at: targets.2 + 3 &* x)
                        Self.store(bottom.highHalf, at: targets.3 + 3 &* x)
                    }
                }
            }
        }
    }

    typealias Four<Value> = (Value, Value, Value, Value)

    @inline(__always)
    private static func pixel(_ bytes: UnsafePointer<UInt8>) -> SIMD4<Float> {
        SIMD4(Float(bytes[0]), Float(bytes[1]), Float(bytes[2]), 0)
    }

    @inline(__always)
    private static func store(_ value: SIMD4<Float>, at place: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD4<Float>.self)
    }
}
