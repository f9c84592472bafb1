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
        let pan = pan(index)
        let light = light(index)
        return VideoFrame(drawing: index, width: width, height: height, noise: noise) { x, y in
            let (x, y) = (Float(x), Float(y))
            var texture = background
            var origin = pan
            for shape in shapes where shape.covers(x, y, frame: index) {
                texture = shape.texture
                origin = shape.place(index)
            }
            let luma = texture.luma(x - origin.0, y - origin.1) + light
            return (luma, texture.colour.1, texture.colour.2)
        }
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
}
