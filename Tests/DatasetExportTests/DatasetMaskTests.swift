import ClipLibrary
import DatasetExport
import DatasetProfiles
import Diagnostics
import Files
import Imaging
import SystemPackage
import TestSupport
import Testing

/// Which masks go into a data set, and what becomes of them.
@Suite struct DatasetMaskTests {
    @Test func theLatestThatFitOrThoseOfAMethod() async throws {
        let bench = try DatasetBench()
        let id = try await bench.addClip("dog_001", frames: 2)
        try await bench.addMasks(of: id, "depth", in: "first")
        try await bench.addMasks(of: id, "sam", in: "second", objects: 2)
        let latest = try await bench.plan("plain").plan
        #expect(latest.rows[0].row?.maskMethod == "sam")
        let depth = try await bench.plan("plain") { $0.masks.method = "depth" }.plan
        #expect(depth.rows[0].row?.maskMethod == "depth")
        let none = try await bench.plan("plain") { $0.masks.method = "saliency" }.plan
        #expect(none.rows[0].rejections[0].why == "it has no masks of the method saliency")
        try await bench.export("plain") { $0.masks.object = 2 }
        let image = try PNG.readGray(
            bench.set.appending("dog_001_masks").appending("frame_0001.png")
        )
        #expect(image == DatasetBench.mask(64, 48, 3))
        let other = try await bench.plan("plain") { $0.masks.object = 3 }.plan
        #expect(other.rows[0].rejections[0].why.contains("do not have object 3"))
    }

    @Test func masksBesideTheClipAreFound() async throws {
        let bench = try DatasetBench()
        let id = try await bench.addClip("dog_001", frames: 2)
        try await bench.addMasks(of: id, "sam", recorded: false)
        #expect(try await bench.plan("plain").plan.rows[0].row?.maskMethod == "sam")
    }

    @Test func masksInAllRowsOrInNone() async throws {
        let bench = try DatasetBench()
        let id = try await bench.addClip("dog_001", frames: 17, size: (64, 64))
        try await bench.addMasks(of: id, "sam")
        try await bench.addClip("cat_001", source: "b", frames: 17, size: (64, 64))
        let plan = try await bench.plan("ltx2").plan
        #expect(plan.rows[0].row?.maskMethod == "sam")
        #expect(plan.rows[1].rejections.map(\.why) == ["it has no masks"])
        let none = try await bench.plan("ltx2") { $0.masks.isNone = true }.plan
        #expect(none.rows.allSatisfy { $0.row != nil && $0.row?.maskMethod == nil })
    }

    @Test func masksThatDoNotFitAreNamed() async throws {
        let bench = try DatasetBench()
        let old = try await bench.addClip("old_001", frames: 2)
        try await bench.addMasks(of: old, "sam")
        let path = bench.folder["clips"].appending("old_001.mp4")
        try AtomicFile.write("cut again", to: path)
        try await bench.library.setFingerprint(old, try FileFingerprint(of: path))
        let gap = try await bench.addClip("gap_001", source: "b", frames: 2)
        let masks = try await bench.addMasks(of: gap, "sam")
        try OpenFolder(masks).removeFile("frame_0001.png")
        let plan = try await bench.plan("plain").plan
        #expect(plan.rows[0].rejections[0].why.contains("an earlier version of the clip"))
        #expect(plan.rows[1].rejections[0].why.contains("frame 1 has no mask"))
        #expect(plan.rows[1].rejections[0].remedy?.contains("--clip 2") == true)
    }

    @Test func aMaskVideoComesBackAsItWas() async throws {
        let bench = try DatasetBench()
        let id = try await bench.addClip("dog_001", frames: 5)
        try await bench.addMasks(of: id, "sam")
        try await bench.addClip("cat_001", source: "b", frames: 5)
        try await bench.export("hf") { $0.split = SplitRule("1/0", by: .source) }
        let raw = bench.folder["masks.gray"]
        try await Program.ffmpeg([
            "-i", bench.set.pushing("train/dog_001_mask.mp4").string, "-pix_fmt", "gray", "-f",
            "rawvideo", raw.string,
        ])
        let expected = (0..<5).flatMap { DatasetBench.mask(64, 48, $0).pixels }
        #expect(try MaskSet.bytes(of: raw) == expected)
        let table = try bench.text("train/metadata.jsonl").exactLines
        #expect(table[0].contains("\"mask_file_name\":\"dog_001_mask.mp4\""))
        #expect(table[1].contains("\"mask_file_name\":null"))
    }
}
