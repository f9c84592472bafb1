/// Dense optical flow between two images of one size.
package struct FlowField: Sendable {
    package let width: Int
    package let height: Int
    /// To the right, in samples of this field, row by row: where a sample of the first image is in
    /// the second, relative to itself.
    package var u: [Float]
    /// The same, downwards.
    package var v: [Float]

    package init(width: Int, height: Int, u: [Float], v: [Float]) {
        precondition(u.count == width * height && v.count == width * height)
        (self.width, self.height, self.u, self.v) = (width, height, u, v)
    }

    /// No motion anywhere.
    package init(width: Int, height: Int) {
        let zeros = [Float](repeating: 0, count: width * height)
        self.init(width: width, height: height, u: zeros, v: zeros)
    }

    /// The field of an image 2^scale times as large, bilinear, vectors scaled alike: sample x of
    /// this field covers the samples from x * 2^scale to (x + 1) * 2^scale of that image. What
    /// an odd size leaves over at its right and lower edge repeats the last vectors.
    package func enlarged(scale: Int, width: Int, height: Int) -> FlowField {
        guard self.width > 0, self.height > 0 else {
            return FlowField(width: width, height: height)
        }
        let factor = Float(1 << scale)
        let columns = Self.taps(width, of: self.width, scale)
        let rows = Self.taps(height, of: self.height, scale)
        func enlarge(_ values: [Float]) -> [Float] {
            var result: [Float] = []
            result.reserveCapacity(width * height)
            for row in rows {
                let upper = row.index * self.width
                let lower = row.next * self.width
                for column in columns {
                    let above = Self.mix(
                        values[upper + column.index],
                        values[upper + column.next],
                        column.part
                    )
                    let below = Self.mix(
                        values[lower + column.index],
                        values[lower + column.next],
                        column.part
                    )
                    result.append(Self.mix(above, below, row.part) * factor)
                }
            }
            return result
        }
        return FlowField(width: width, height: height, u: enlarge(u), v: enlarge(v))
    }

    private static func mix(_ first: Float, _ second: Float, _ part: Float) -> Float {
        first + (second - first) * part
    }

    /// For each sample of the larger side, the two of the smaller one to mix, and the part of the
    /// second.
    private static func taps(
        _ count: Int,
        of small: Int,
        _ scale: Int
    ) -> [(index: Int, next: Int, part: Float)] {
        (0..<count).map { place in
            let factor = Float(1 << scale)
            let position = (Float(place) + 0.5) / factor - 0.5
            let clamped = min(max(position, 0), Float(small - 1))
            let index = Int(clamped)
            return (index, min(index + 1, small - 1), clamped - Float(index))
        }
    }
}
