/// Some rows of the head's result, and the rows of the maps before it that they depend on.
struct HeadStrip {
    /// Rows of the enlarged map, the input of the second convolution.
    let enlarged: Range<Int>
    /// Zeros above and below them: only at the edges of the whole map.
    let enlargedPadding: (top: Int, bottom: Int)
    /// Rows of the map that is enlarged, the output of the first convolution.
    let mixed: Range<Int>
    /// Zeros above and below the input of the first convolution.
    let mixedPadding: (top: Int, bottom: Int)
    /// Rows of the input of the first convolution.
    let read: Range<Int>
    /// What each row of `mixed` adds to each of `enlarged`: [enlarged, mixed], row by row.
    let weights: [Float]

    /// - Parameters:
    ///   - rows: the strip's rows in the result.
    ///   - height: all rows of the result.
    ///   - source: all rows of the head's input.
    private init(_ rows: Range<Int>, of height: Int, from source: Int) {
        // Both convolutions have windows of 3 rows.
        enlarged = max(rows.lowerBound - 1, 0)..<min(rows.upperBound + 1, height)
        enlargedPadding = (rows.lowerBound == 0 ? 1 : 0, rows.upperBound == height ? 1 : 0)
        // The first and the last row of one are those of the other (`align_corners`).
        let step = height > 1 ? Double(source - 1) / Double(height - 1) : 0
        let places = enlarged.map { Double($0) * step }
        let upper = places.map { min(Int($0), source - 1) }
        let first = upper.first ?? 0
        let end = min((upper.last ?? 0) + 2, source)
        mixed = first..<end
        mixedPadding = (first == 0 ? 1 : 0, end == source ? 1 : 0)
        read = max(first - 1, 0)..<min(end + 1, source)
        var weights = [Float](repeating: 0, count: enlarged.count * mixed.count)
        for (row, (place, above)) in zip(places, upper).enumerated() {
            let part = Float(place - Double(above))
            let start = row * mixed.count - first
            weights[start + above] += 1 - part
            if part > 0 { weights[start + min(above + 1, source - 1)] += part }
        }
        self.weights = weights
    }

    /// The strips of a whole result, from above.
    ///
    /// - Parameters:
    ///   - height: rows of the result.
    ///   - source: rows of the head's input.
    ///   - count: rows of a strip; the last one may have fewer.
    /// - Returns: strips that follow one another.
    static func all(of height: Int, from source: Int, count: Int) -> [HeadStrip] {
        stride(from: 0, to: height, by: count).map {
            HeadStrip($0..<min($0 + count, height), of: height, from: source)
        }
    }
}
