import Imaging
import Saliency

extension SaliencyMap {
    /// The map at full size, 0...255, drawn plainly from the coefficients.
    func fullSize() -> GrayImage {
        let (slope, base, factor) = coefficients
        let columns = (0..<frame.width).map { Neighbours(of: $0, factor: factor, count: width) }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(frame.width * frame.height)
        frame.withPlane(0) { layout, luma in
            for y in 0..<frame.height {
                let rows = Neighbours(of: y, factor: factor, count: height)
                let slopes = rows.mixedRow(of: slope, width: width)
                let bases = rows.mixedRow(of: base, width: width)
                for (x, column) in columns.enumerated() {
                    let sample = Float(luma[y * layout.bytesPerRow + x]) / 255
                    let value = column.mixed(slopes) * sample + column.mixed(bases)
                    pixels.append(UInt8((min(max(value, 0), 1) * 255).rounded()))
                }
            }
        }
        return GrayImage(width: frame.width, height: frame.height, pixels: pixels)
    }
}

/// The small samples about a full-size one along one direction, and how far it is from the first
/// to the second.
private struct Neighbours {
    private let first: Int
    private let second: Int
    private let part: Float

    init(of sample: Int, factor: Int, count: Int) {
        let position = (Float(sample) + 0.5) / Float(factor) - 0.5
        let cell = Int(position.rounded(.down))
        first = max(cell, 0)
        second = min(cell + 1, count - 1)
        part = position - position.rounded(.down)
    }

    func mixed(_ values: [Float]) -> Float {
        values[first] + (values[second] - values[first]) * part
    }

    func mixedRow(of values: [Float], width: Int) -> [Float] {
        (0..<width).map { x in
            let upper = values[first * width + x]
            return upper + (values[second * width + x] - upper) * part
        }
    }
}
