/// The first pass of a resize: a row of the source at the result's width.
struct ColumnPass {
    private let weights: ResamplingWeights
    /// One source row as floating-point numbers, each pixel in three lanes of four.
    private let pixels: UnsafeMutableBufferPointer<SIMD4<Float>>
    private let width: Int

    init(weights: ResamplingWeights, sourceWidth: Int) {
        self.weights = weights
        // A source with fewer samples than taps is followed by what no weight looks at.
        pixels = .allocate(capacity: max(sourceWidth, weights.taps))
        pixels.initialize(repeating: .zero)
        width = sourceWidth
    }

    func deallocate() { pixels.deallocate() }

    /// Writes the row's samples, whole numbers of 0...255, and up to four numbers more behind them.
    func run(_ source: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<Float>?) {
        guard let target, let pixels = pixels.baseAddress else { return }
        for x in 0..<width {
            pixels[x] = SIMD4(
                Float(source[3 &* x]),
                Float(source[3 &* x &+ 1]),
                Float(source[3 &* x &+ 2]),
                0
            )
        }
        let taps = weights.taps
        let precision = weights.precision
        weights.upper.withUnsafeBufferPointer { upper in
            weights.lower.withUnsafeBufferPointer { lower in
                weights.starts.withUnsafeBufferPointer { starts in
                    guard let upper = upper.baseAddress, let lower = lower.baseAddress else {
                        return
                    }
                    // Two pixels at a time.
                    for x in stride(from: 0, to: starts.count, by: 2) {
                        let second = min(x &+ 1, starts.count &- 1)
                        let left = pixels + starts[x]
                        let right = pixels + starts[second]
                        var high = SIMD8<Float>.zero
                        var low = SIMD8<Float>.zero
                        for tap in 0..<taps {
                            let a = x &* taps &+ tap
                            let b = second &* taps &+ tap
                            high += SIMD8(
                                lowHalf: left[tap] * upper[a],
                                highHalf: right[tap] * upper[b]
                            )
                            low += SIMD8(
                                lowHalf: left[tap] * lower[a],
                                highHalf: right[tap] * lower[b]
                            )
                        }
                        let values = SIMD8<Float>(
                            FixedPoint.rounded(high, low, precision: precision)
                        )
                        .clamped(lowerBound: .zero, upperBound: .init(repeating: 255))
                        // The fourth lane is written over by the next pixel.
                        let place = UnsafeMutableRawPointer(target + 3 &* x)
                        place.storeBytes(of: values.lowHalf, as: SIMD4<Float>.self)
                        (place + 12).storeBytes(of: values.highHalf, as: SIMD4<Float>.self)
                    }
                }
            }
        }
    }
}
