import Files
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// What the options of `8cut masks depth` change.
@Suite struct DepthOptionTests {
    private static let frame = "landscape-128x72"

    private func makeClip(in folder: TemporaryFolder) async throws -> FilePath {
        try await LosslessClip.make([Self.frame], folder["clip.mkv"])
    }

    @Test func theManifestRecordsHowTheMasksWereMade() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let manifest = try await DepthRun.masks(clip, to: folder["masks"]).manifest
        #expect(manifest.method.name == "depth" && manifest.auxiliary.isEmpty)
        var settings = manifest.method.settings
        guard case .text(let weights) = settings.removeValue(forKey: "weights") else {
            Issue.record("the weights are not distinguished")
            return
        }
        #expect(weights.count == 16)
        #expect(
            settings == [
                "threshold": .text("otsu"), "steady": .flag(false), "keepsDepth": .flag(false),
                "resolution": .text("checkpoint"), "revision": .number(1), "invert": .flag(false),
                "engine": .text("native"), "model": .text("tiny"), "device": .text("cpu"),
                "precision": .text("fp32"),
            ]
        )
        #expect(
            Set(manifest.frames[0].scores?.keys ?? [:].keys) == [
                "farthest", "nearest", "threshold",
            ]
        )
    }

    @Test(arguments: [[], ["--steady"]] as [[String]])
    func whatMovesIsPartOfWhatIsNear(options: [String]) async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let near = try await DepthRun.masks(clip, to: folder["near"], options)
        #expect(near.manifest.method.settings["object"] == nil)
        let moving = options + ["--object", "moving"]
        let other = try await Program.run8cut(
            DepthRun.arguments(clip, to: folder["near"], moving),
            environment: TestTools.environment
        )
        #expect(other.status == 4, "\(other.errors)")
        let part = try await DepthRun.masks(clip, to: folder["moving"], moving)
        #expect(part.manifest.method.settings["object"] == .text("moving"))
        #expect(try zip(near[0].pixels, part[0].pixels).allSatisfy { $0 >= $1 })
    }

    @Test func invertTurnsRoundTheMaskAndNotTheDepth() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let plain = try await DepthRun.masks(clip, to: folder["plain"], ["--save-depth"])
        let inverted = try await DepthRun.masks(
            clip,
            to: folder["inverted"],
            ["--save-depth", "--invert"]
        )
        #expect(try plain[0].pixels.map { ~$0 } == inverted[0].pixels)
        let depth = try ["plain", "inverted"].map {
            try MaskSet.content(of: folder[$0].appending("depth"))
        }
        #expect(depth[0] == depth[1] && depth[0].count == 1)
    }

    @Test(arguments: [0, 90, 200])
    func aLevelCutsThere(level: Int) async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let masks = try await DepthRun.masks(
            clip,
            to: folder["masks"],
            ["--threshold", "\(level)"]
        )
        let grey = try DepthFixtures.tensors("expected", of: "tiny").bytes(Self.frame + ".grey")
        let reference = GrayImage(
            width: 128,
            height: 72,
            pixels: grey.values.map { $0 > level ? 255 : 0 }
        )
        #expect(MaskMetrics.iou(try masks[0], reference) >= 0.99)
        #expect(masks.manifest.frames[0].scores?["threshold"] == Double(level))
    }

    @Test func theHighestLevelLeavesNothing() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        for options in [["--threshold", "255"], ["--threshold", "255", "--steady"]] {
            let output = folder["masks-\(options.count)"]
            let masks = try await DepthRun.masks(clip, to: output, options)
            #expect(masks.manifest.frames[0].flags == [.empty])
        }
    }

    @Test func resolutionIsThatOfTheModelsInput() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let byCheckpoint = try await DepthRun.masks(clip, to: folder["a"], ["--save-depth"])
        // The checkpoint's own number, so nothing but the setting's name differs.
        let same = try await DepthRun.masks(
            clip,
            to: folder["b"],
            ["--save-depth", "--resolution", "70"]
        )
        let larger = try await DepthRun.masks(
            clip,
            to: folder["c"],
            ["--save-depth", "--resolution", "140"]
        )
        #expect(byCheckpoint.manifest.frames == same.manifest.frames)
        let depth = try ["a", "b", "c"].map {
            try MaskSet.content(of: folder[$0].appending("depth"))
        }
        #expect(depth[0] == depth[1] && depth[1] != depth[2])
        #expect(larger.manifest.method.settings["resolution"] == .number(140))
        #expect(try larger[0].width == 128)
    }

    @Test(arguments: ["tiny", "tiny-half", "tiny-sharded-old"])
    func bytesAreNearlyAsExact(model: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let exact = try await DepthRun.masks(clip, to: folder["fp32"], model: model)
        let bytes = try await DepthRun.masks(
            clip,
            to: folder["int8"],
            model: model,
            ["--precision", "int8", "--save-depth"]
        )
        let iou = MaskMetrics.iou(try exact[0], try bytes[0])
        #expect(iou >= 0.95, "\(iou)")
        #expect(exact.manifest.frames[0].scores != bytes.manifest.frames[0].scores)
        #expect(bytes.manifest.method.settings["precision"] == .text("int8"))
    }

    @Test(arguments: [["--device", "cpu"], ["--device", "auto"]])
    func halvesNeedAGPU(device: [String]) async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let arguments = DepthRun.arguments(clip, to: folder["masks"], ["--precision", "fp16"])
        let result = try await Program.run8cut(
            arguments + device,
            environment: TestTools.environment
        )
        #expect(result.status == 64 && result.errors.contains("fp16"), "\(result.errors)")
        #expect(result.errors.contains("the CPU has fp32 and int8"))
        #expect(try Folder.kind(of: folder["masks"]) == .missing)
    }

    @Test func theThreadsDoNotChangeTheMasks() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let one = try await DepthRun.masks(clip, to: folder["1"], ["--threads", "1"])
        let three = try await DepthRun.masks(clip, to: folder["3"], ["--threads", "3"])
        #expect(one.manifest.method == three.manifest.method)
        #expect(MaskMetrics.iou(try one[0], try three[0]) >= 0.999)
    }
}
