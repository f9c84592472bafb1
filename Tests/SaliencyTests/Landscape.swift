import Imaging
import TestSupport

/// Textured layers at several depths, past which a camera moves. Nothing in it moves by itself.
struct Landscape {
    /// One layer; positions are its own, and the same in every frame.
    struct Layer {
        let texture: FractalTexture
        /// Samples that it moves for each sample of the camera's way.
        let nearness: Float
        /// Where it begins, from the upper edge, and how far that goes up and down; nil: everywhere.
        let skyline: (level: Float, height: Float)?
        private let outline: ValueNoise

        init(_ seed: UInt64, nearness: Float, skyline: (level: Float, height: Float)? = nil) {
            (self.nearness, self.skyline) = (nearness, skyline)
            texture = FractalTexture(seed: seed)
            outline = ValueNoise(seed: seed + 1000)
        }

        func covers(_ x: Float, _ y: Float) -> Bool {
            guard let skyline else { return true }
            let hills = outline.smooth(x / 40, 0) + 0.4 * outline.smooth(x / 13, 30)
            return y > skyline.level + skyline.height * hills
        }
    }

    var width = 320
    var height = 180
    /// The farthest one first.
    let layers: [Layer]

    /// What the camera sees from a place, and how much larger than from the front.
    func frame(_ index: Int, from camera: (x: Float, y: Float), zoom: Float = 1) -> VideoFrame {
        let (centreX, centreY) = (Float(width) / 2, Float(height) / 2)
        return VideoFrame(drawing: index, width: width, height: height, noise: 2) { x, y in
            let across = (Float(x) - centreX) / zoom + centreX
            let down = (Float(y) - centreY) / zoom + centreY
            for layer in layers.reversed() {
                let place = (across + camera.x * layer.nearness, down + camera.y * layer.nearness)
                if layer.covers(place.0, place.1) {
                    return layer.texture.colour(place.0, place.1, x % 2 == 0 && y % 2 == 0)
                }
            }
            return (16, 128, 128)
        }
    }

    /// A wall or a meadow: a single texture without end.
    static func plain(_ seed: UInt64) -> Landscape {
        Landscape(layers: [Layer(seed, nearness: 1)])
    }

    /// Hills before a sky, the front ones twice as near as the next.
    static func hills(_ seed: UInt64, rows: Int) -> Landscape {
        let far = [Layer(seed, nearness: 0.5), Layer(seed + 1, nearness: 1, skyline: (80, 20))]
        let near = Layer(seed + 2, nearness: 2, skyline: (130, 20))
        return Landscape(layers: rows == 2 ? [far[0], far[1]] : far + [near])
    }
}

/// Luma and colours with detail of all sizes, as most surfaces have.
struct FractalTexture {
    private let noises: [ValueNoise]

    init(seed: UInt64) {
        var random = RandomSource(seed: seed)
        noises = (0..<3).map { _ in ValueNoise(&random) }
    }

    /// The colour at a place; without chroma where nobody looks at it.
    func colour(_ x: Float, _ y: Float, _ hasChroma: Bool) -> Colour {
        func sum(_ noise: ValueNoise) -> Float {
            var (sum, grain, height, octave): (Float, Float, Float, Float) = (0, 64, 1, 0)
            while grain >= 4 {
                sum += height * noise.smooth(x / grain + octave * 17, y / grain + octave * 29)
                grain /= 2
                height *= 0.6
                octave += 1
            }
            return sum
        }
        let luma = 115 + 45 * sum(noises[0])
        guard hasChroma else { return (luma, 128, 128) }
        return (luma, 122 + 20 * sum(noises[1]), 130 + 20 * sum(noises[2]))
    }
}
