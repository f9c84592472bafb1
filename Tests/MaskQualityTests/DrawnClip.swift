import Imaging

/// Frames of a textured disc that goes over a textured ground, and their true masks.
struct DrawnClip: Sendable {
    let width = 320
    let height = 180
    let radius: Float = 32
    /// Pixels to the right from one frame to the next.
    var speed: Float = 3
    /// Where the disc is on the first frame.
    var start: Float = 80
    /// Makes another ground.
    var seed: Float = 0

    /// The disc's centre on a frame.
    func centre(_ frame: Int) -> (x: Float, y: Float) { (start + speed * Float(frame), 90) }

    func mask(_ frame: Int, shift: Float = 0, growth: Float = 0) -> GrayImage {
        let (x, y) = centre(frame)
        var pixels = [UInt8](repeating: 0, count: width * height)
        for row in 0..<height {
            for column in 0..<width {
                let (dx, dy) = (Float(column) - x - shift, Float(row) - y)
                let isInside = (dx * dx + dy * dy).squareRoot() <= radius + growth
                pixels[row * width + column] = isInside ? 255 : 0
            }
        }
        return GrayImage(width: width, height: height, pixels: pixels)
    }

    func frame(_ index: Int, number: Int? = nil) -> VideoFrame {
        let (x, y) = centre(index)
        let count = width * height
        var samples = [UInt8](repeating: 0, count: count * 3 / 2)
        func isInside(_ column: Int, _ row: Int) -> Bool {
            let (dx, dy) = (Float(column) - x, Float(row) - y)
            return (dx * dx + dy * dy).squareRoot() <= radius
        }
        for row in 0..<height {
            for column in 0..<width {
                let inside = isInside(column, row)
                let u = inside ? Float(column) - x : Float(column)
                let v = inside ? Float(row) - y : Float(row)
                let noise = Self.wave(u + (inside ? 500 : seed), v)
                samples[row * width + column] = UInt8((inside ? 170 : 80) + 25 * noise)
            }
        }
        for row in 0..<height / 2 {
            for column in 0..<width / 2 {
                let inside = isInside(2 * column, 2 * row)
                samples[count + row * width / 2 + column] = inside ? 90 : 140
                samples[count * 5 / 4 + row * width / 2 + column] = inside ? 190 : 110
            }
        }
        return VideoFrame(
            index: number ?? index,
            time: nil,
            width: width,
            height: height,
            format: .yuv420p,
            pixels: PixelBuffer(byteCount: samples.count) { $0.copyBytes(from: samples) }
        )
    }

    /// A texture in −1…1: triangle waves of several lengths and directions.
    private static func wave(_ x: Float, _ y: Float) -> Float {
        func triangle(_ value: Float) -> Float {
            let part = value - value.rounded(.down)
            return 4 * abs(part - 0.5) - 1
        }
        return 0.4 * triangle((x + 0.3 * y) / 23) + 0.3 * triangle((y - 0.6 * x) / 17)
            + 0.3 * triangle((x + 1.7 * y) / 41)
    }
}
