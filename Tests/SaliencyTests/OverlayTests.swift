import Imaging
import Saliency
import Testing

@Suite("Bars, text and logos over the content")
struct OverlayTests {
    /// A pan with an object.
    private static let scene: Scene = {
        var scene = SampleScenes.crossing
        scene.pan = { (-5 * Float($0), 1.5 * Float($0)) }
        scene.shapes[0].place = { (100 + 3 * Float($0), 95) }
        return scene
    }()

    private static let frames = (0..<60).map(scene.frame)
    private static let plain = ious(masks(of: frames), with: scene, in: 0..<60).mean

    private struct Result {
        /// Mean IoU of what is not covered, and what the plain frames have.
        var iou = 0.0
        let plain = OverlayTests.plain
        /// Samples that are covered and show no object, and those of them that are in the mask.
        var covered = 0
        var taken = 0
    }

    /// What is found when something is drawn over the frames: the luma in a frame, by its number, at
    /// a column and row; nil where the frame shows.
    private func result(frames count: Int = 30, _ grey: (Int, Int, Int) -> UInt8?) -> Result {
        let covers = (0..<count).map { index in
            (0..<320 * 180).map { grey(index, $0 % 320, $0 / 320) }
        }
        let found = masks(
            of: Self.frames.prefix(count).map { frame in
                frame.covered { covers[frame.index][$1 * 320 + $0] }
            }
        )
        var result = Result()
        for (index, mask) in found.enumerated() {
            let truth = Self.scene.truth(index)
            let isCovered = covers[index].map { $0 != nil }
            let seen = GrayImage(
                width: 320,
                height: 180,
                pixels: zip(mask.pixels, isCovered).map { $1 ? 0 : $0 }
            )
            result.iou += iou(seen, zip(truth, isCovered).map { $0 && !$1 }) / Double(count)
            for place in truth.indices where isCovered[place] && !truth[place] {
                result.covered += 1
                if mask.pixels[place] == 255 { result.taken += 1 }
            }
        }
        return result
    }

    /// Bars of 12 % of the height each.
    private func bars(_ y: Int) -> UInt8? { y < 22 || y >= 158 ? 16 : nil }

    private func logo(_ x: Int, _ y: Int) -> UInt8? {
        let (across, down) = (x - 285, y - 45)
        let distance = across * across + down * down
        return distance < 100 ? 200 : distance < 169 ? 30 : nil
    }

    private func timecode(_ frame: Int, hasPlate: Bool) -> Lettering {
        Lettering(10_000_000 + 7 * frame, digits: 8, left: 14, top: 30, hasPlate: hasPlate)
    }

    private func subtitle(_ number: Int) -> Lettering {
        Lettering(
            918_273_645_546_372 + number * 123_456_789_012_345,
            digits: 15,
            left: 70,
            top: 138
        )
    }

    @Test("Black bars cost nothing and are never object", arguments: [false, true])
    func onlyBars(beside: Bool) {
        let result = result { _, x, y in
            beside ? (x < 40 || x >= 280 ? 16 : nil) : bars(y)
        }
        #expect(result.iou > result.plain - 0.03)
        #expect(result.taken == 0)
    }

    @Test("A logo costs nothing and is not object")
    func oneLogo() {
        let result = result { _, x, y in logo(x, y) }
        #expect(result.iou > result.plain - 0.03)
        #expect(result.taken == 0)
    }

    @Test("A timecode that changes with every frame", arguments: [false, true])
    func oneTimecode(hasPlate: Bool) {
        let result = result { timecode($0, hasPlate: hasPlate).grey($1, $2) }
        #expect(result.iou > result.plain - 0.03)
        #expect(result.taken == 0)
    }

    @Test("A subtitle")
    func oneSubtitle() {
        let result = result { subtitle(0).grey($1, $2) }
        #expect(result.iou > result.plain - 0.03)
        #expect(result.taken == 0)
    }

    @Test("Subtitles that follow each other")
    func subtitles() {
        let result = result(frames: 60) { subtitle(($0 + 17) / 30).grey($1, $2) }
        #expect(result.iou > result.plain - 0.03)
        #expect(result.taken == 0)
    }

    @Test("Subtitles of less than a second, with pauses")
    func subtitlesWithPauses() {
        let result = result(frames: 60) { frame, x, y in
            (frame + 17) % 30 < 8 ? nil : subtitle((frame + 17) / 30).grey(x, y)
        }
        #expect(result.iou > result.plain - 0.03)
        // The first frames of some are taken for something that has come up.
        #expect(result.taken < result.covered / 6)
    }

    @Test("All of it at once")
    func everything() {
        let result = result { frame, x, y in
            bars(y) ?? logo(x, y) ?? timecode(frame, hasPlate: true).grey(x, y)
                ?? subtitle(0).grey(x, y)
        }
        #expect(result.iou > result.plain - 0.03)
        #expect(result.taken == 0)
    }
}
