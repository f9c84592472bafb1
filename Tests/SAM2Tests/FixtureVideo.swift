import Imaging
import TestSupport

/// A video of the fixtures, frame by frame.
struct FixtureVideo {
    let width: Int
    let height: Int
    let count: Int
    private let values: [UInt8]

    init(_ name: String) throws {
        let (shape, values) = try Sam2Fixtures.tensors("videos").bytes(name)
        (count, height, width) = (shape[0], shape[1], shape[2])
        self.values = values
    }

    func frame(_ index: Int) -> VideoFrame {
        let length = width * height * 3
        return VideoFrame(
            index: index,
            time: nil,
            width: width,
            height: height,
            format: .rgb24,
            pixels: PixelBuffer(byteCount: length) { target in
                target.copyBytes(from: values[index * length..<(index + 1) * length])
            }
        )
    }
}
