import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Videos of unusual forms, with prompts in the middle and on the last frame.
@Suite struct SamVideoTests {
    @Test(arguments: [(54, 96), (63, 37), (10, 8), (1, 1), (2, 200), (129, 71)])
    func framesOfAnySizeGetMasksOfTheirSize(width: Int, height: Int) async throws {
        let folder = try TemporaryFolder()
        let clip = folder["clip.mkv"]
        try await Clip.make(
            clip,
            size: (width, height),
            rate: 4,
            encoding: ["-c:v", "ffv1", "-pix_fmt", "gbrp"]
        )
        let masks = try await SamRun.masks(
            clip,
            to: folder["masks"],
            ["--point", "0.5w,0.5h@2", "--box", "0,0,1w,1h#9", "--objects", "labels"]
        )
        #expect(masks.names.count == 4 && masks.manifest.complete)
        for frame in masks.names.indices {
            let mask = try masks[frame]
            #expect(mask.width == width && mask.height == height)
            let labels = try SamRun.labels(frame, in: folder["masks"])
            #expect(labels.width == width && labels.height == height)
            #expect(Set(labels.pixels).isSubset(of: [0, 1, 9]))
        }
    }

    @Test func oneFrameIsAVideo() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48), rate: 1)
        let masks = try await SamRun.masks(clip, to: folder["masks"])
        #expect(masks.names == ["frame_0000.png"])
    }

    /// Frames are counted as they are decoded, whatever their times are.
    @Test func aVariableRateIsTrackedFrameByFrame() async throws {
        let folder = try TemporaryFolder()
        let clip = try await CornerClip.make(
            folder["clip.mkv"],
            ["-vf", "select='lt(n,4)+not(mod(n,3))'", "-fps_mode", "vfr", "-c:v", "libx264"]
        )
        let count = try await Clip.frameCount(clip)
        let masks = try await SamRun.masks(
            clip,
            to: folder["masks"],
            ["--point", "40,40@\(count - 1)"]
        )
        #expect(masks.names.count == count && masks.manifest.input.frameCount == count)
        let times = masks.manifest.frames.map { $0.time ?? -1 }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(times)")
    }

    @Test func aTurnedVideoIsSeenUprightOnBothWays() async throws {
        let folder = try TemporaryFolder()
        let lossless = ["-c:v", "libx264rgb", "-qp", "0", "-pix_fmt", "rgb24"]
        let upright = try await Clip.make(
            folder["upright.mp4"],
            size: (54, 96),
            rate: 6,
            encoding: lossless
        )
        try await Program.ffmpeg(
            ["-i", upright.string, "-vf", "transpose=cclock"] + lossless
                + [folder["lying.mp4"].string]
        )
        try await Program.ffmpeg([
            "-i", folder["lying.mp4"].string, "-c", "copy", "-metadata:s:v", "rotate=270",
            folder["turned.mp4"].string,
        ])
        let prompt = ["--point", "27,60@3"]
        let plain = try await SamRun.masks(upright, to: folder["a"], prompt)
        let turned = try await SamRun.masks(folder["turned.mp4"], to: folder["b"], prompt)
        for frame in plain.names.indices { #expect(try plain[frame] == turned[frame]) }
        #expect(turned.manifest.frames.map(\.scores) == plain.manifest.frames.map(\.scores))
    }

    /// ffmpeg begins to count frames anew when their size changes.
    @Test func aLongVideoThatChangesItsSizeIsTrackedInReverseToItsStart() async throws {
        let folder = try TemporaryFolder()
        let encoding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
        let first = try await Clip.make(
            folder["1.ts"],
            size: (64, 48),
            rate: 25,
            seconds: 5.6,
            encoding: encoding
        )
        let second = try await Clip.make(
            folder["2.ts"],
            size: (96, 54),
            rate: 25,
            seconds: 6.4,
            encoding: encoding
        )
        let both = folder["both.ts"]
        _ = try await Program.run(
            "sh",
            ["-c", "cat \"$0\" \"$1\" > \"$2\"", first.string, second.string, both.string]
        )
        // As frames are decoded for the model, turned round in time.
        let plain = folder["plain.nut"].string
        try await Program.ffmpeg(
            ["-i", both.string, "-fps_mode", "passthrough", "-vf"]
                + ["scale=64:48,format=yuv420p,scale=64:48:flags=bicubic,format=rgb24"]
                + ["-c:v", "rawvideo", plain]
        )
        try await Program.ffmpeg(
            ["-i", plain, "-vf", "reverse", "-c:v", "ffv1", folder["mirror.mkv"].string]
        )
        let masks = try await SamRun.masks(both, to: folder["a"], ["--point", "40,20@299"])
        let mirrored = try await SamRun.masks(
            folder["mirror.mkv"],
            to: folder["b"],
            ["--point", "40,20"]
        )
        #expect(masks.names.count == 300 && mirrored.names.count == 300)
        for frame in 0..<300 {
            #expect(try masks[frame] == mirrored[299 - frame], "frame \(frame)")
        }
    }

    /// As much memory for ten times as many frames, on both ways.
    @Test(arguments: [false, true])
    func memoryDoesNotGrowWithTheLength(isReverse: Bool) async throws {
        let folder = try TemporaryFolder()
        var peaks: [Double] = []
        for count in [40, 400] {
            let clip = try await Clip.make(
                folder["\(count).mkv"],
                size: (64, 48),
                rate: 40,
                seconds: Double(count) / 40
            )
            let prompt = isReverse ? ["--point", "30,20@\(count - 1)"] : []
            let result = try await Program.run8cut(
                SamRun.arguments(clip, to: folder["m\(count)"], prompt + ["--verbose"]),
                environment: TestTools.environment
            )
            #expect(result.status == 0, "\(result.errors)")
            let line = result.errors.split(separator: "\n").first { $0.contains("peak memory: ") }
            let words = try #require(line).split(separator: " ")
            peaks.append(try #require(Double(words[words.count - 2])))
        }
        #expect(peaks[1] - peaks[0] < 24, "\(peaks) MiB")
    }
}
