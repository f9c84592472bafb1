/// How probably a colour is the object's, by a histogram of L*a*b* over all frames of a window.
package struct ClipColours: Sendable {
    private let bins: ColourBins
    private let size: (light: Int, chroma: Int)

    package init(_ tuning: SaliencyTuning.Inference) {
        size = (tuning.lightBins, tuning.chromaBins)
        bins = ColourBins(
            light: (0..<256).map { $0 * tuning.lightBins / 256 },
            chroma: ColourBins.stretched(by: tuning.chromaStretch).map {
                min(Int($0 * Float(tuning.chromaBins) / 256), tuning.chromaBins - 1)
            },
            chromaCount: tuning.chromaBins
        )
    }

    /// The part of the object in every bin: its share of the object's colours over its share of all.
    ///
    /// - Parameters:
    ///   - frames: L, a and b of every place of each frame of the window, interleaved.
    ///   - x: how probably each place of each frame is object.
    ///   - certainty: how fast a place's weight grows with its distance from one half.
    /// - Returns: the part for each bin.
    package func table(
        _ frames: [[UInt8]],
        _ x: UnsafePointer<Float>,
        certainty: Float
    ) -> [Float] {
        var sums = [SIMD2<Float>](repeating: .zero, count: size.light * size.chroma * size.chroma)
        sums.withUnsafeMutableBufferPointer { sums in
            var place = 0
            for frame in frames {
                frame.withUnsafeBufferPointer { colours in
                    for index in 0..<colours.count / 3 {
                        let value = x[place]
                        let weight = Witness.weight(value, certainty)
                        sums[bins.bin(colours, index)] += SIMD2(value * weight, weight)
                        place &+= 1
                    }
                }
            }
            // Of each bin what is object, and what is background.
            for index in sums.indices { sums[index].y = sums[index].y - sums[index].x }
        }
        let axes = [size.light, size.chroma, size.chroma]
        GridBlur.apply(&sums, axes: axes, side: 0.5, repeatsEdges: true)
        var total = SIMD2<Float>.zero
        for sum in sums { total += sum }
        let scale = 1 / (total + 1e-6)
        return sums.map { sum in
            let share = sum * scale
            return share.x / (share.x + share.y + 1e-7)
        }
    }

    /// The bin of a place's colour.
    @inline(__always)
    package func bin(_ colours: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        bins.bin(colours, index)
    }
}

/// The bin of a colour from the bins of its channels.
struct ColourBins: Sendable {
    private let light: [Int32]
    private let first: [Int32]
    private let second: [Int32]

    /// - Parameters:
    ///   - light: the bin of each value of L.
    ///   - chroma: the bin of each value of a and b.
    ///   - chromaCount: bins of a and of b.
    init(light: [Int], chroma: [Int], chromaCount: Int) {
        self.light = light.map { Int32($0 * chromaCount * chromaCount) }
        first = chroma.map { Int32($0 * chromaCount) }
        second = chroma.map { Int32($0) }
    }

    @inline(__always)
    func bin(_ colours: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        let place = 3 &* index
        let light = self.light[Int(colours[place])]
        let first = self.first[Int(colours[place &+ 1])]
        return Int(light &+ first &+ second[Int(colours[place &+ 2])])
    }

    /// Each value of a and b, farther from the middle.
    static func stretched(by factor: Float) -> [Float] {
        (0..<256).map { min(max((Float($0) - 128) * factor + 128, 0), 255) }
    }
}

/// What a place may teach: uncertain places teach nothing.
enum Witness {
    @inline(__always)
    static func weight(_ value: Float, _ certainty: Float) -> Float {
        min(abs(2 * value - 1) * certainty, 1)
    }
}
