import TestSupport

/// Two images of textured layers that move by rule, and the motion of every sample between them.
///
/// Nothing but basic arithmetic is used, so the images are the same on every machine;
/// `Benchmarks/flow` gives them to OpenCV as well.
struct FlowScene {
    /// Moves, turns and enlarges about a centre.
    struct Motion {
        var x: Float = 0
        var y: Float = 0
        /// Tangent of half the angle.
        var turn: Float = 0
        var zoom: Float = 1

        private var cosine: Float { zoom * (1 - turn * turn) / (1 + turn * turn) }
        private var sine: Float { zoom * 2 * turn / (1 + turn * turn) }

        /// Where a place relative to the centre goes.
        func forwards(_ place: (x: Float, y: Float)) -> (x: Float, y: Float) {
            (
                place.x * cosine - place.y * sine + x,
                place.x * sine + place.y * cosine + y
            )
        }

        func backwards(_ place: (x: Float, y: Float)) -> (x: Float, y: Float) {
            let (awayX, awayY) = (place.x - x, place.y - y)
            let size = zoom * zoom
            return (
                (awayX * cosine + awayY * sine) / size,
                (awayY * cosine - awayX * sine) / size
            )
        }
    }

    struct Layer {
        var texture: Texture
        var motion: Motion
        /// Half the width and the height of an ellipse or a rectangle; nil: everywhere.
        var extent: (x: Float, y: Float)?
        var isRound = true
        /// Relative to the centre of the image.
        var centre: (x: Float, y: Float) = (0, 0)

        func covers(_ place: (x: Float, y: Float)) -> Bool {
            guard let extent else { return true }
            let (across, down) = (place.x / extent.x, place.y / extent.y)
            return isRound
                ? across * across + down * down <= 1 : abs(across) <= 1 && abs(down) <= 1
        }
    }

    let name: String
    var width = 214
    var height = 120
    /// The farthest one first.
    var layers: [Layer]
    /// Greatest departure of the noise, new in each image.
    var noise: Float = 2
    /// Added to the second image.
    var light: Float = 0

    /// The first image (time 0) or the second one (time 1), each sample the mean of nine.
    func luma(_ time: Int) -> [UInt8] {
        var random = RandomSource(seed: UInt64(time) + 5)
        var result: [UInt8] = []
        result.reserveCapacity(width * height)
        for y in 0..<height {
            for x in 0..<width {
                var sum: Float = 0
                for row in -1...1 {
                    for column in -1...1 {
                        let place = (Float(x) + Float(column) / 3, Float(y) + Float(row) / 3)
                        sum += value(time, place)
                    }
                }
                let value = sum / 9 + random.signed() * noise + (time == 1 ? light : 0)
                result.append(UInt8(min(max(value.rounded(), 0), 255)))
            }
        }
        return result
    }

    /// The motion of every sample of the first image.
    func truth() -> (u: [Float], v: [Float]) {
        var u: [Float] = []
        var v: [Float] = []
        for y in 0..<height {
            for x in 0..<width {
                for layer in layers.reversed() {
                    let place = relative((Float(x), Float(y)), layer)
                    guard layer.covers(place) else { continue }
                    let end = layer.motion.forwards(place)
                    u.append(end.x - place.x)
                    v.append(end.y - place.y)
                    break
                }
            }
        }
        return (u, v)
    }

    private func relative(_ place: (Float, Float), _ layer: Layer) -> (x: Float, y: Float) {
        (
            place.0 - Float(width - 1) / 2 - layer.centre.x,
            place.1 - Float(height - 1) / 2 - layer.centre.y
        )
    }

    private func value(_ time: Int, _ place: (Float, Float)) -> Float {
        for layer in layers.reversed() {
            let now = relative(place, layer)
            let then = time == 0 ? now : layer.motion.backwards(now)
            if layer.covers(then) { return layer.texture.value(then) }
        }
        return 0
    }
}

/// Smooth random noise of several grains, each coarser one with more contrast.
struct Texture {
    var mean: Float = 120
    var contrast: Float = 60
    /// Samples between two random values of the coarsest noise.
    var grain: Float = 32
    /// Contrast of each finer noise of the coarser one's.
    var roughness: Float = 0.6
    private let noise: ValueNoise

    init(seed: UInt64, mean: Float = 120, contrast: Float = 60, grain: Float = 32) {
        (self.mean, self.contrast, self.grain) = (mean, contrast, grain)
        noise = ValueNoise(seed: seed)
    }

    func value(_ place: (x: Float, y: Float)) -> Float {
        var result = mean
        var (size, height, octave) = (grain, contrast, Float(0))
        while size >= 2 {
            // Each noise starts elsewhere.
            result +=
                height
                * noise.smooth(place.x / size + octave * 17, place.y / size + octave * 29)
            size /= 2
            height *= roughness
            octave += 1
        }
        return result
    }
}
