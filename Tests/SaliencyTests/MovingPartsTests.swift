import DepthMasks
import Imaging
import Saliency
import Testing

@Suite("Near things that move")
struct MovingPartsTests {
    private func map(_ values: [UInt8], width: Int) -> ObjectMap {
        ObjectMap(
            frame: 0,
            time: nil,
            width: width,
            height: values.count / width,
            values: values,
            confidence: 0
        )
    }

    private func image(_ rows: [String]) -> GrayImage {
        let pixels = rows.joined().utf8.map { $0 == UInt8(ascii: "#") ? 255 : 0 as UInt8 }
        return GrayImage(width: rows[0].utf8.count, height: rows.count, pixels: pixels)
    }

    @Test("A part is kept as a whole, or not at all")
    func parts() {
        let mask = image(["##...###", "#....#.#", ".#...###", "..#....."])
        // The left half is object, the right half is not.
        #expect(
            MovingParts.keep(of: mask, where: map([255, 0], width: 2))
                == image(["##......", "#.......", ".#......", "..#....."])
        )
        #expect(
            MovingParts.keep(of: mask, where: map([0, 255], width: 2))
                == image([".....###", ".....#.#", ".....###", "........"])
        )
        #expect(MovingParts.keep(of: mask, where: map([255], width: 1)) == mask)
    }

    @Test("Arms that meet further down are one part")
    func arms() {
        let mask = image(["#.#.#", "#.#.#", "#####"])
        // 7 of its 11 pixels are in the columns of the object, then 3.
        #expect(MovingParts.keep(of: mask, where: map([255, 255, 255, 0, 0], width: 5)) == mask)
        #expect(
            MovingParts.keep(of: mask, where: map([255, 0, 0, 0, 0], width: 5)).pixels
                == [UInt8](repeating: 0, count: 15)
        )
    }

    @Test("The mean decides, from one half on")
    func level() {
        let mask = image(["##"])
        #expect(MovingParts.keep(of: mask, where: map([1, 255], width: 2)) == mask)
        #expect(MovingParts.keep(of: mask, where: map([0, 255], width: 2)) == image([".."]))
    }

    /// Two discs that are equally near; the left one moves by itself, the right one as the camera
    /// pans, and more than the ground behind it by a factor.
    private func scene(pan: Float, parallax: Float) -> Scene {
        var pillar = SampleScenes.object(radius: 30) { (250 - pan * parallax * Float($0), 90) }
        pillar.isObject = false
        let ball = SampleScenes.object(radius: 30) { (50 + 3 * Float($0), 95) }
        return Scene(
            background: SampleScenes.meadow,
            pan: { (-pan * Float($0), 0) },
            shapes: [pillar, ball]
        )
    }

    /// The scene's own depth: discs at 1, a floor that comes nearer from 0 to 0.3.
    private func depth(_ scene: Scene, _ frame: Int) -> DepthMap {
        let values = (0..<scene.width * scene.height).map { place in
            let (x, y) = (Float(place % scene.width), Float(place / scene.width))
            let isNear = scene.shapes.contains { $0.covers(x, y, frame: frame) }
            return isNear ? 1 : 0.3 * y / Float(scene.height)
        }
        return DepthMap(width: scene.width, height: scene.height, values: values)
    }

    @Test(
        "Of two near objects the one that moves is kept",
        arguments: [(0, 1), (1.5, 1), (1, 1.5)] as [(Float, Float)]
    )
    func rendered(pan: Float, parallax: Float) {
        let scene = scene(pan: pan, parallax: parallax)
        let count = 25
        let found = maps(of: (0..<count).map(scene.frame))
        var (before, after) = (0.0, 0.0)
        for index in 0..<count {
            let near = depth(scene, index).mask(.otsu).image
            let truth = scene.truth(index)
            before += iou(near, truth) / Double(count)
            after += iou(MovingParts.keep(of: near, where: found[index]), truth) / Double(count)
        }
        #expect(before < 0.55)
        #expect(after > 0.95)
    }
}
