import Imaging
import Saliency
import Testing

@Suite("Temporal smoothing")
struct SmoothingTests {
    private static var noisy: Scene {
        var scene = SampleScenes.still
        scene.shapes[0].texture = Texture(
            colour: (128, 112, 132),
            contrast: 22,
            grain: 4,
            seed: 2
        )
        scene.noise = 20
        return scene
    }

    @Test("Masks of a still, noisy scene hardly flicker, and less with smoothing")
    func stillScene() {
        let smoothed = masks(of: Self.noisy, frames: 20, settings: SaliencySettings(smooth: 0.6))
        let raw = masks(of: Self.noisy, frames: 20, settings: SaliencySettings(smooth: 0))
        #expect(flicker(smoothed) < 0.004)
        #expect(flicker(smoothed) < flicker(raw))
        #expect(ious(smoothed, with: Self.noisy, in: 0..<20).least > 0.8)
    }

    @Test("Smoothing does not make the mask lag behind a moving object")
    func movingObject() {
        let scene = SampleScenes.crossing
        let found = masks(of: scene, frames: 24, settings: SaliencySettings(smooth: 1))
        let result = ious(found, with: scene, in: 0..<24)
        #expect(result.mean > 0.9)
    }

    @Test("The same frames give the same masks")
    func determinism() {
        let frames = (0..<16).map(SampleScenes.crossing.frame)
        #expect(maps(of: frames).map { $0.mask() } == maps(of: frames).map { $0.mask() })
    }

    @Test("A mask can be drawn in another thread and more than once")
    func parallel() async {
        let found = maps(of: (0..<8).map(SampleScenes.crossing.frame))
        let here = found.map { $0.mask() }
        let there = await withTaskGroup(of: (Int, GrayImage).self) { group in
            for (index, map) in found.enumerated() {
                group.addTask { (index, map.mask()) }
            }
            return await group.reduce(into: [Int: GrayImage]()) { $0[$1.0] = $1.1 }
        }
        #expect(here.indices.allSatisfy { there[$0] == here[$0] })
    }
}
