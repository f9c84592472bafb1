import Files
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Prompts on any frame, of every kind.
@Suite struct SamPromptTests {
    private func clip(_ folder: TemporaryFolder, seconds: Double = 1.5) async throws -> FilePath {
        try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 16, seconds: seconds)
    }

    private func pixels(_ masks: MaskSet) throws -> [[UInt8]] {
        try masks.names.indices.map { try masks[$0].pixels }
    }

    /// In reverse a video is tracked as its mirror in time is forward.
    @Test(arguments: [23, 20, 1])
    func beforeItsPromptAnObjectIsTrackedInReverse(frame: Int) async throws {
        let folder = try TemporaryFolder()
        let clip = folder["clip.mkv"]
        try await Clip.make(
            clip,
            size: (128, 72),
            encoding: ["-c:v", "ffv1", "-pix_fmt", "gbrp"]
        )
        try await Program.ffmpeg(
            ["-i", clip.string, "-vf", "reverse", "-c:v", "ffv1", folder["mirror.mkv"].string]
        )
        let masks = try await SamRun.masks(clip, to: folder["a"], ["--point", "60,40@\(frame)"])
        let mirrored = try await SamRun.masks(
            folder["mirror.mkv"],
            to: folder["b"],
            ["--point", "60,40@\(23 - frame)"]
        )
        #expect(masks.names.count == 24 && mirrored.names.count == 24)
        #expect(try pixels(masks) == pixels(mirrored).reversed())
        let scores = try (0..<24).map { try SamRun.scores(masks, $0) }
        #expect(try scores == (0..<24).reversed().map { try SamRun.scores(mirrored, $0) })
        #expect(Set(scores.map(\.description)).count > 12, "nothing changes from frame to frame")
    }

    @Test func aCorrectionChangesItsFrameAndThoseBehind() async throws {
        let folder = try TemporaryFolder()
        let clip = try await clip(folder)
        let plain = try await SamRun.masks(clip, to: folder["a"], ["--point", "40,36@4"])
        let corrected = try await SamRun.masks(
            clip,
            to: folder["b"],
            ["--point", "40,36@4", "--point", "100,60@12", "--point", "50,30,-@12"]
        )
        for frame in 0..<12 {
            #expect(try plain[frame] == corrected[frame], "frame \(frame) comes before")
            #expect(try SamRun.scores(plain, frame) == SamRun.scores(corrected, frame))
        }
        for frame in 12..<24 {
            #expect(try SamRun.scores(plain, frame) != SamRun.scores(corrected, frame))
        }
    }

    @Test(arguments: [0, 9])
    func aMaskIsTheMaskOfItsFrame(frame: Int) async throws {
        let folder = try TemporaryFolder()
        let clip = try await clip(folder)
        var mask = GrayImage(width: 128, height: 72, pixels: Array(repeating: 3, count: 128 * 72))
        for y in 20..<52 { for x in 30..<90 { mask.pixels[y * 128 + x] = 200 } }
        try PNG.write(mask, to: folder["mask.png"])
        let masks = try await SamRun.masks(
            clip,
            to: folder["masks"],
            ["--mask", folder["mask.png"].string + "@\(frame)"]
        )
        let result = try masks[frame].pixels
        // Only at the edge the model's size matters.
        let wrong = zip(result, mask.pixels).count { ($0 == 255) != ($1 >= 128) }
        #expect(wrong < 200, "\(wrong) pixels")
        let scores = try SamRun.scores(masks, frame).filter { !$0.key.hasSuffix(".clarity") }
        #expect(scores == ["object_1.iou": 1, "object_1.objectScore": 10])
        #expect(masks.names.count == 24)
    }

    @Test func aFileOfPromptsIsTheSameAsOptions() async throws {
        let folder = try TemporaryFolder()
        let clip = try await clip(folder)
        try AtomicFile.write(
            """
            {"v": 1, "prompts": [
              {"frame": 3, "object": 2, "box": [10, "0.25h", "0.5w", 60]},
              {"frame": 3, "object": 2, "point": [20, 30], "label": 0},
              {"point": [64, 36]}]}
            """,
            to: folder["prompts.json"]
        )
        try await SamRun.masks(clip, to: folder["a"], ["--prompts", folder["prompts.json"].string])
        try await SamRun.masks(
            clip,
            to: folder["b"],
            ["--point", "20,30,-#2@3", "--point", "0.5w,0.5h", "--box", "10,18,64,60@3#2"]
        )
        #expect(try MaskSet.content(of: folder["a"]) == MaskSet.content(of: folder["b"]))
    }

    @Test func otherPromptsMakeOtherMasks() async throws {
        let folder = try TemporaryFolder()
        let clip = try await clip(folder, seconds: 0.25)
        var scores: Set<[String: Double]> = []
        let prompts = [
            ["--point", "64,36"], ["--point", "20,36"], ["--point", "64,36,+", "--point", "9,9,-"],
            ["--box", "20,10,100,60"], ["--box", "20,10,100,60", "--point", "64,36"],
        ]
        for (index, options) in prompts.enumerated() {
            let masks = try await SamRun.masks(clip, to: folder["\(index)"], options)
            scores.insert(try SamRun.scores(masks, 0))
        }
        #expect(scores.count == prompts.count)
    }

    @Test func smallHolesAreFilledAndSpecksDropped() async throws {
        let folder = try TemporaryFolder()
        let clip = try await clip(folder, seconds: 0.5)
        func masks(_ holes: Int, _ specks: Int) async throws -> [[UInt8]] {
            let options = ["--fill-holes", "\(holes)", "--drop-specks", "\(specks)"]
            return try pixels(
                try await SamRun.masks(clip, to: folder["\(holes)-\(specks)"], options)
            )
        }
        let plain = try await masks(0, 0)
        let filled = try await masks(60, 0)
        let dropped = try await masks(0, 60)
        #expect(plain != filled && plain != dropped)
        for (plain, filled) in zip(plain, filled) {
            #expect(zip(plain, filled).allSatisfy { $0 <= $1 }, "filling takes nothing away")
        }
        for (plain, dropped) in zip(plain, dropped) {
            #expect(zip(plain, dropped).allSatisfy { $0 >= $1 }, "dropping adds nothing")
        }
        let nothing = try await SamRun.masks(
            clip,
            to: folder["nothing"],
            ["--fill-holes", "0", "--drop-specks", "1000000"]
        )
        #expect(nothing.manifest.frames.allSatisfy { $0.flags?.contains(.empty) ?? false })
    }
}
