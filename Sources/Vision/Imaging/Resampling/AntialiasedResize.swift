/// Resizes 8-bit RGB images as torchvision does it with antialiasing: columns first, rounded to
/// 8 bits, then rows. The values are torch's, to the bit, unless a side is reduced to less than a
/// thirtieth, where some differ by 1. (Pillow's weights are finer: about one value in a hundred
/// differs from these, by 1 or 2.)
///
/// The weights are made once; the value may then be used by several tasks at a time.
package struct AntialiasedResize: Sendable {
    private let geometry: ResampleGeometry
    private let columns: ResamplingWeights
    private let rows: ResamplingWeights

    /// Prepares for images of one size; all sides are at least 1.
    package init(
        from source: (width: Int, height: Int),
        to target: (width: Int, height: Int),
        filter: ResamplingFilter
    ) {
        geometry = ResampleGeometry(from: source, to: target)
        columns = ResamplingWeights(from: source.width, to: target.width, filter: filter)
        rows = ResamplingWeights(from: source.height, to: target.height, filter: filter)
    }

    /// Columns of the result.
    package var width: Int { geometry.target.width }
    /// Rows of the result.
    package var height: Int { geometry.target.height }
    private var sourceWidth: Int { geometry.source.width }
    private var sourceHeight: Int { geometry.source.height }

    /// Resizes one image.
    ///
    /// - Parameters:
    ///   - source: red, green and blue, interleaved, row by row from the top, without padding.
    ///   - target: memory for the result, laid out in the same way.
    package func resize(
        _ source: UnsafeBufferPointer<UInt8>,
        into target: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(source.count == sourceWidth * sourceHeight * 3, "not the source's size")
        precondition(target.count == width * height * 3, "not the result's size")
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        let rowPass = RowPass(weights: rows, samples: width * 3)
        let columnPass = ColumnPass(weights: columns, sourceWidth: sourceWidth)
        defer {
            rowPass.deallocate()
            columnPass.deallocate()
        }
        let bytesPerRow = sourceWidth * 3
        let last = sourceHeight - 1
        var done = 0
        for y in 0..<height {
            // Only as many rows are held as one result needs, and those made with them.
            let end = min(rows.starts[y] + rows.taps, sourceHeight)
            while done < end {
                columnPass.run(
                    (
                        source + done * bytesPerRow,
                        source + min(done + 1, last) * bytesPerRow,
                        source + min(done + 2, last) * bytesPerRow,
                        source + min(done + 3, last) * bytesPerRow
                    ),
                    into: (
                        rowPass.slot(of: done), rowPass.slot(of: done + 1),
                        rowPass.slot(of: done + 2), rowPass.slot(of: done + 3)
                    )
                )
                done += ColumnPass.rows
            }
            rowPass.run(y, into: target + y * width * 3)
        }
    }
}
