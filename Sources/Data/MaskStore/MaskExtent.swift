import Imaging

/// Where the object of a mask lies. What is 128 or more is object.
package struct MaskExtent: Equatable {
    /// Part of the picture, 0…1, rounded to six digits.
    package let area: Double
    /// Left, top, width, height in pixels; nil where there is no object.
    package let box: [Int]?
    /// Whether every pixel is object.
    package let isFull: Bool

    /// Measures a mask.
    package init(of image: GrayImage) {
        var count = 0
        var rows: ClosedRange<Int>?
        // The columns come from one row of all rows laid over each other, so that both loops
        // run over whole rows, many pixels at a time.
        let columns = [UInt8](unsafeUninitializedCapacity: image.width) { laid, size in
            laid.initialize(repeating: 0)
            size = image.width
            image.pixels.withUnsafeBufferPointer { pixels in
                for y in 0..<image.height {
                    let row = UnsafeBufferPointer(
                        rebasing: pixels[y * image.width..<(y + 1) * image.width]
                    )
                    let inRow = Self.countObject(row)
                    guard inRow > 0 else { continue }
                    count += inRow
                    rows = (rows?.lowerBound ?? y)...y
                    for x in 0..<row.count { laid[x] |= row[x] }
                }
            }
        }
        let total = image.width * image.height
        area = (Double(count) / Double(max(1, total)) * 1e6).rounded() / 1e6
        isFull = count == total && total > 0
        let isObject = { (sample: UInt8) in sample >= 128 }
        if let rows, let left = columns.firstIndex(where: isObject),
            let right = columns.lastIndex(where: isObject)
        {
            box = [left, rows.lowerBound, right - left + 1, rows.count]
        } else {
            box = nil
        }
    }

    private static func countObject(_ row: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        var start = 0
        while start < row.count {
            // Counted in bytes, which hold no more than 255, sixteen at a time.
            let end = min(start + 255, row.count)
            var part: UInt8 = 0
            for x in start..<end { part &+= row[x] >> 7 }
            count += Int(part)
            start = end
        }
        return count
    }
}
