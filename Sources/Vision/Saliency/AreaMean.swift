/// Means of a plane's samples over the areas that the samples of a smaller one stand for, also
/// where these areas cut samples apart.
package enum AreaMean {
    /// - Parameters:
    ///   - samples: the plane, `bytesPerRow` bytes from one row to the next.
    ///   - width: columns of the plane.
    ///   - height: rows of the plane.
    ///   - bytesPerRow: bytes from one row to the next.
    ///   - smallWidth: columns of the result.
    ///   - smallHeight: rows of the result.
    /// - Returns: the smaller plane.
    package static func reduce(
        _ samples: UnsafePointer<UInt8>,
        width: Int,
        height: Int,
        bytesPerRow: Int,
        toWidth smallWidth: Int,
        height smallHeight: Int
    ) -> Plane {
        var result = Plane(unwritten: smallWidth, smallHeight)
        let columns = spans(width, smallWidth)
        let rows = spans(height, smallHeight)
        result.values.withUnsafeMutableBufferPointer { target in
            withUnsafeTemporaryAllocation(of: UInt16.self, capacity: width) { whole in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { sums in
                    guard let target = target.baseAddress, let whole = whole.baseAddress,
                        let sums = sums.baseAddress
                    else { return }
                    for (y, row) in rows.enumerated() {
                        sum(samples, bytesPerRow, width, row, whole, sums)
                        mean(sums, columns, target + y * smallWidth)
                    }
                }
            }
        }
        return result
    }

    /// The samples that one sample of the smaller plane covers along one direction.
    struct Span: Sendable {
        /// The first sample, and the part of it that is covered.
        let first: Int
        let firstPart: Float
        /// Samples that are covered as a whole.
        let whole: Range<Int>
        /// The last sample, and the part of it that is covered: 0 if none is left.
        let last: Int
        let lastPart: Float
        /// One over the covered length.
        let scale: Float
    }

    static func spans(_ length: Int, _ count: Int) -> [Span] {
        (0..<count).map { place in
            // In units of 1 / count of a sample, in which all ends are whole numbers.
            let (start, end) = (place * length, (place + 1) * length)
            let first = start / count
            let last = min(end / count, length - 1)
            let firstEnd = min((first + 1) * count, end)
            let wholeStart = first + 1
            let isSplit = last > first && end > last * count
            return Span(
                first: first,
                firstPart: Float(firstEnd - start) / Float(count),
                whole: wholeStart..<max(wholeStart, last),
                last: last,
                lastPart: isSplit ? Float(end - last * count) / Float(count) : 0,
                scale: Float(count) / Float(length)
            )
        }
    }

    /// Sums of 16 bits hold this many rows; of more only every n-th counts.
    private static let mostRows = 256

    private static func sum(
        _ samples: UnsafePointer<UInt8>,
        _ bytesPerRow: Int,
        _ width: Int,
        _ row: Span,
        _ whole: UnsafeMutablePointer<UInt16>,
        _ sums: UnsafeMutablePointer<Float>
    ) {
        whole.initialize(repeating: 0, count: width)
        let step = row.whole.count / mostRows + 1
        var rows = 0
        for y in stride(from: row.whole.lowerBound, to: row.whole.upperBound, by: step) {
            let line = samples + y * bytesPerRow
            for x in 0..<width { whole[x] &+= UInt16(truncatingIfNeeded: line[x]) }
            rows += 1
        }
        let part = rows == 0 ? 0 : Float(row.whole.count) / Float(rows)
        let (first, last) = (samples + row.first * bytesPerRow, samples + row.last * bytesPerRow)
        let (a, b) = (row.firstPart * row.scale, row.lastPart * row.scale)
        let inner = part * row.scale
        for x in 0..<width {
            sums[x] = Float(whole[x]) * inner + Float(first[x]) * a + Float(last[x]) * b
        }
    }

    private static func mean(
        _ sums: UnsafeMutablePointer<Float>,
        _ columns: [Span],
        _ target: UnsafeMutablePointer<Float>
    ) {
        columns.withUnsafeBufferPointer { columns in
            for x in 0..<columns.count {
                let span = columns[x]
                var total: Float = 0
                var column = span.whole.lowerBound
                while column < span.whole.upperBound {
                    total += sums[column]
                    column &+= 1
                }
                let edges = sums[span.first] * span.firstPart + sums[span.last] * span.lastPart
                target[x] = (total + edges) * span.scale
            }
        }
    }
}
