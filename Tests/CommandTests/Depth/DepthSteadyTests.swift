import Files
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Steady masks on a clip that trembles.
@Suite struct DepthSteadyTests {
    /// A still image with a few levels of noise that differs in each frame.
    private func makeClip(in folder: TemporaryFolder) async throws -> FilePath {
        let still = try await LosslessClip.make(["landscape-128x72"], folder["still.mkv"])
        try await Program.ffmpeg([
            "-i", still.string, "-vf",
            "loop=loop=23:size=1,setpts=N/24/TB,noise=alls=16:allf=t:all_seed=7",
            "-c:v", "ffv1", "-pix_fmt", "gbrp", folder["clip.mkv"].string,
        ])
        return folder["clip.mkv"]
    }

    @Test func steadyMasksFlickerLess() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let plain = try await DepthRun.masks(clip, to: folder["plain"])
        let steady = try await DepthRun.masks(clip, to: folder["steady"], ["--steady"])
        #expect(plain.names.count == 24 && steady.names == plain.names)
        let (before, after) = (try flicker(of: plain), try flicker(of: steady))
        #expect(before > 0 && after < before / 2, "\(before), \(after)")
        // The object stays the same one.
        let iou = MaskMetrics.iou(try plain[12], try steady[12])
        #expect(iou > 0.9, "\(iou)")
    }

    private func flicker(of masks: MaskSet) throws -> Double {
        var measure = MaskMetrics()
        for index in masks.names.indices { measure.add(try masks[index]) }
        return measure.flicker
    }
}
