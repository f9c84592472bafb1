import FoundationEssentials
import Imaging
import MaskStore
import SystemPackage
import Testing

@Suite struct MasksTests {
    private func mask(_ width: Int, _ height: Int, box: [Int]?) -> Mask {
        var image = GrayImage(
            width: width,
            height: height,
            pixels: Array(repeating: 0, count: width * height)
        )
        if let box {
            for y in box[1]..<box[1] + box[3] {
                for x in box[0]..<box[0] + box[2] { image.pixels[y * width + x] = 255 }
            }
        }
        return Mask(image: image)
    }

    @Test(arguments: [
        [0, 0, 1, 1], [299, 9, 1, 1], [3, 2, 280, 5], [0, 0, 300, 10], [260, 0, 30, 10],
    ])
    func theExtentIsMeasured(box: [Int]) {
        let record = FrameRecord(frame: 3, time: 0.5, mask: mask(300, 10, box: box))
        #expect(record.box == box)
        #expect(abs(record.area - Double(box[2] * box[3]) / 3000) < 1e-6)
        #expect(record.flags == (box == [0, 0, 300, 10] ? [.full] : nil))
    }

    @Test func anEmptyMaskIsFlagged() {
        let record = FrameRecord(frame: 0, time: nil, mask: mask(4, 4, box: nil))
        #expect(record.box == nil && record.area == 0 && record.flags == [.empty])
    }

    @Test(
        arguments: [
            (0.31, [0, 0, 2, 2], [MaskFlag.uncertain]), (0.31, nil, [.empty]),
            (0.31, [0, 0, 4, 4], [.full, .uncertain]), (0.5, [0, 0, 2, 2], nil),
            (.nan, nil, [.empty]),
        ] as [(Float, [Int]?, [MaskFlag]?)]
    )
    func aMaskOfLowConfidenceIsFlagged(confidence: Float, box: [Int]?, flags: [MaskFlag]?) {
        let drawn = Mask(
            image: mask(4, 4, box: box).image,
            scores: MaskConfidence(confidence).scores
        )
        let record = FrameRecord(frame: 0, time: nil, mask: drawn)
        #expect(record.flags == flags)
        #expect(
            record.scores == ["confidence": confidence == 0.5 ? 0.5 : confidence > 0 ? 0.31 : 0]
        )
    }

    @Test func aFlagOfALaterVersionIsLeftOut() throws {
        let text = #"{"area":0,"flags":["empty","later"],"frame":0}"#
        let record = try JSONDecoder().decode(FrameRecord.self, from: Data(text.utf8))
        #expect(record.flags == [.empty])
    }

    @Test func aJumpIsFlagged() {
        var jumps = JumpDetector()
        let place = { (x: Int) in
            FrameRecord(frame: 0, time: nil, mask: self.mask(100, 10, box: [x, 0, 20, 10]))
        }
        #expect(jumps.flagged(place(0)).flags == nil)
        #expect(jumps.flagged(place(4)).flags == nil)
        #expect(jumps.flagged(place(70)).flags == [.jump])
        #expect(jumps.flagged(place(72)).flags == nil)
    }

    @Test func framesAreCountedWithFourDigitsAndMore() {
        #expect(MaskName.of(frame: 0) == "frame_0000.png")
        #expect(MaskName.of(frame: 9999) == "frame_9999.png")
        #expect(MaskName.of(frame: 10000) == "frame_10000.png")
        #expect(MaskName.isOfFrame("frame_10000.png"))
        for other in ["frame_1.png", "frame_000a.png", "frame_0001.jpg", "xframe_0001.png"] {
            #expect(!MaskName.isOfFrame(other))
        }
    }

    @Test func theFolderIsNamedAfterTheVideo() {
        #expect(MaskFolder.defaultPath(for: "/a/clip.one.mp4") == "/a/clip.one_masks")
        #expect(MaskFolder.defaultPath(for: "/a/.hidden") == "/a/.hidden_masks")
        #expect(MaskFolder.defaultPath(for: "/a/noending") == "/a/noending_masks")
    }
}
