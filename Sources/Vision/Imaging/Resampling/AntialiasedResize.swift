/// Resizes 8-bit RGB images as torchvision does it with antialiasing: columns first, rounded to
/// 8 bits, then rows. The values are torch's, to the bit, unless a side is reduced to less than a
/// thirtieth, where some differ by 1. (Pillow's weights are finer: about one value in a hundred
/// differs from these, by 1 or 2.)
///
/// The weights are computed once; several tasks may then use the value at a time.
package struct AntialiasedResize: Sendable {
    private let geometry: ResampleGeometry
    private let columns: ResamplingWeights
    private let rows: ResamplingWeights

    /// All sides must be at least 1.
    package init(
        from source: (width: Int, height: Int),
        to target: (width: Int, height: Int),
        filter: ResamplingFilter
    ) {
        geometry = ResampleGeometry(from: source, to: target)
        columns = ResamplingWeights(from: source.width, to: target.width, filter: filter)
        rows = ResamplingWeights(from: source.height, to: target.height, filter: filter)
    }

    /// Columns of the result.
    package var width: Int { geometry.target.width }
    /// Rows of the result.
    package var height: Int { geometry.target.height }
    private var sourceWidth: Int { geometry.source.width }
    private var sourceHeight: Int { geometry.source.height }

    /// Resizes one image.
    ///
    /// - Parameters:
    ///   - source: red, green and blue, interleaved, row by row from the top, without padding.
    ///   - target: memory for the result, laid out in the same way.
    package func resize(
        _ source: UnsafeBufferPointer<UInt8>,
        into target: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(source.count == sourceWidth * sourceHeight * 3, "not the source's size")
        precondition(target.count == width * height * 3, "not the result's size")
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        let rowPass = RowPass(weights: rows, samples: width * 3)
        let columnPass = ColumnPass(weights: columns, sourceWidth: sourceWidth)
        defer {
            rowPass.deallocate()
            columnPass.deallocate()
        }
        let bytesPerRow = sourceWidth * 3
        let last = sourceHeight - 1
        var done = 0
        for y in 0..<height {
            // Only as many rows are held as one result needs, and those made with them.
            let end = min(rows.starts[y] + rows.taps, sourceHeight)
            while done < end {
                columnPass.run(
                    (
                        source + done * bytesPerRow,
                        source + min(done + 1, last) * bytesPerRow,
                        source + min(done + 2, last) * bytesPerRow,
                        source + min(done + 3, last) * bytesPerRow
                    ),
                    into: (
                        rowPass.slot(of: done), rowPass.slot(of: done + 1),
                        rowPass.slot(of: done + 2), rowPass.slot(of: done + 3)
                    )
                )
                done += ColumnPass.rows
            }
            rowPass.run(y, into: target + y * width * 3)
        }
    }
}

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
