import Imaging
import Saliency
import Testing

@Suite("Bars, text and logos over the content")
struct OverlayTests {
    /// A pan with an object, and the same frames with something drawn over them.
    private func pair(_ draw: (Int, Int) -> UInt8?) -> (plain: Double, covered: Double, taken: Int)
    {
        var scene = SampleScenes.crossing
        scene.pan = { (-5 * Float($0), 1.5 * Float($0)) }
        scene.shapes[0].place = { (100 + 3 * Float($0), 95) }
        let frames = (0..<30).map(scene.frame)
        let covered = frames.map { $0.drawn(draw) }
        let isCovered = (0..<320 * 180).map { draw($0 % 320, $0 / 320) != nil }
        let found = masks(of: covered)
        let plain = ious(masks(of: frames), with: scene, in: 0..<30)
        let values = found.indices.map { index in
            let truth = zip(scene.truth(index), isCovered).map { $0 && !$1 }
            let mask = GrayImage(
                width: 320,
                height: 180,
                pixels: zip(found[index].pixels, isCovered).map { $1 ? 0 : $0 }
            )
            return iou(mask, truth)
        }
        let taken = found.reduce(0) { sum, mask in
            sum + zip(mask.pixels, isCovered).count { $0 == 255 && $1 }
        }
        return (plain.mean, values.reduce(0, +) / 30, taken)
    }

    @Test("Black bars cost nothing and are never object", arguments: [false, true])
    func bars(beside: Bool) {
        let result = pair { x, y in
            (beside ? x < 40 || x >= 280 : y < 22 || y >= 158) ? 16 : nil
        }
        #expect(result.covered > result.plain - 0.03)
        #expect(result.taken == 0)
    }

    @Test("A logo costs nothing and is not object")
    func logo() {
        let result = pair { x, y in
            let across = x - 285
            let down = y - 25
            let distance = across * across + down * down
            return distance < 100 ? 200 : distance < 169 ? 30 : nil
        }
        #expect(result.covered > result.plain - 0.03)
        #expect(result.taken < 30 * 53)
    }
}

extension VideoFrame {
    /// The frame with other luma where `draw` says so.
    fileprivate func drawn(_ draw: (Int, Int) -> UInt8?) -> VideoFrame {
        let bytes = pixels.withUnsafeBytes { Array($0) }
        var changed = bytes
        for y in 0..<height {
            for x in 0..<width {
                guard let luma = draw(x, y) else { continue }
                changed[y * width + x] = luma
                let chroma = y / 2 * ((width + 1) / 2) + x / 2
                let planes = format.planes(width: width, height: height)
                changed[planes[1].offset + chroma] = 128
                changed[planes[2].offset + chroma] = 128
            }
        }
        return VideoFrame(
            index: index,
            time: time,
            width: width,
            height: height,
            format: format,
            pixels: PixelBuffer(byteCount: changed.count) { $0.copyBytes(from: changed) }
        )
    }
}
