import Files
import FoundationEssentials
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Scores that are written while masks are made.
@Suite struct ScoredManifestTests {
    private struct Document: Decodable {
        struct Judged: Decodable {
            let score: Double?
            let parts: [String: Double]
        }

        let clip: Judged
    }

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Every frame has a score, and that of the clip is their mean.
    private func expectScores(_ masks: MaskSet, parts: Set<String>) throws {
        let scores = masks.manifest.frames.compactMap(\.score)
        #expect(scores.count == masks.names.count && !scores.isEmpty)
        let mean = scores.reduce(0, +) / Double(scores.count)
        #expect(abs(try #require(masks.manifest.score) - mean) < 0.001)
        for record in masks.manifest.frames where record.flags?.contains(.empty) != true {
            #expect(parts.isSubset(of: Set((record.parts ?? [:]).keys)), "\(record)")
        }
    }

    private func scored(_ masks: String, _ options: [String] = []) async throws -> Document {
        let result = try await Program.run8cut(
            ["masks", "score", "-i", "clip.mp4", "--masks", masks, "--json", "-q"] + options,
            environment: TestTools.environment,
            in: folder.path
        )
        #expect(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    }

    @Test func theBuiltInMethodJudgesItsMasksAsTheCommandDoes() async throws {
        let clip = try await Clip.make(folder["clip.mp4"], seconds: 1.5)
        let made = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        #expect(made.status == 0, "\(made.errors)")
        let masks = try MaskSet(folder["clip_masks"])
        try expectScores(masks, parts: ["edge", "edgeAround", "steadyAround", "size"])
        let score = try #require(masks.manifest.score)
        #expect((made.output + made.errors).contains("36 masks in"))
        #expect((made.output + made.errors).contains(", score \(score)"))
        let judged = try #require(
            try await scored("clip_masks", ["--no-tracking"]).clip.score
        )
        #expect(abs(score - judged) < 0.03, "\(score) \(judged)")
    }

    @Test func aBlackObjectIsJudgedAsAWhiteOneIs() async throws {
        let clip = try await Clip.make(folder["clip.mp4"])
        for (name, options) in [("white", []), ("black", ["--invert"])] {
            for method in ["saliency", "depth"] {
                let output = folder["\(method)_\(name)"]
                let arguments =
                    method == "depth"
                    ? DepthRun.arguments(clip, to: output, options)
                    : ["masks", method, "-i", clip.string, "-o", output.string] + options
                let made = try await Program.run8cut(
                    arguments,
                    environment: TestTools.environment
                )
                #expect(made.status == 0, "\(made.errors)")
            }
        }
        for method in ["saliency", "depth"] {
            let white = try MaskSet(folder["\(method)_white"]).manifest
            let black = try MaskSet(folder["\(method)_black"]).manifest
            #expect(white.score != nil && white.score == black.score)
            #expect(white.frames == black.frames)
        }
    }

    @Test func masksOfAModelAreJudged() async throws {
        let clip = try await Clip.make(folder["clip.mp4"])
        let depth = try await DepthRun.masks(clip, to: folder["depth"])
        try expectScores(depth, parts: ["edge", "colours"])
        let sam = try await SamRun.masks(
            clip,
            to: folder["sam"],
            ["--box", "24,50,104,130"]
        )
        let parts = Set(sam.manifest.frames.flatMap { ($0.parts ?? [:]).keys })
        #expect(parts.isSuperset(of: ["predictedIoU", "visibility", "clarity"]), "\(parts)")
        #expect(sam.manifest.frames.allSatisfy { $0.score != nil })
        #expect(sam.manifest.frames[0].scores?["object_1.clarity"] != nil)
    }

    @Test func aCutIsMarked() async throws {
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=24:duration=1", "-f", "lavfi", "-i",
            "mandelbrot=size=320x180:rate=24", "-filter_complex",
            "[1]trim=duration=1[b];[0][b]concat=n=2", "-pix_fmt", "yuv420p",
            folder["clip.mp4"].string,
        ])
        let made = try await Program.run8cut(
            ["masks", "saliency", "-i", folder["clip.mp4"].string]
        )
        #expect(made.status == 0, "\(made.errors)")
        let masks = try MaskSet(folder["clip_masks"]).manifest
        #expect(masks.frames.filter { $0.beginsShot == true }.map(\.frame) == [24])
        let depth = try await DepthRun.masks(folder["clip.mp4"], to: folder["depth"])
        let cuts = depth.manifest.frames.filter { $0.beginsShot == true }.map(\.frame)
        #expect(cuts == [24])
    }

    /// One on which a run has died has none; it gets them when it is finished.
    @Test func anInterruptedRunIsJudgedWhenItIsComplete() async throws {
        let clip = try await Clip.make(folder["clip.mp4"])
        let whole = try await DepthRun.masks(clip, to: folder["whole"])
        let options = DepthRun.arguments(clip, to: folder["masks"])
        _ = try await Program.run8cut(options, environment: TestTools.environment) { process in
            try await waitForMasks(5, in: folder["masks"])
            kill(process, SIGKILL)
        }
        let partial = try? MaskManifest(
            readingFrom: folder["masks"].appending(MaskManifest.fileName)
        )
        #expect(partial.map { $0.complete || $0.score == nil } ?? true)
        let again = try await DepthRun.masks(clip, to: folder["masks"])
        #expect(again.manifest.score == whole.manifest.score)
        #expect(again.manifest.frames == whole.manifest.frames)
    }

    @Test func masksAreComparedWithWhatSAM2Tracks() async throws {
        let clip = try await Clip.make(folder["clip.mp4"], seconds: 0.5)
        let made = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        #expect(made.status == 0, "\(made.errors)")
        let model = ["--model", SamRun.models.appending("tiny").string, "--device", "cpu"]
        let parts = try await scored("clip_masks", model).clip.parts
        #expect(parts["tracked"] != nil && parts["forwardBackward"] != nil, "\(parts)")
        let quick = try await scored("clip_masks", ["--no-tracking"]).clip.parts
        #expect(quick["tracked"] == nil && quick["edge"] != nil)
        // No checkpoint is installed in this home.
        let result = try await Program.run8cut(
            ["masks", "score", "-i", "clip.mp4", "--masks", "clip_masks", "--json"],
            environment: TestTools.environment.merging(["EIGHTCUT_HOME": folder["home"].string]) {
                $1
            },
            in: folder.path
        )
        #expect(result.status == 0 && result.lines.count == 1, "\(result.errors)")
        #expect(result.errors.contains("left out: tracked and forwardBackward"))
        let wrong = try await Program.run8cut(
            ["masks", "score", "-i", "clip.mp4", "--masks", "clip_masks", "--model", "nothing"],
            environment: TestTools.environment,
            in: folder.path
        )
        #expect(wrong.status != 0, "\(wrong.output)")
    }
}
