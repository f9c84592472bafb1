import Imaging
import Saliency
import Testing

@Suite("Masks of footage that is cut, faded, lit or converted")
struct DisturbedFootageTests {
    /// The camera follows while the object crosses.
    private static let scene: Scene = {
        var scene = SampleScenes.crossing
        scene.pan = { (-3 * Float($0), Float($0)) }
        return scene
    }()

    private func numbered(_ frames: [VideoFrame]) -> [VideoFrame] {
        frames.enumerated().map { $1.numbered($0) }
    }

    @Test("24 frames per second shown at 30: repeated frames take the mask of what they repeat")
    func pulldown() {
        let scene = Self.scene
        let frames = (0..<38).map { scene.frame($0 * 4 / 5).numbered($0) }
        // As if the frames that repeat were not there.
        let plain = maps(of: (0..<30).map(scene.frame))
        let drawn = masks(of: frames)
        for (index, map) in maps(of: frames).enumerated() {
            #expect(iou(drawn[index], scene.truth(index * 4 / 5)) > 0.9, "\(index)")
            #expect(map.shows(plain[index * 4 / 5]), "\(index)")
        }
    }

    @Test("A fade in and out leaves the mask where it was")
    func fade() {
        let scene = Self.scene
        let plain = (0..<36).map(scene.frame)
        let faded = plain.enumerated().map { index, frame in
            frame.faded(by: min(1, 0.3 + 0.1 * Float(min(index, 35 - index))))
        }
        let before = masks(of: plain)
        for (index, mask) in masks(of: faded).enumerated() {
            #expect(iou(mask, before[index].pixels.map { $0 == 255 }) > 0.9, "\(index)")
            #expect(iou(mask, scene.truth(index)) > 0.9, "\(index)")
        }
    }

    @Test("Flashes take the mask of the frame before", arguments: [1, 2])
    func flash(length: Int) {
        var scene = Self.scene
        scene.light = { (10..<10 + length).contains($0) || $0 == 20 ? 70 : 0 }
        let found = maps(of: (0..<30).map(scene.frame))
        for index in [10, 20] { #expect(found[index].shows(found[index - 1])) }
        let result = ious(masks(of: scene, frames: 30), with: scene, in: 0..<30)
        // The object goes on for so many frames.
        #expect(result.mean > 0.95)
        #expect(result.least > 0.7)
    }

    @Test("Nothing is carried across a cut: each scene has the maps it has alone")
    func cut() {
        let first = Self.scene
        var second = SampleScenes.crossing
        second.background = Texture(colour: (60, 135, 120), contrast: 25, seed: 7)
        second.shapes[0].place = { (240 - 3 * Float($0), 70) }
        let shots = [(0..<19).map(first.frame), (0..<17).map(second.frame)]
        let together = maps(of: numbered(shots[0] + shots[1]))
        let alone = shots.flatMap { maps(of: $0) }
        #expect(together.count == 36)
        for (index, map) in together.enumerated() {
            #expect(map.frame == index)
            #expect(map.shows(alone[index]), "\(index)")
        }
    }
}
