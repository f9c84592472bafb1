/// Draws a mask at full size from the coefficients of the guided filter.
enum FullSizeMask {
    /// 255 where slope * luma + base, both interpolated, is above a threshold; else 0.
    ///
    /// Most cells between four small samples are on one side of the threshold whatever their luma
    /// is, and are filled without reading it.
    static func draw(
        _ filter: GuidedFilter,
        above threshold: Float,
        width: Int,
        height: Int,
        luma: UnsafePointer<UInt8>
    ) -> [UInt8] {
        let small = (width: filter.slope.width, height: filter.slope.height)
        let columns = CellSpan.all(small: small.width, full: width)
        let rows = CellSpan.all(small: small.height, full: height)
        let partsX = (0..<width).map { CellSpan.part(of: $0, small: small.width, full: width) }
        let slope = filter.slope.values.span
        let base = filter.base.values.span
        let part = partsX.span
        let nodes = bounds(filter)
        let bound = nodes.span
        var pixels = [UInt8](repeating: 0, count: width * height)
        pixels.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            for row in rows {
                let top = row.first &* small.width
                let bottom = row.second &* small.width
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
                            let line = target + (y &* width &+ start)
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
                        let down = CellSpan.part(of: y, small: small.height, full: height)
                        let a = (leftA.x + (leftA.y - leftA.x) * down) * (1 / 255)
                        let slopeA = (riseA.x + (riseA.y - riseA.x) * down) * (1 / 255)
                        let b = leftB.x + (leftB.y - leftB.x) * down - threshold
                        let slopeB = riseB.x + (riseB.y - riseB.x) * down
                        let offset = y &* width &+ start
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
    static func part(of sample: Int, small: Int, full: Int) -> Float {
        let position = (Float(sample) + 0.5) * Float(small) / Float(full) - 0.5
        return position - position.rounded(.down)
    }

    /// All spans of a direction, from the frame's edge to its edge.
    static func all(small: Int, full: Int) -> [CellSpan] {
        // The first sample whose centre is not before the centre of a small one.
        func start(_ cell: Int) -> Int {
            guard cell >= 0 else { return 0 }
            guard cell < small else { return full }
            return min(max(((2 * cell + 1) * full - small + 2 * small - 1) / (2 * small), 0), full)
        }
        return (-1..<small).compactMap { cell in
            let samples = start(cell)..<start(cell + 1)
            guard !samples.isEmpty else { return nil }
            return CellSpan(
                samples: samples,
                first: max(cell, 0),
                second: min(cell + 1, small - 1)
            )
        }
    }
}
