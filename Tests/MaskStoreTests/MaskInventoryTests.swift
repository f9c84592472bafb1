import Files
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

@Suite struct MaskInventoryTests {
    @Test func framesAreNamedInRanges() {
        #expect(FrameRanges.text([4]) == "frame 4")
        #expect(FrameRanges.text([4, 10, 11, 12]) == "frames 4, 10–12")
        #expect(FrameRanges.text([0, 1]) == "frames 0–1")
        let even = Array(stride(from: 0, to: 40, by: 2))
        #expect(FrameRanges.text(even).hasSuffix("20, 22 and 8 more"))
    }

    @Test func gapsAndExcessAreFound() {
        let names = [
            "frame_0000.png", "frame_0002.png", "frame_0003.png", "frame_10000.png", "frame_2.png",
            "frame_0007.PNG", "frame_0003.png.bak", "masks.json", "frames.png", "frame_.png",
        ]
        let inventory = MaskInventory(names)
        #expect(inventory.frames == [0, 2, 3, 10_000])
        #expect(inventory.missing(below: 6) == [1, 4, 5])
        #expect(inventory.missing(below: 0).isEmpty)
        let excess = inventory.excess(frameCount: 4).joined(separator: "\n")
        #expect(excess.contains("frame_10000.png is too many: the video has 4 frames"))
        #expect(excess.contains("'frame_2.png' repeats frame_0002.png"))
        #expect(excess.contains("'frame_0007.PNG' is not named as a mask is, frame_0007.png"))
        #expect(!excess.contains("bak") && !excess.contains("frame_.png"))
        #expect(inventory.gaps(frameCount: 3) == ["frame 1 has no mask (frame_0001.png)"])
        let whole = MaskInventory(["frame_0000.png"])
        #expect(whole.gaps(frameCount: 1).isEmpty && whole.excess(frameCount: 1).isEmpty)
    }

    @Test func theObjectOfAFileDependsOnItsPolarity() {
        let file = GrayImage(width: 4, height: 1, pixels: [0, 127, 128, 255])
        #expect(MaskPolarity.whiteObject.object(in: file).pixels == [0, 0, 255, 255])
        #expect(MaskPolarity.blackObject.object(in: file).pixels == [255, 255, 0, 0])
    }

    @Test func theManifestBesideAFileTellsItsPolarity() throws {
        let folder = try TemporaryFolder()
        for name in ["masks/object_1", "masks/mine"] { try Folder.create(folder[name]) }
        let text = """
            {"schema": 3, "program": {"name": "8cut", "version": "0.1.0"}, "complete": true,
             "method": {"name": "sam", "settings": {"invert": true}}, "frameCount": 0,
             "frames": [], "input": {"name": "clip.mp4", "width": 4, "height": 3,
             "file": {"bytes": 1, "modified": 1, "headAndTailSHA256": "ab"}}}
            """
        try AtomicFile.write(text, to: folder["masks/masks.json"])
        let polarity = { try MaskPolarity(ofFile: folder[$0]) }
        #expect(try polarity("masks/frame_0000.png") == .blackObject)
        #expect(try polarity("masks/object_1/frame_0000.png") == .blackObject)
        for name in ["masks/mask.png", "masks/mine/frame_0000.png", "frame_0000.png"] {
            #expect(try polarity(name) == .whiteObject)
        }
        try AtomicFile.write("{\"frames\": [1]}", to: folder["masks/masks.json"])
        #expect(try polarity("masks/frame_0000.png") == .whiteObject)
        try AtomicFile.write("{\"schema\": 3, \"prog", to: folder["masks/masks.json"])
        #expect(throws: (any Error).self) { try polarity("masks/frame_0000.png") }
    }
}
