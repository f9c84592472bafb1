import Imaging
import TestSupport

/// Y', Cb and Cr of a sample.
typealias Colour = (luma: Float, blue: Float, red: Float)

extension VideoFrame {
    /// Draws a frame, yuv420p.
    ///
    /// - Parameters:
    ///   - index: its number.
    ///   - width: columns.
    ///   - height: rows.
    ///   - noise: greatest departure of the luma noise, another one for each number.
    ///   - colour: of each sample, by column and row.
    init(
        drawing index: Int,
        width: Int,
        height: Int,
        noise: Float,
        _ colour: (Int, Int) -> Colour
    ) {
        var luma: [UInt8] = []
        var blue: [UInt8] = []
        var red: [UInt8] = []
        luma.reserveCapacity(width * height)
        var random = RandomSource(seed: UInt64(index) + 77)
        for y in 0..<height {
            for x in 0..<width {
                let colour = colour(x, y)
                luma.append(Self.byte(colour.luma + random.signed() * noise))
                if x % 2 == 0, y % 2 == 0 {
                    blue.append(Self.byte(colour.blue))
                    red.append(Self.byte(colour.red))
                }
            }
        }
        self.init(index, nil, width, height, luma + blue + red)
    }

    private init(_ index: Int, _ time: Double?, _ width: Int, _ height: Int, _ samples: [UInt8]) {
        self.init(
            index: index,
            time: time,
            width: width,
            height: height,
            format: .yuv420p,
            pixels: PixelBuffer(byteCount: samples.count) { $0.copyBytes(from: samples) }
        )
    }

    private static func byte(_ value: Float) -> UInt8 {
        UInt8(min(max(value.rounded(), 0), 255))
    }

    /// The same samples under another number.
    func numbered(_ number: Int) -> VideoFrame {
        VideoFrame(
            index: number,
            time: time,
            width: width,
            height: height,
            format: format,
            pixels: pixels
        )
    }

    /// The frame with grey drawn over it: the luma at a column and row; nil where the frame shows.
    func covered(_ grey: (Int, Int) -> UInt8?) -> VideoFrame {
        var samples = pixels.withUnsafeBytes { Array($0) }
        let planes = format.planes(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width {
                guard let luma = grey(x, y) else { continue }
                samples[y * width + x] = luma
                for plane in planes.dropFirst() {
                    samples[plane.offset + y / 2 * plane.bytesPerRow + x / 2] = 128
                }
            }
        }
        return VideoFrame(index, time, width, height, samples)
    }

    /// Luma and colours times a gain, from black on: a fade.
    func faded(by gain: Float) -> VideoFrame {
        let samples = pixels.withUnsafeBytes { bytes in
            bytes.enumerated().map { place, value in
                let black: Float = place < width * height ? 16 : 128
                return Self.byte((Float(value) - black) * gain + black)
            }
        }
        return VideoFrame(index, time, width, height, samples)
    }

    /// Every second row from another frame: interlaced footage that nobody has deinterlaced.
    func combed(with other: VideoFrame) -> VideoFrame {
        var samples = pixels.withUnsafeBytes { Array($0) }
        let others = other.pixels.withUnsafeBytes { Array($0) }
        for plane in format.planes(width: width, height: height) {
            for y in stride(from: 1, to: plane.height, by: 2) {
                let start = plane.offset + y * plane.bytesPerRow
                let row = start..<start + plane.width
                samples.replaceSubrange(row, with: others[row])
            }
        }
        return VideoFrame(index, time, width, height, samples)
    }
}
