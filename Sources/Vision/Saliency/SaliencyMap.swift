import Imaging

/// How much every sample of one frame stands out: a small map, with what it takes to draw it at
/// the frame's full size.
package struct SaliencyMap: Sendable {
    /// The full-size frame that the map belongs to.
    package let frame: VideoFrame
    /// Columns of the small map.
    package var width: Int { size.width }
    /// Rows of the small map.
    package var height: Int { size.height }
    /// The saliency, 0...1, above which a sample is object.
    package let threshold: Float

    /// What the full-size mask is drawn from.
    struct Source: Sendable {
        /// The small map, 0...1.
        let values: Plane
        /// The small frame's luma, 0...255.
        let luma: Plane
        /// Standard deviation of the full-size luma's noise in grey levels.
        let noise: Float
    }

    private let size: WorkingSize
    private let source: Source

    init(frame: VideoFrame, size: WorkingSize, source: Source, threshold: Float) {
        self.frame = frame
        self.size = size
        self.source = source
        self.threshold = threshold
    }

    /// The map, 0…255, with the threshold at 128.
    var probabilities: [UInt8] {
        source.values.values.map { value in
            let level =
                value <= threshold
                ? value / max(threshold, 1e-3) * 0.5
                : 0.5 + (value - threshold) / max(1 - threshold, 1e-3) * 0.5
            return UInt8(min(max(level * 255, 0), 255))
        }
    }

    private var filter: GuidedFilter {
        GuidedFilter(guide: source.luma, input: source.values, noise: source.noise)
    }

    /// The frame's mask at full size: 255 is object, 0 is background.
    package func mask() -> GrayImage {
        let filter = filter
        let pixels = frame.withPlane(0) { _, samples in
            FullSizeMask.draw(filter, above: threshold, size: size, frame: frame, luma: samples)
        }
        return GrayImage(width: frame.width, height: frame.height, pixels: pixels)
    }

    /// The coefficients that the mask is drawn from, row by row at the size of the map: a pixel is
    /// object where `slope * luma + base`, with luma in 0...1 and the coefficients interpolated
    /// between the centres of squares of `factor` x `factor` pixels, is above the threshold.
    package var coefficients: (slope: [Float], base: [Float], factor: Int) {
        let filter = filter
        return (filter.slope.values, filter.base.values, size.factor)
    }
}

/// K. He and J. Sun, "Fast Guided Filter", arXiv:1505.00996, 2015: the coefficients are found on
/// the small frames and applied to the full-size luma, so that the map's outlines follow the
/// edges of the frame itself.
struct GuidedFilter {
    private typealias Tuning = SaliencyTuning.Outline

    /// The result is `slope * luma + base`, with luma in 0...1.
    let slope: Plane
    let base: Plane

    /// - Parameters:
    ///   - guide: luma at the working size, 0...255.
    ///   - input: the map.
    ///   - noise: standard deviation of the full-size luma's noise in grey levels: an edge has to
    ///     be well above it, or the outline would flicker with the noise.
    init(guide: Plane, input: Plane, noise: Float) {
        let level = Tuning.noiseMargin * noise / 255
        let smoothing = Tuning.filterSmoothing + level * level
        var products = Plane(unwritten: guide.width, guide.height)
        var squares = Plane(unwritten: guide.width, guide.height)
        var scaled = Plane(unwritten: guide.width, guide.height)
        do {
            let g = guide.values.span
            let p = input.values.span
            var product = products.values.mutableSpan
            var square = squares.values.mutableSpan
            var unit = scaled.values.mutableSpan
            for index in 0..<guide.count {
                let luma = g[unchecked: index] * (1 / 255)
                unit[unchecked: index] = luma
                product[unchecked: index] = luma * p[unchecked: index]
                square[unchecked: index] = luma * luma
            }
        }
        let meanGuide = scaled.boxMean(radius: Tuning.filterRadius)
        let meanInput = input.boxMean(radius: Tuning.filterRadius)
        var slopes = products.boxMean(radius: Tuning.filterRadius)
        var bases = squares.boxMean(radius: Tuning.filterRadius)
        do {
            let g = meanGuide.values.span
            let p = meanInput.values.span
            var product = slopes.values.mutableSpan
            var square = bases.values.mutableSpan
            for index in 0..<guide.count {
                let luma = g[unchecked: index]
                let covariance = product[unchecked: index] - luma * p[unchecked: index]
                let variance = max(square[unchecked: index] - luma * luma, 0)
                let a = covariance / (variance + smoothing)
                product[unchecked: index] = a
                square[unchecked: index] = p[unchecked: index] - a * luma
            }
        }
        slope = slopes.boxMean(radius: Tuning.coefficientRadius)
        base = bases.boxMean(radius: Tuning.coefficientRadius)
    }
}

