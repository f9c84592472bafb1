import Imaging

/// Draws a mask at full size from the coefficients of the guided filter.
enum FullSizeMask {
    /// 255 where slope * luma + base, both interpolated, is above a level; else 0.
    ///
    /// Most cells between four small samples lie on one side of the level whatever their luma
    /// is, and are filled without a look at it.
    static func draw(
        _ filter: GuidedFilter,
        above level: Float,
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
                    if max(max(a.y, b.y), max(c.y, d.y)) <= level { continue }
                    let count = column.samples.count
                    let start = column.samples.lowerBound
                    if min(min(a.x, b.x), min(c.x, d.x)) > level {
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
                        let b = leftB.x + (leftB.y - leftB.x) * down - level
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
