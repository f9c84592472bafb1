import Imaging
import Saliency
import Testing

@Suite("Objects that move on their own")
struct MovingObjectTests {
    @Test("An object that crosses a still background is found whole")
    func crossing() {
        let scene = SampleScenes.crossing
        let result = ious(masks(of: scene, frames: 30), with: scene, in: 0..<30)
        #expect(result.mean > 0.95)
        #expect(result.least > 0.9)
    }

    @Test("An object whose colours are the background's is found by its motion, if not sharply")
    func camouflaged() {
        var scene = SampleScenes.crossing
        scene.shapes[0].texture = Texture(
            colour: SampleScenes.meadow.colour,
            contrast: 30,
            grain: 5,
            seed: 9
        )
        let result = ious(masks(of: scene, frames: 30), with: scene, in: 4..<26)
        #expect(result.mean > 0.45)
    }

    @Test("The camera's pan is not taken for the object's motion")
    func panning() {
        var scene = SampleScenes.crossing
        scene.pan = { (-5 * Float($0), 1.5 * Float($0)) }
        scene.shapes[0].place = { (100 + 3 * Float($0), 95) }
        let result = ious(masks(of: scene, frames: 30), with: scene, in: 0..<30)
        #expect(result.mean > 0.95)
    }

    @Test("An object that the camera follows is found")
    func followed() {
        var scene = SampleScenes.crossing
        scene.pan = { (-4 * Float($0), 0) }
        scene.shapes[0].place = { _ in (160, 95) }
        let result = ious(masks(of: scene, frames: 30), with: scene, in: 0..<30)
        #expect(result.mean > 0.95)
    }

    @Test("An object that pauses is not forgotten")
    func pausing() {
        var scene = SampleScenes.crossing
        scene.shapes.insert(Self.patch, at: 0)
        scene.shapes[1].place = { index in
            (70 + 4 * Float(index < 15 ? index : max(15, index - 25)), 110)
        }
        let found = masks(of: scene, frames: 55)
        let pause = ious(found, with: scene, in: 16..<40)
        let after = ious(found, with: scene, in: 42..<55)
        #expect(pause.mean > 0.95)
        #expect(after.mean > 0.95)
    }

    @Test("A dull object is found before it moves and after it: evidence is carried both ways")
    func restingAtBothEnds() {
        var scene = SampleScenes.crossing
        scene.shapes[0].texture = Texture(
            colour: (118, 116, 126),
            contrast: 28,
            grain: 4,
            seed: 3
        )
        scene.shapes[0].place = { (100 + 4 * Float(min(max($0 - 12, 0), 11)), 95) }
        let found = masks(of: scene, frames: 36)
        for range in [0..<6, 12..<24, 30..<36] {
            #expect(ious(found, with: scene, in: range).mean > 0.85, "\(range)")
        }
    }

    @Test("A striking patch that stands still loses against a dull object that moves")
    func distracted() {
        var scene = SampleScenes.crossing
        scene.shapes[0].texture = Texture(
            colour: (125, 112, 132),
            contrast: 22,
            grain: 4,
            seed: 3
        )
        scene.shapes.insert(Self.patch, at: 0)
        scene.shapes[1].place = { (70 + 4 * Float($0), 120) }
        let found = masks(of: scene, frames: 30)
        let result = ious(found, with: scene, in: 0..<30)
        #expect(result.mean > 0.9)
        // Of the patch next to nothing is taken for object.
        let taken = found.map { mask in
            (20..<60).flatMap { y in (220..<280).map { mask.pixels[y * 320 + $0] } }
                .count { $0 == 255 }
        }
        #expect(Double(taken.reduce(0, +)) / Double(taken.count * 2400) < 0.05)
    }

    @Test("A large object without texture is filled although only its edges move")
    func uniform() {
        var scene = SampleScenes.crossing
        scene.shapes[0].texture = Texture(colour: (60, 140, 118), contrast: 0, seed: 4)
        scene.shapes[0].halfWidth = 50
        scene.shapes[0].halfHeight = 60
        let result = ious(masks(of: scene, frames: 30), with: scene, in: 0..<30)
        #expect(result.mean > 0.95)
    }

    @Test("Frames that are shown twice or thrice do not erase the motion")
    func duplicated() {
        let scene = SampleScenes.crossing
        let frames = (0..<36).map { scene.frame($0 / 3) }
        let found = masks(of: frames)
        let values = found.indices.map { iou(found[$0], scene.truth($0 / 3)) }
        #expect(values.reduce(0, +) / 36 > 0.95)
    }

    @Test("A flash of light is not taken for motion")
    func flash() {
        var scene = SampleScenes.crossing
        scene.light = { $0 == 14 ? 50 : Float($0) }
        let result = ious(masks(of: scene, frames: 30), with: scene, in: 0..<30)
        #expect(result.mean > 0.95)
    }

    private static let patch = Scene.Shape(
        texture: Texture(colour: (225, 90, 100), contrast: 20, seed: 5),
        halfWidth: 30,
        halfHeight: 20,
        isRound: false,
        place: { _ in (250, 40) },
        isObject: false
    )
}
