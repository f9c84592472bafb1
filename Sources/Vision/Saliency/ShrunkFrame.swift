import Imaging

/// A frame's samples at twice the map's size, as bytes: what all analysis starts from.
package struct ShrunkFrame: Sendable {
    /// The frame's number and time.
    package let index: Int
    package let time: Double?
    /// Luma, stretched to the whole range of a byte, and the colour differences.
    package var luma: [UInt8]
    package var blue: [UInt8]
    package var red: [UInt8]

    /// - Parameters:
    ///   - frame: the frame, yuv420p.
    ///   - size: the sizes of the analysis.
    package init(_ frame: VideoFrame, size: MapSize) {
        (index, time) = (frame.index, frame.time)
        luma = Self.reduced(frame, plane: 0, size: size).values.map { value in
            UInt8(min(max((value - 16) * (255.0 / 219) + 0.5, 0), 255))
        }
        blue = Self.reduced(frame, plane: 1, size: size).values.map { UInt8($0 + 0.5) }
        red = Self.reduced(frame, plane: 2, size: size).values.map { UInt8($0 + 0.5) }
    }

    private static func reduced(_ frame: VideoFrame, plane number: Int, size: MapSize) -> Plane {
        frame.withPlane(number) { layout, samples in
            guard let base = samples.baseAddress else {
                return Plane(width: size.flowWidth, height: size.flowHeight)
            }
            let area = size.content.scaled(to: layout, of: size)
            return AreaMean.reduce(
                base + area.top * layout.bytesPerRow + area.left,
                width: area.width,
                height: area.height,
                bytesPerRow: layout.bytesPerRow,
                toWidth: size.flowWidth,
                height: size.flowHeight
            )
        }
    }
}
