import Files
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// The masks of the built program against those of the reference implementation.
@Suite struct DepthParityTests {
    /// Every small model with every frame that the reference has looked at.
    static let cases: [(model: String, frame: String)] = DepthFixtures.models.flatMap { model in
        let keys = (try? DepthFixtures.tensors("expected", of: model).keys) ?? []
        return keys.filter { $0.hasSuffix(".mask") }.map { (model, String($0.dropLast(5))) }
    }

    @Test func allModelsAreThere() { #expect(Self.cases.count == 12) }

    @Test func theClipsDecodeToTheFramesThemselves() async throws {
        let folder = try TemporaryFolder()
        let clip = try await LosslessClip.make(["small-40x30"], folder["clip.mkv"])
        try await Program.ffmpeg([
            "-i", clip.string, "-f", "rawvideo", "-pix_fmt", "rgb24", folder["back"].string,
        ])
        let frame = try DepthFixtures.tensors("frames").bytes("small-40x30").values
        #expect(try MaskSet.bytes(of: folder["back"]) == frame)
    }

    @Test(arguments: cases)
    func theMaskIsTheReferences(model: String, frame: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await LosslessClip.make([frame], folder["clip.mkv"])
        let masks = try await DepthRun.masks(clip, to: folder["masks"], model: model)
        let mask = try masks[0]
        let reference = try Self.reference(model, frame)
        #expect(masks.names.count == 1 && mask.width == reference.width)
        #expect(Set(mask.pixels) == [0, 255])
        let iou = MaskMetrics.iou(mask, reference)
        #expect(iou >= 0.99, "\(iou)")
    }

    /// The reference normalises metres as they are, so that its object is the farther side. Ours
    /// is always the nearer one: inverse distances, as relative models give them.
    private static func reference(_ model: String, _ frame: String) throws -> GrayImage {
        let expected = try DepthFixtures.tensors("expected", of: model)
        let (shape, pixels) = try expected.bytes(frame + ".mask")
        guard model == "tiny-metric" else {
            return GrayImage(width: shape[1], height: shape[0], pixels: pixels)
        }
        let near = try depth(model, frame)
        let (least, most) = (try #require(near.min()), try #require(near.max()))
        let levels = near.map { Int(($0 - least) / (most - least) * 255) }
        let level = bestLevel(levels)
        return GrayImage(
            width: shape[1],
            height: shape[0],
            pixels: levels.map { $0 > level ? 255 : 0 }
        )
    }

    /// The depth at the frame's size, larger where it is nearer. The reference's own `depth` of a
    /// metric model does not do: where it interpolates metres it overshoots to distances near
    /// zero, and one such pixel would be nearer than all else. So inverse distances are
    /// interpolated.
    private static func depth(_ model: String, _ frame: String) throws -> [Float] {
        let expected = try DepthFixtures.tensors("expected", of: model)
        let (shape, depth) = try expected.floats(frame + ".depth")
        guard model == "tiny-metric" else { return depth }
        let (inner, metres) = try expected.floats(frame + ".predicted")
        let upsampling = BicubicUpsampling(from: (inner[1], inner[0]), to: (shape[1], shape[0]))
        var result = [Float](repeating: 0, count: depth.count)
        metres.map { 1 / max($0, 0.1) }.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { upsampling.resize(source, into: $0) }
        }
        return result
    }

    /// Otsu's level as he defines it: the one with the largest variance between both sides.
    private static func bestLevel(_ levels: [Int]) -> Int {
        let spread = { (level: Int) in
            let far = levels.filter { $0 <= level }
            let near = levels.filter { $0 > level }
            guard !far.isEmpty, !near.isEmpty else { return 0.0 }
            let mean = { (side: [Int]) in Double(side.reduce(0, +)) / Double(side.count) }
            let distance = mean(near) - mean(far)
            return Double(far.count) * Double(near.count) * distance * distance
        }
        return (0..<255).max { spread($0) < spread($1) } ?? 0
    }

    @Test(arguments: ["tiny", "tiny-half", "tiny-metric"])
    func depthMapsGiveTheReferencesDepthBack(model: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await LosslessClip.make(["portrait-54x96"], folder["clip.mkv"])
        let masks = try await DepthRun.masks(
            clip,
            to: folder["masks"],
            model: model,
            ["--save-depth"]
        )
        #expect(masks.manifest.auxiliary == [AuxiliaryFolder("depth", .depth)])
        let depth = try DepthRun.depth(0, of: masks, in: folder["masks"])
        let reference = try Self.depth(model, "portrait-54x96").map(Double.init)
        #expect(depth.count == 54 * 96 && depth.count == reference.count)
        let range = try #require(reference.max()) - (try #require(reference.min()))
        let error = zip(depth, reference).map { abs($0 - $1) }.max() ?? range
        // Half a step for rounding, and half a one for arithmetic in another order.
        #expect(error <= range / 65535, "\(error / range * 65535) steps")
    }
}
