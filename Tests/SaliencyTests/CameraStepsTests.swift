import Saliency
import Testing

@Suite("What the camera's motion explains, over several frames")
struct CameraStepsTests {
    private let size = MapSize(frameWidth: 320, frameHeight: 180, places: 6420)
    private let texture = Texture(colour: (120, 128, 128), contrast: 60, grain: 6, seed: 12)

    /// Luma at twice the map's size, of a texture that has gone some fine samples to the right, with
    /// a square of another texture that stays.
    private func image(_ gone: Float, square: Bool = false) -> [UInt8] {
        let other = Texture(colour: (120, 128, 128), contrast: 60, grain: 6, seed: 13)
        return (0..<size.flowWidth * size.flowHeight).map { place in
            let (x, y) = (Float(place % size.flowWidth), Float(place / size.flowWidth))
            let isSquare = square && (80..<120).contains(x) && (40..<80).contains(y)
            let value = isSquare ? other.luma(x, y) : texture.luma(x - gone, y)
            return UInt8(min(max(value.rounded(), 0), 255))
        }
    }

    /// Errors over as many frames as there are images after the first one.
    private func errors(_ images: [[UInt8]], pan: Float) -> [Float] {
        errors(images, PlanarMotion(values: [pan, 0, 0, 0, 0, 0, 0, 0]))
    }

    private func errors(_ images: [[UInt8]], _ motion: PlanarMotion) -> [Float] {
        func lend(_ rest: ArraySlice<[UInt8]>, _ all: [UnsafePointer<UInt8>]) -> [Float] {
            guard let next = rest.first else {
                let motions = [PlanarMotion](repeating: motion, count: all.count - 1)
                return CameraSteps(size: size, frames: Array(all.dropFirst()), motions: motions)
                    .errors(of: all[0])
            }
            return next.withUnsafeBufferPointer { buffer in
                lend(rest.dropFirst(), all + (buffer.baseAddress.map { [$0] } ?? []))
            }
        }
        return lend(images[...], [])
    }

    private func mean(_ errors: [Float], _ isMeant: (Int, Int) -> Bool) -> Float {
        let values = errors.indices.filter { isMeant($0 % size.width, $0 / size.width) }
            .map { errors[$0] }.filter { $0 >= 0 }
        return values.reduce(0, +) / Float(max(values.count, 1))
    }

    @Test("A panned image is explained, whatever the gap", arguments: [1, 2, 4, 8])
    func explained(gap: Int) {
        // 1.5 places are 3 fine samples.
        let images = (0...gap).map { image(3 * Float($0)) }
        let errors = errors(images, pan: 1.5)
        #expect(errors.count == size.count)
        #expect(errors.allSatisfy { $0 < 1.5 })
        #expect(mean(self.errors(images, pan: 0)) { _, _ in true } > 10)
    }

    @Test("A zoom and a turn are explained, about the centre of the frame", arguments: [1, 3])
    func about(gap: Int) {
        // A place in the middle of the map is at its half width and height; a fine sample is a
        // quarter of a place from the centre of its own place.
        let (zoom, turn): (Float, Float) = (0.06, 0.05)
        let centre = (x: Float(size.width) + 0.5, y: Float(size.height) + 0.5)
        let motion = PlanarMotion(
            values: [
                0, zoom * size.unit, -turn * size.unit, 0, turn * size.unit, zoom * size.unit, 0, 0,
            ]
        )
        // The inverse of one step.
        let scale = 1 / ((1 + zoom) * (1 + zoom) + turn * turn)
        let images = (0...gap).map { step in
            (0..<size.flowWidth * size.flowHeight).map { place in
                var x = Float(place % size.flowWidth) - centre.x
                var y = Float(place / size.flowWidth) - centre.y
                for _ in 0..<step {
                    (x, y) = (
                        ((1 + zoom) * x + turn * y) * scale, ((1 + zoom) * y - turn * x) * scale
                    )
                }
                let value = texture.luma(x + centre.x, y + centre.y)
                return UInt8(min(max(value.rounded(), 0), 255))
            }
        }
        let explained = mean(errors(images, motion)) { _, _ in true }
        var away = motion
        away.values[0] += 0.1
        away.values[3] += 0.1
        let unexplained = mean(errors(images, away)) { _, _ in true }
        #expect(explained < 0.7, "\(explained)")
        #expect(unexplained > 2 * explained, "\(unexplained)")
    }

    @Test("What does not move with the camera is not explained")
    func unexplained() {
        let images = (0...2).map { image(3 * Float($0), square: true) }
        let errors = errors(images, pan: 1.5)
        #expect(mean(errors) { (42..<58).contains($0) && (22..<38).contains($1) } > 10)
        #expect(mean(errors) { column, _ in column < 30 || column > 65 && column < 100 } < 1)
    }

    @Test("Places that leave the image are compared with the last frame that shows them")
    func leaving() {
        let gap = 4
        let images = (0...gap).map { image(20 * Float($0)) }
        let errors = errors(images, pan: 10)
        // In one step no place farther than 10 from the right edge leaves; in four all before 40 do
        // not. The rest is seen in between.
        for column in [5, 50, 70, 80, 90] {
            let error = mean(errors) { x, _ in x == column }
            #expect(error < 1.5, "\(column): \(error)")
        }
        let unseen = errors.indices.filter { $0 % size.width >= size.width - 10 }
        #expect(unseen.allSatisfy { errors[$0] == -1 })
        let seen = errors.indices.filter { $0 % size.width < size.width - 11 }
        #expect(seen.allSatisfy { errors[$0] >= 0 })
    }

    @Test("Without a frame to compare nothing is known")
    func alone() {
        #expect(errors([image(0)], pan: 1).allSatisfy { $0 == -1 })
    }
}
