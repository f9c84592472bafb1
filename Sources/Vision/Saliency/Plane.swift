/// An image of floating-point samples, row by row from the top, without padding.
package struct Plane: Sendable {
    package let width: Int
    package let height: Int
    /// `width * height` samples.
    package var values: [Float]

    package init(width: Int, height: Int, values: [Float]) {
        self.width = width
        self.height = height
        self.values = values
    }

    /// A plane whose samples are all going to be written; until then they are arbitrary.
    init(unwritten width: Int, _ height: Int) {
        let count = width * height
        self.init(
            width: width,
            height: height,
            values: [Float](unsafeUninitializedCapacity: count) { _, initialized in
                initialized = count
            }
        )
    }

    package init(width: Int, height: Int, repeating value: Float = 0) {
        self.init(
            width: width,
            height: height,
            values: [Float](repeating: value, count: width * height)
        )
    }

    var count: Int { values.count }

    /// The plane at half the size (rounded up): means of 2 x 2 samples.
    func halved() -> Plane {
        let halfWidth = (width + 1) / 2
        let halfHeight = (height + 1) / 2
        var result = Plane(unwritten: halfWidth, halfHeight)
        let source = values.span
        var target = result.values.mutableSpan
        for y in 0..<halfHeight {
            let upper = 2 * y * width
            let lower = min(2 * y + 1, height - 1) * width
            let pairs = width / 2
            for x in 0..<pairs {
                let a = source[unchecked: upper &+ 2 &* x] + source[unchecked: upper &+ 2 &* x &+ 1]
                let b = source[unchecked: lower &+ 2 &* x] + source[unchecked: lower &+ 2 &* x &+ 1]
                target[unchecked: y &* halfWidth &+ x] = (a + b) * 0.25
            }
            if pairs < halfWidth {
                let last = width - 1
                target[unchecked: y * halfWidth + pairs] =
                    (source[unchecked: upper &+ last] + source[unchecked: lower &+ last]) * 0.5
            }
        }
        return result
    }

    /// Means over the squares of `2 * radius + 1` samples a side, clipped at the frame's edge.
    package func boxMean(radius: Int) -> Plane {
        var rows = Plane(unwritten: width, height)
        sumRows(into: &rows, radius: radius)
        var result = Plane(unwritten: width, height)
        let source = rows.values.span
        var target = result.values.mutableSpan
        var sums = [Float](repeating: 0, count: width)
        var sum = sums.mutableSpan
        for y in 0..<min(radius, height) {
            for x in 0..<width {
                sum[unchecked: x] += source[unchecked: y &* width &+ x]
            }
        }
        for y in 0..<height {
            if y + radius < height {
                let row = (y + radius) * width
                for x in 0..<width {
                    sum[unchecked: x] += source[unchecked: row &+ x]
                }
            }
            let rowsInside = min(y + radius, height - 1) - max(y - radius, 0) + 1
            let scale = 1 / Float(rowsInside)
            for x in 0..<width {
                target[unchecked: y &* width &+ x] = sum[unchecked: x] * scale
            }
            if y - radius >= 0 {
                let row = (y - radius) * width
                for x in 0..<width {
                    sum[unchecked: x] -= source[unchecked: row &+ x]
                }
            }
        }
        return result
    }

    /// Means along the rows only.
    private func sumRows(into rows: inout Plane, radius: Int) {
        let scales = (0..<width).map { x in
            1 / Float(min(x + radius, width - 1) - max(x - radius, 0) + 1)
        }
        let scale = scales.span
        let source = values.span
        var target = rows.values.mutableSpan
        let reach = min(radius, width - 1)
        for y in 0..<height {
            let row = y &* width
            for x in 0..<width {
                target[unchecked: row &+ x] = source[unchecked: row &+ x]
            }
            for shift in 1..<reach + 1 {
                for x in 0..<width - shift {
                    target[unchecked: row &+ x] += source[unchecked: row &+ x &+ shift]
                }
                for x in 0..<width - shift {
                    target[unchecked: row &+ x &+ shift] += source[unchecked: row &+ x]
                }
            }
            for x in 0..<width {
                target[unchecked: row &+ x] *= scale[unchecked: x]
            }
        }
    }
}
