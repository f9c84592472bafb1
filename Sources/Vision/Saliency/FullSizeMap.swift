import Imaging

/// Draws a map at full size from the coefficients of the guided filter.
enum FullSizeMap {
    /// slope * luma + base, both interpolated, scaled to 0...255.
    static func draw(
        _ filter: GuidedFilter,
        size: WorkingSize,
        frame: VideoFrame,
        luma: UnsafeBufferPointer<UInt8>
    ) -> [UInt8] {
        let columns = CellSpan.all(factor: size.factor, small: size.width, full: frame.width)
        let rows = CellSpan.all(factor: size.factor, small: size.height, full: frame.height)
        var pixels = [UInt8](repeating: 0, count: frame.width * frame.height)
        for row in rows {
            for y in row.samples {
                let down = CellSpan.part(of: y, factor: size.factor)
                for column in columns {
                    let corners = [
                        row.first * size.width + column.first,
                        row.first * size.width + column.second,
                        row.second * size.width + column.first,
                        row.second * size.width + column.second,
                    ]
                    let a = corners.map { filter.slope.values[$0] }
                    let b = corners.map { filter.base.values[$0] }
                    for x in column.samples {
                        let across = CellSpan.part(of: x, factor: size.factor)
                        let sample = Float(luma[y * frame.width + x]) / 255
                        let slope = mix(mix(a[0], a[1], across), mix(a[2], a[3], across), down)
                        let base = mix(mix(b[0], b[1], across), mix(b[2], b[3], across), down)
                        let value = min(max(slope * sample + base, 0), 1) * 255
                        pixels[y * frame.width + x] = UInt8(value.rounded())
                    }
                }
            }
        }
        return pixels
    }

    private static func mix(_ a: Float, _ b: Float, _ part: Float) -> Float {
        a + (b - a) * part
    }
}
