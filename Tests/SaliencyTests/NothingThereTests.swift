import Imaging
import MaskStore
import Saliency
import TestSupport
import Testing

/// Where there is no object, masks are empty or the clip's confidence warns.
@Suite("Scenes in which nothing moves by itself")
struct NothingThereTests {
    /// The clip's confidence, as the manifest has it.
    private func confidence(_ frames: [VideoFrame]) -> Double {
        let found = maps(of: frames)
        #expect(found.count == frames.count)
        return found.reduce(0) { $0 + Double($1.confidence) } / Double(max(found.count, 1))
    }

    @Test("A pan over a still", arguments: [(1, 0.8), (2, 3), (3, 6)] as [(UInt64, Float)])
    func pan(seed: UInt64, speed: Float) {
        let still = Landscape.plain(10 * seed)
        let frames = (0..<24).map {
            still.frame($0, from: (speed * Float($0), 0.2 * speed * Float($0)))
        }
        #expect(confidence(frames) < MaskConfidence.level)
    }

    @Test("A zoom into a still", arguments: [0.005, 0.02] as [Float])
    func zoom(speed: Float) {
        let still = Landscape.plain(40)
        let frames = (0..<24).map {
            still.frame($0, from: (100, 0), zoom: 1 + speed * Float($0))
        }
        #expect(confidence(frames) < MaskConfidence.level)
    }

    @Test("A camera in a hand that shakes")
    func shake() {
        let still = Landscape.plain(50)
        let frames = (0..<24).map { index in
            let (x, y) = ([0, 3, 1, -2, 4, -3, 2][index % 7], [1, -2, 0, 3, -1][index % 5])
            return still.frame(index, from: (Float(x), Float(y)))
        }
        #expect(confidence(frames) < MaskConfidence.level)
    }

    @Test("Hills at two and three distances, past which the camera travels", arguments: [2, 3])
    func parallax(rows: Int) {
        for (seed, speed) in [(10, 1.5), (20, 6)] as [(UInt64, Float)] {
            let hills = Landscape.hills(seed, rows: rows)
            let frames = (0..<24).map { hills.frame($0, from: (speed * Float($0), 0)) }
            #expect(confidence(frames) < MaskConfidence.level, "\(seed) at \(speed)")
        }
    }

    /// Shapes of all colours that move so many times as far as the ground behind them.
    private func things(_ count: Int, seed: UInt64, pan: Float) -> [Scene.Shape] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { number in
            let texture = Texture(
                colour: (
                    128 + 60 * random.signed(), 128 + 40 * random.signed(),
                    128 + 40 * random.signed()
                ),
                contrast: 20 + 10 * random.signed(),
                seed: random.next()
            )
            let (x, y) = (250 + 250 * random.signed(), 90 + 90 * random.signed())
            return Scene.Shape(
                texture: texture,
                halfWidth: 25 + 15 * random.signed(),
                halfHeight: 25 + 15 * random.signed(),
                isRound: number % 2 == 0,
                place: { (x - pan * Float($0), y) },
                isObject: false
            )
        }
    }

    @Test(
        "Things at one and two distances, past which the camera travels",
        arguments: [[1.5], [2.5], [1.4, 2], [2, 4]] as [[Float]]
    )
    func near(nearness: [Float]) {
        for (count, pan) in [(3, 1), (8, 3)] as [(Int, Float)] {
            let shapes = nearness.enumerated().flatMap { number, factor in
                things(count, seed: UInt64(100 * count + number), pan: pan * factor)
            }
            let scene = Scene(
                background: SampleScenes.meadow,
                pan: { (-pan * Float($0), 0) },
                shapes: shapes
            )
            let confidence = confidence((0..<24).map(scene.frame))
            #expect(confidence < MaskConfidence.level, "\(count) things, pan \(pan)")
        }
    }

    @Test("A pan over a still with things on it", arguments: [3, 12, 40])
    func still(count: Int) {
        let scene = Scene(
            background: SampleScenes.meadow,
            pan: { (-2 * Float($0), 0) },
            shapes: things(count, seed: UInt64(count), pan: 2)
        )
        #expect(confidence((0..<24).map(scene.frame)) < MaskConfidence.level)
    }

    @Test("Combed footage", arguments: [0, 1, 5] as [Float])
    func combed(speed: Float) {
        for landscape in [Landscape.plain(60), .hills(70, rows: 2)] {
            let frames = (0..<24).map { index in
                // The second field is half a frame later, and has its own noise.
                let fields = [Float(index), Float(index) + 0.5].map { time in
                    landscape.frame(
                        Int(2 * time),
                        from: (speed * time, 0.5 * speed * time)
                    )
                }
                return fields[0].combed(with: fields[1]).numbered(index)
            }
            #expect(confidence(frames) < MaskConfidence.level)
        }
    }
}
