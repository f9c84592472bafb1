import Imaging

/// A clip drawn by rule: textured shapes that move over a textured background that may pan.
struct Scene {
    /// One shape; positions are of its centre, in the frame.
    struct Shape {
        var texture: Texture
        var halfWidth: Float
        var halfHeight: Float
        var isRound = true
        /// Where the centre is in each frame.
        var place: @Sendable (Int) -> (Float, Float)
        /// Whether the shape is the object that the mask should show.
        var isObject = true

        func covers(_ x: Float, _ y: Float, frame: Int) -> Bool {
            let (centreX, centreY) = place(frame)
            let across = (x - centreX) / halfWidth
            let down = (y - centreY) / halfHeight
            if isRound { return across * across + down * down <= 1 }
            return abs(across) <= 1 && abs(down) <= 1
        }
    }

    var width = 320
    var height = 180
    var background: Texture
    /// How far the background has moved in each frame.
    var pan: @Sendable (Int) -> (Float, Float) = { _ in (0, 0) }
    var shapes: [Shape] = []
    /// Greatest departure of the luma noise, new in every frame.
    var noise: Float = 2
    /// Added to the luma of a frame.
    var light: @Sendable (Int) -> Float = { _ in 0 }

    /// Draws one frame.
    func frame(_ index: Int) -> VideoFrame {
        let chromaWidth = (width + 1) / 2
        let chromaHeight = (height + 1) / 2
        var luma: [UInt8] = []
        var blue = [UInt8](repeating: 0, count: chromaWidth * chromaHeight)
        var red = blue
        luma.reserveCapacity(width * height)
        var random = RandomSource(seed: UInt64(index) + 77)
        let (panX, panY) = pan(index)
        for y in 0..<height {
            for x in 0..<width {
                var texture = background
                var origin = (panX, panY)
                for shape in shapes where shape.covers(Float(x), Float(y), frame: index) {
                    texture = shape.texture
                    origin = shape.place(index)
                }
                let value = texture.luma(Float(x) - origin.0, Float(y) - origin.1)
                luma.append(byte(value + light(index) + random.signed() * noise))
                if x % 2 == 0, y % 2 == 0 {
                    let at = y / 2 * chromaWidth + x / 2
                    blue[at] = byte(texture.colour.1)
                    red[at] = byte(texture.colour.2)
                }
            }
        }
        let samples = luma + blue + red
        let pixels = PixelBuffer(byteCount: samples.count) { $0.copyBytes(from: samples) }
        return VideoFrame(
            index: index,
            time: nil,
            width: width,
            height: height,
            format: .yuv420p,
            pixels: pixels
        )
    }

    /// The mask that the frame should get.
    func truth(_ index: Int) -> [Bool] {
        (0..<width * height).map { at in
            let x = Float(at % width)
            let y = Float(at / width)
            // Of overlapping shapes the last one is seen.
            return shapes.last { $0.covers(x, y, frame: index) }?.isObject ?? false
        }
    }

    private func byte(_ value: Float) -> UInt8 {
        UInt8(min(max(value.rounded(), 0), 255))
    }
}