/// Draws a mask at full size from the coefficients of the guided filter.
enum FullSizeMask {
    /// 255 where slope * luma + base, both interpolated, is above a threshold; else 0.
    ///
    /// Most cells between four small samples are on one side of the threshold whatever their luma
    /// is, and are filled without reading it.
    static func draw(
        _ filter: GuidedFilter,
        above threshold: Float,
        size: WorkingSize,
        frame: VideoFrame,
        luma: UnsafeBufferPointer<UInt8>
    ) -> [UInt8] {
        let columns = CellSpan.all(factor: size.factor, small: size.width, full: frame.width)
        let rows = CellSpan.all(factor: size.factor, small: size.height, full: frame.height)
        let partsX = (0..<frame.width).map { CellSpan.part(of: $0, factor: size.factor) }
        let slope = filter.slope.values.span
        let base = filter.base.values.span
        let part = partsX.span
        let nodes = bounds(filter)
        let bound = nodes.span
        var pixels = [UInt8](repeating: 0, count: frame.width * frame.height)
        pixels.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress, let luma = luma.baseAddress else { return }
            for row in rows {
                let top = row.first &* size.width
                let bottom = row.second &* size.width
                for column in columns {
                    let a = bound[unchecked: top &+ column.first]
                    let b = bound[unchecked: top &+ column.second]
                    let c = bound[unchecked: bottom &+ column.first]
                    let d = bound[unchecked: bottom &+ column.second]
                    if max(max(a.y, b.y), max(c.y, d.y)) <= threshold { continue }
                    let count = column.samples.count
                    let start = column.samples.lowerBound
                    if min(min(a.x, b.x), min(c.x, d.x)) > threshold {
                        for y in row.samples {
                            let line = target + (y &* frame.width &+ start)
                            for x in 0..<count { line[x] = 255 }
                        }
                        continue
                    }
                    let corners = (
                        top &+ column.first, top &+ column.second, bottom &+ column.first,
                        bottom &+ column.second
                    )
                    let leftA = SIMD2(slope[unchecked: corners.0], slope[unchecked: corners.2])
                    let riseA =
                        SIMD2(slope[unchecked: corners.1], slope[unchecked: corners.3])
                        - leftA
                    let leftB = SIMD2(base[unchecked: corners.0], base[unchecked: corners.2])
                    let riseB =
                        SIMD2(base[unchecked: corners.1], base[unchecked: corners.3])
                        - leftB
                    for y in row.samples {
                        let down = CellSpan.part(of: y, factor: size.factor)
                        let a = (leftA.x + (leftA.y - leftA.x) * down) * (1 / 255)
                        let slopeA = (riseA.x + (riseA.y - riseA.x) * down) * (1 / 255)
                        let b = leftB.x + (leftB.y - leftB.x) * down - threshold
                        let slopeB = riseB.x + (riseB.y - riseB.x) * down
                        let offset = y &* frame.width &+ start
                        for x in 0..<count {
                            let across = part[unchecked: start &+ x]
                            let sample = Float(luma[offset &+ x])
                            let value = (a + slopeA * across) * sample + b + slopeB * across
                            target[offset &+ x] = value > 0 ? 255 : 0
                        }
                    }
                }
            }
        }
        return pixels
    }

    /// The least and the greatest value that any luma gives at each small sample.
    private static func bounds(_ filter: GuidedFilter) -> [SIMD2<Float>] {
        let slope = filter.slope.values.span
        let base = filter.base.values.span
        var bounds = [SIMD2<Float>](repeating: .zero, count: slope.count)
        var target = bounds.mutableSpan
        for index in 0..<slope.count {
            let a = slope[unchecked: index]
            let b = base[unchecked: index]
            target[unchecked: index] = a < 0 ? SIMD2(a + b, b) : SIMD2(b, a + b)
        }
        return bounds
    }
}

/// Full-size samples between the centres of two small ones, along one direction.
struct CellSpan {
    /// Full-size samples between two neighbouring small centres.
    let samples: Range<Int>
    /// The two small samples; the same one beyond the outermost centres.
    let first: Int
    let second: Int

    /// The part of the way from the first centre to the second at which a sample lies.
    static func part(of sample: Int, factor: Int) -> Float {
        let position = (Float(sample) + 0.5) / Float(factor) - 0.5
        return position - position.rounded(.down)
    }

    /// All spans of a direction, from the frame's edge to its edge.
    static func all(factor: Int, small: Int, full: Int) -> [CellSpan] {
        var spans: [CellSpan] = []
        for cell in -1..<small {
            let start = max(0, cell * factor + factor / 2)
            let end = min(full, (cell + 1) * factor + factor / 2)
            let isLast = cell == small - 1
            let samples = max(0, start)..<max(start, isLast ? full : end)
            guard !samples.isEmpty, samples.upperBound <= full else { continue }
            spans.append(
                CellSpan(samples: samples, first: max(cell, 0), second: min(cell + 1, small - 1))
            )
        }
        return spans
    }
}
