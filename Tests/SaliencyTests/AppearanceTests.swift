import Imaging
import Saliency
import Testing

@Suite("Objects that stand out by their appearance")
struct AppearanceTests {
    @Test("A still object is found before a still background")
    func still() {
        let scene = SampleScenes.still
        let result = ious(masks(of: scene, frames: 12), with: scene, in: 0..<12)
        #expect(result.least > 0.95)
    }

    @Test("A single frame is enough")
    func single() {
        let scene = SampleScenes.still
        let result = ious(masks(of: scene, frames: 1), with: scene, in: 0..<1)
        #expect(result.least > 0.95)
    }

    @Test("An object of the scene is found while the camera pans over it")
    func panned() {
        var scene = SampleScenes.still
        scene.pan = { (-3 * Float($0), 0) }
        scene.shapes[0].place = { (200 - 3 * Float($0), 95) }
        let result = ious(masks(of: scene, frames: 24), with: scene, in: 0..<24)
        #expect(result.mean > 0.95)
    }

    @Test("An object that leaves only a thin border free is found")
    func nearlyFull() {
        var scene = SampleScenes.still
        scene.shapes[0].isRound = false
        scene.shapes[0].halfWidth = 151
        scene.shapes[0].halfHeight = 81
        scene.shapes[0].place = { _ in (160, 90) }
        let result = ious(masks(of: scene, frames: 6), with: scene, in: 0..<6)
        #expect(result.least > 0.95)
    }

    @Test("Nothing is found where nothing stands out", arguments: [Float(0), 10, 30, 60])
    func empty(contrast: Float) {
        for noise in [Float(0), 3, 8] {
            var scene = SampleScenes.empty
            scene.background = Texture(colour: (120, 120, 130), contrast: contrast, seed: 6)
            scene.noise = noise
            let shares = masks(of: scene, frames: 8).map(share)
            #expect(shares.allSatisfy { $0 < 0.01 })
        }
    }

    @Test("A pan over a background alone finds nothing")
    func emptyPan() {
        var scene = SampleScenes.empty
        scene.pan = { (-4.3 * Float($0), 1.2 * Float($0)) }
        let shares = masks(of: scene, frames: 20).map(share)
        #expect(shares.allSatisfy { $0 < 0.01 })
    }

    @Test("Of two scenes the second does not depend on the first")
    func cut() {
        let first = SampleScenes.crossing
        var second = SampleScenes.still
        second.background = Texture(colour: (60, 135, 120), contrast: 20, seed: 7)
        second.shapes[0].place = { _ in (110, 80) }
        let frames = (0..<12).map(first.frame) + (0..<12).map(second.frame)
        let found = masks(of: frames)
        let before = ious(found, with: first, in: 0..<12)
        let after = ious(Array(found.dropFirst(12)), with: second, in: 0..<12)
        #expect(before.mean > 0.95)
        #expect(after.least > 0.95)
    }
}
