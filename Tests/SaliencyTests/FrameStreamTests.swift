import Imaging
import Saliency
import Testing

@Suite("Cuts, repeated frames, flashes and fades")
struct FrameStreamTests {
    private static let (width, height) = (160, 90)
    private static let size = MapSize(frameWidth: width, frameHeight: height, places: 6420)
    private static let tuning = SaliencyTuning.standard.stream

    /// What the stream says of frames.
    private struct Steps {
        /// Frames that begin a scene, the first one among them.
        var cuts: [Int] = []
        var repeated: [Int] = []
        var order: [Int] = []
    }

    private func steps(_ frames: [VideoFrame]) -> Steps {
        var stream = FrameStream(size: Self.size, tuning: Self.tuning)
        var all: [FrameStream.Step] = []
        for frame in frames {
            let decided = stream.add(ShrunkFrame(frame, size: Self.size))
            #expect(decided.count <= 1)
            all += decided
        }
        all += stream.finish()
        var steps = Steps()
        for step in all {
            switch step {
            case .frame(let frame, let beginsScene):
                if beginsScene { steps.cuts.append(frame.index) }
                steps.order.append(frame.index)
            case .repeated(let index, _):
                steps.repeated.append(index)
                steps.order.append(index)
            }
        }
        return steps
    }

    /// A shot that pans, with something that moves.
    private func shot(_ seed: UInt64, colour: (Float, Float, Float), pan: Float = 2) -> Scene {
        Scene(
            width: Self.width,
            height: Self.height,
            background: Texture(colour: colour, contrast: 35, seed: seed),
            pan: { (pan * Float($0), 0) },
            shapes: [SampleScenes.object(radius: 18) { (40 + 3 * Float($0), 45) }]
        )
    }

    private var meadow: Scene { shot(1, colour: (110, 118, 122)) }
    private var dusk: Scene { shot(2, colour: (60, 140, 120)) }

    private func numbered(_ frames: [VideoFrame]) -> [VideoFrame] {
        frames.enumerated().map { $1.numbered($0) }
    }

    @Test("A hard cut is found once, at its frame", arguments: [1, 2, 5, 13, 27, 29])
    func cut(place: Int) {
        let frames = numbered(
            (0..<place).map(meadow.frame) + (0..<30 - place).map(dusk.frame)
        )
        let steps = steps(frames)
        #expect(steps.cuts == [0, place])
        #expect(steps.repeated.isEmpty)
        #expect(steps.order == Array(0..<30))
    }

    @Test("Shots of ten frames are told apart")
    func shots() {
        let scenes = [meadow, dusk, shot(3, colour: (170, 100, 140)), meadow]
        let steps = steps(numbered(scenes.flatMap { (0..<10).map($0.frame) }))
        #expect(steps.cuts == [0, 10, 20, 30])
    }

    @Test("Pans, however fast, are no cuts", arguments: [0, 1, 5, 20, 60] as [Float])
    func pans(pan: Float) {
        let scene = shot(4, colour: (110, 118, 122), pan: pan)
        #expect(steps((0..<30).map(scene.frame)).cuts == [0])
    }

    @Test("Frames of 24 per second that are shown at 30 add nothing the second time")
    func pulldown() {
        let scene = meadow
        let frames = (0..<40).map { scene.frame($0 * 4 / 5).numbered($0) }
        let steps = steps(frames)
        #expect(steps.repeated == (0..<40).filter { $0 > 0 && $0 * 4 / 5 == ($0 - 1) * 4 / 5 })
        #expect(steps.cuts == [0])
    }

    @Test("Frames of a still scene are not taken for repeated ones")
    func still() {
        var scene = meadow
        scene.pan = { _ in (0, 0) }
        scene.shapes = []
        for noise in [Float(0), 1, 4] {
            scene.noise = noise
            #expect(steps((0..<20).map(scene.frame)).repeated.isEmpty)
        }
    }

    @Test("A flash is no cut, and its frames add nothing", arguments: [1, 2, 3])
    func flash(length: Int) {
        var scene = meadow
        scene.light = { (12..<12 + length).contains($0) ? 80 : 0 }
        let steps = steps((0..<30).map(scene.frame))
        #expect(steps.cuts == [0])
        #expect(steps.repeated == Array(12..<12 + length))
    }

    @Test("A fade to black and back is no cut")
    func fade() {
        let scene = meadow
        let frames = (0..<40).map { index in
            scene.frame(index).faded(by: Float(min(abs(index - 20), 12)) / 12)
        }
        #expect(steps(frames).cuts == [0])
    }

    @Test("A scene's steps do not depend on what comes long before or after")
    func local() {
        let alone = steps((0..<30).map(meadow.frame))
        let long = steps(numbered((0..<30).map(meadow.frame) + (0..<30).map(dusk.frame)))
        #expect(long.cuts == [0, 30])
        #expect(alone.repeated == long.repeated)
        #expect(steps([]).order.isEmpty && steps([meadow.frame(0)]).cuts == [0])
    }
}

@Suite("Light that changes for the whole frame")
struct LightChangeTests {
    private static let size = MapSize(frameWidth: 160, frameHeight: 90, places: 6420)

    private func undone(_ frames: [VideoFrame]) -> [ShrunkFrame] {
        var shrunk = frames.map { ShrunkFrame($0, size: Self.size) }
        LightChange.undo(&shrunk, size: Self.size, tuning: SaliencyTuning.standard.stream)
        return shrunk
    }

    private func scene(pan: Float) -> Scene {
        Scene(
            width: 160,
            height: 90,
            background: SampleScenes.meadow,
            pan: { (pan * Float($0), 0) },
            noise: 1
        )
    }

    /// Mean difference of luma.
    private func distance(_ first: ShrunkFrame, _ second: ShrunkFrame) -> Double {
        let sum = zip(first.luma, second.luma).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(first.luma.count)
    }

    @Test("A fade is undone: all frames get the light of one")
    func fade() {
        let scene = scene(pan: 1)
        let plain = (0..<24).map(scene.frame)
        let faded = plain.enumerated().map { $1.faded(by: 1 - 0.03 * Float($0)) }
        let result = undone(faded)
        // The light of the frame with the middle gain.
        let gain: Float = 1 - 0.03 * 11
        for (index, frame) in result.enumerated() {
            let expected = ShrunkFrame(plain[index].faded(by: gain), size: Self.size)
            let before = ShrunkFrame(faded[index], size: Self.size)
            #expect(distance(frame, expected) < 3)
            if abs(index - 11) > 4 {
                #expect(distance(frame, expected) < 0.4 * distance(before, expected))
            }
        }
    }

    @Test("Motion is no change of light: nothing is touched", arguments: [0, 2, 9] as [Float])
    func motion(pan: Float) {
        let frames = (0..<12).map(scene(pan: pan).frame)
        let before = frames.map { ShrunkFrame($0, size: Self.size) }
        for (frame, old) in zip(undone(frames), before) {
            #expect(frame.luma == old.luma && frame.blue == old.blue && frame.red == old.red)
        }
    }

    @Test("A bright thing that crosses the frame is no change of light")
    func crossing() {
        var scene = scene(pan: 0)
        let bright = Texture(colour: (225, 128, 128), contrast: 10, seed: 3)
        scene.shapes = [SampleScenes.object(texture: bright, radius: 30) { (8 * Float($0), 45) }]
        let frames = (0..<16).map(scene.frame)
        for (frame, old) in zip(undone(frames), frames) {
            #expect(frame.luma == ShrunkFrame(old, size: Self.size).luma)
        }
    }
}
