/// Signs of something like the object in the masks that the decoder offers.
package enum Distractors {
    /// How much of the bounding box stays when a mask is joined with what an alternative has beyond
    /// it: the largest component of the difference. (Videnovic, Lukezic and Kristan, arXiv
    /// 2411.17576, with the components of `MaskComponents`.)
    ///
    /// - Parameters:
    ///   - mask: logits, `width` columns, row by row; above 0 is object.
    ///   - alternative: the same of the other mask.
    ///   - width: at least 1.
    /// - Returns: the IoU of the mask's box and the joined one, above 0, up to 1 where the
    ///   alternative reaches no further; nil for a mask without a pixel.
    package static func boxIoU(of mask: [Float], _ alternative: [Float], width: Int) -> Double? {
        guard let box = PixelBox(of: mask.indices.filter { mask[$0] > 0 }, width: width) else {
            return nil
        }
        let beyond = zip(mask, alternative).map { $0 <= 0 && $1 > 0 }
        let part = MaskComponents.largest(of: beyond, width: width)
        guard let other = PixelBox(of: part, width: width) else { return 1 }
        // One box is within the other.
        return Double(box.area) / Double(box.joined(with: other).area)
    }
}

/// The pixels from one corner to another, both included.
private struct PixelBox {
    let rows: ClosedRange<Int>
    let columns: ClosedRange<Int>

    /// The bounding box of pixels; nil for none.
    init?(of pixels: [Int], width: Int) {
        let columns = pixels.lazy.map { $0 % width }
        guard let top = pixels.min(), let bottom = pixels.max(), let left = columns.min(),
            let right = columns.max()
        else { return nil }
        rows = top / width...bottom / width
        self.columns = left...right
    }

    private init(rows: ClosedRange<Int>, columns: ClosedRange<Int>) {
        (self.rows, self.columns) = (rows, columns)
    }

    /// In pixels.
    var area: Int { rows.count * columns.count }

    func joined(with other: PixelBox) -> PixelBox {
        func span(_ one: ClosedRange<Int>, _ two: ClosedRange<Int>) -> ClosedRange<Int> {
            min(one.lowerBound, two.lowerBound)...max(one.upperBound, two.upperBound)
        }
        return PixelBox(
            rows: span(rows, other.rows),
            columns: span(columns, other.columns)
        )
    }
}
