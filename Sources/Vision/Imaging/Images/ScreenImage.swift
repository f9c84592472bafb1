/// A image as screens want it: blue, green, red and opacity, 8 bits each, row by row from the top.
/// Colours are already multiplied by the opacity.
///
/// Whoever makes it fills the memory before anybody else sees it; from then on it is only read.
package final class ScreenImage: @unchecked Sendable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// Whether opacity means nothing, because all is opaque.
    package let isOpaque: Bool
    /// `rowBytes * height` bytes.
    package let bytes: UnsafeMutableRawBufferPointer

    /// Bytes from one row to the next.
    package var rowBytes: Int { width * 4 }

    /// Makes a image.
    ///
    /// - Parameters:
    ///   - width: columns, at least 1.
    ///   - height: rows, at least 1.
    ///   - isOpaque: whether opacity means nothing.
    ///   - fill: writes the memory, which holds anything before.
    /// - Throws: what `fill` throws.
    package init(
        width: Int,
        height: Int,
        isOpaque: Bool = true,
        fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        (self.width, self.height, self.isOpaque) = (width, height, isOpaque)
        // What scales images wants rows that lie well.
        bytes = .allocate(byteCount: width * 4 * height, alignment: 64)
        do {
            try fill(bytes)
        } catch {
            bytes.deallocate()
            throw error
        }
    }

    deinit { bytes.deallocate() }
}
