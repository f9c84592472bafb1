/// One decoded picture of a video.
package struct VideoFrame: Sendable {
    /// Number of the frame in presentation order, from 0.
    package let index: Int
    /// Presentation time in seconds, nil where the video has none for this frame.
    package let time: Double?
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// How the samples lie in `pixels`.
    package let format: PixelFormat
    /// The samples, `format.byteCount(width:height:)` bytes.
    package let pixels: PixelBuffer

    /// Puts a frame together from its parts.
    package init(
        index: Int,
        time: Double?,
        width: Int,
        height: Int,
        format: PixelFormat,
        pixels: PixelBuffer
    ) {
        self.index = index
        self.time = time
        self.width = width
        self.height = height
        self.format = format
        self.pixels = pixels
    }

    /// Lends the samples of one plane for reading; the pointer must not leave `body`.
    ///
    /// - Parameters:
    ///   - number: 0 is the only plane, or luma; 1 and 2 are the chroma planes Cb and Cr.
    ///   - body: takes the plane's layout and its samples.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    package func withPlane<Result, Failure: Error>(
        _ number: Int,
        _ body: (PlaneLayout, UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let plane = format.planes(width: width, height: height)[number]
        return try pixels.withUnsafeBytes { (bytes) throws(Failure) -> Result in
            let samples = UnsafeRawBufferPointer(
                rebasing: bytes[plane.offset..<plane.offset + plane.byteCount]
            )
            return try body(plane, samples.assumingMemoryBound(to: UInt8.self))
        }
    }
}
