/// How the samples of a picture lie in memory. The raw values are FFmpeg's names.
package enum PixelFormat: String, Sendable, CaseIterable {
    /// 8-bit grey, one plane.
    case gray8 = "gray"
    /// 8-bit red, green, blue, interleaved, one plane.
    case rgb24
    /// 8-bit Y'CbCr, three planes, both chroma planes halved in each direction (rounded up).
    case yuv420p

    /// The planes of a picture of this format, in the order in which they lie in memory,
    /// without padding between rows or planes.
    package func planes(width: Int, height: Int) -> [PlaneLayout] {
        switch self {
        case .gray8:
            return [PlaneLayout(offset: 0, bytesPerRow: width, width: width, height: height)]
        case .rgb24:
            return [PlaneLayout(offset: 0, bytesPerRow: width * 3, width: width, height: height)]
        case .yuv420p:
            let luma = PlaneLayout(offset: 0, bytesPerRow: width, width: width, height: height)
            let chromaWidth = (width + 1) / 2
            let chromaHeight = (height + 1) / 2
            let blue = PlaneLayout(
                offset: luma.byteCount,
                bytesPerRow: chromaWidth,
                width: chromaWidth,
                height: chromaHeight
            )
            let red = PlaneLayout(
                offset: blue.offset + blue.byteCount,
                bytesPerRow: chromaWidth,
                width: chromaWidth,
                height: chromaHeight
            )
            return [luma, blue, red]
        }
    }

    /// Bytes that one picture takes.
    package func byteCount(width: Int, height: Int) -> Int {
        planes(width: width, height: height).reduce(0) { $0 + $1.byteCount }
    }
}

/// Where one plane of a picture lies inside the picture's memory.
package struct PlaneLayout: Sendable, Equatable {
    /// Bytes from the start of the picture to the plane's first sample.
    package let offset: Int
    /// Bytes from one row to the next.
    package let bytesPerRow: Int
    /// Samples in a row.
    package let width: Int
    /// Rows.
    package let height: Int

    /// Bytes that the plane takes.
    package var byteCount: Int { bytesPerRow * height }
}
