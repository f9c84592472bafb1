import Files
import SystemPackage
import TestSupport
import Testing

/// Videos of unusual forms.
@Suite struct DepthVideoTests {
    @Test(arguments: [(54, 96), (63, 37), (10, 8), (1, 1), (2, 200), (129, 71)])
    func framesOfAnySizeGetMasksOfTheirSize(width: Int, height: Int) async throws {
        let folder = try TemporaryFolder()
        let clip = folder["clip.mkv"]
        try await Clip.make(
            clip,
            size: (width, height),
            rate: 2,
            encoding: ["-c:v", "ffv1", "-pix_fmt", "gbrp"]
        )
        let masks = try await DepthRun.masks(clip, to: folder["masks"], ["--save-depth"])
        #expect(masks.names.count == 2 && masks.manifest.complete)
        for index in masks.names.indices {
            let mask = try masks[index]
            #expect(mask.width == width && mask.height == height)
            let depth = try DepthRun.depth(index, of: masks, in: folder["masks"])
            #expect(depth.count == width * height)
        }
    }

    @Test func oneFrameIsAVideo() async throws {
        let folder = try TemporaryFolder()
        for options in [[], ["--steady"]] {
            let clip = try await LosslessClip.make(["square-70x70"], folder["clip.mkv"])
            let output = folder["masks\(options.count)"]
            let masks = try await DepthRun.masks(clip, to: output, options)
            #expect(masks.names == ["frame_0000.png"] && masks.manifest.complete)
            #expect(masks.manifest.frames[0].flags == nil)
        }
    }

    /// A video that is stored lying down is seen upright by the model too.
    @Test func aTurnedVideoIsSeenUpright() async throws {
        let folder = try TemporaryFolder()
        let upright = try await LosslessClip.make(["portrait-54x96"], folder["upright.mkv"])
        try await Program.ffmpeg([
            "-i", upright.string, "-vf", "transpose=cclock", "-c:v", "libx264rgb", "-qp", "0",
            folder["lying.mp4"].string,
        ])
        try await Program.ffmpeg([
            "-i", folder["lying.mp4"].string, "-c", "copy", "-metadata:s:v", "rotate=270",
            folder["turned.mp4"].string,
        ])
        let plain = try await DepthRun.masks(upright, to: folder["a"])
        let turned = try await DepthRun.masks(folder["turned.mp4"], to: folder["b"])
        #expect(try turned[0] == plain[0])
        #expect(turned.manifest.frames.map(\.scores) == plain.manifest.frames.map(\.scores))
    }

    @Test func equalFramesGetEqualMasks() async throws {
        let folder = try TemporaryFolder()
        let names = [String](repeating: "landscape-128x72", count: 12)
        let clip = try await LosslessClip.make(names, folder["clip.mkv"])
        for options in [[], ["--steady"]] {
            let output = folder["masks\(options.count)"]
            let masks = try await DepthRun.masks(clip, to: output, options)
            #expect(masks.names.count == 12)
            #expect(Set(try masks.names.indices.map { try masks[$0].pixels }).count == 1)
            #expect(Set(masks.manifest.frames.map(\.scores)).count == 1)
        }
    }
}
