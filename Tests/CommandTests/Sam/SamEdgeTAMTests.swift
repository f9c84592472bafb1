import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// `8cut masks sam` with a small EdgeTAM checkpoint.
@Suite struct SamEdgeTAMTests {
    private static let model = Sam2Fixtures.edgetam

    @Test func objectsAreTrackedWithTheScoresOfTheModel() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 8)
        let options = ["--box", "20,10,80,60", "--point", "90,30#2", "--objects", "separate"]
        let masks = try await SamRun.masks(clip, to: folder["m"], model: Self.model, options)
        #expect(masks.manifest.complete && masks.names.count == 8)
        #expect(masks.manifest.method.settings["model"] == .text("edgetam"))
        for frame in masks.names.indices {
            let scores = try SamRun.scores(masks, frame)
            #expect(scores.count { !$0.key.hasSuffix(".clarity") } == 4)
        }
        // Bytes of a mask do not depend on what else is tracked.
        let alone = try await SamRun.masks(
            clip,
            to: folder["alone"],
            model: Self.model,
            ["--box", "20,10,80,60"]
        )
        for frame in alone.names.indices {
            #expect(try alone[frame] == SamRun.object(1, frame, in: folder["m"]))
        }
    }

    /// The state has memories in 32 bits, and what distractor-aware memory goes by.
    @Test func anInterruptedRunEndsWithTheSameBytes() async throws {
        let folder = try TemporaryFolder()
        let clip = try await shapes(folder["clip.mp4"])
        let options = ["--point", "51,37@20", "--point", "52,36@28", "--memory-rules", "dam"]
        try await SamRun.masks(clip, to: folder["whole"], model: Self.model, options)
        let output = folder["resumed"]
        let stopped = try await Program.run8cut(
            SamRun.arguments(clip, to: output, model: Self.model, options),
            environment: TestTools.environment
        ) { process in
            try await waitForMasks(50, in: output)
            kill(process, SIGINT)
        }
        #expect(stopped.status == 130, "\(stopped.errors)")
        let next = try SamRun.nextFrame(of: output)
        #expect((next["forward"] ?? 0) >= 40, "\(next)")
        #expect(try SamRun.anchors(of: output).count == 3)
        try await SamRun.masks(clip, to: output, model: Self.model, options)
        #expect(try MaskSet.content(of: output) == MaskSet.content(of: folder["whole"]))
    }

    @Test(arguments: ["tiny", model])
    func bytesCanBeComputedWith(model: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 3)
        let options = ["--box", "20,10,80,60", "--precision", "int8"]
        let masks = try await SamRun.masks(clip, to: folder["m"], model: model, options)
        #expect(masks.names.count == 3)
        #expect(masks.manifest.method.settings["precision"] == .text("int8"))
    }

    /// Said once, as soon as the speed is known.
    @Test(arguments: [("tiny", "--model edgetam and"), (model, "--resolution 768")])
    func aRunThatTakesLongSaysWhatIsFaster(model: String, words: String) async throws {
        let folder = try TemporaryFolder()
        let short = try await Clip.make(folder["short.mp4"], size: (64, 36), rate: 30, seconds: 2)
        let clip = folder["clip.mp4"]
        try await Program.ffmpeg(
            ["-stream_loop", "999", "-i", short.string, "-c", "copy", clip.string]
        )
        let stopped = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["m"], model: model, ["--box", "10,10,40,30"]),
            environment: TestTools.environment
        ) { process in
            try await waitForMasks(12, in: folder["m"])
            kill(process, SIGINT)
        }
        #expect(stopped.status == 130, "\(stopped.errors)")
        let notes = stopped.errors.split(separator: "\n").filter { $0.contains("minutes are left") }
        #expect(notes.count == 1 && notes[0].contains(words), "\(stopped.errors)")
    }

    /// The video `beside-alike` of the fixtures from frame 20 on, to and fro: with it there are
    /// anchors.
    private func shapes(_ path: FilePath) async throws -> FilePath {
        let step = "(24-abs(mod(N+28,48)-24))"
        let disc = "lt(pow(X-51-0.4*\(step),2)+pow(Y-37-0.2*\(step),2),49)"
        let square = "lt(abs(X-38+0.4*\(step)),7)*lt(abs(Y-18+0.2*\(step)),7)"
        let colours = [("r", 247, 246, 245), ("g", 157, 141, 129), ("b", 80, 90, 193)]
            .map { "\($0)='if(\(disc),\($1),if(\(square),\($2),\($3)))'" }
        try await Program.ffmpeg([
            "-f", "lavfi", "-i",
            "color=s=64x48:r=24:d=4,format=gbrp,geq=" + colours.joined(separator: ":"), "-c:v",
            "libx264rgb", "-qp", "0", "-preset", "ultrafast", "file:" + path.string,
        ])
        return path
    }

    @Test func aResolutionOfOtherWindowsIsUsed() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), rate: 2)
        let options = ["--box", "20,10,80,60", "--resolution", "512"]
        let masks = try await SamRun.masks(clip, to: folder["m"], model: Self.model, options)
        #expect(masks.manifest.method.settings["resolution"] == .number(512))
    }

    @Test func memoriesThatAreShortAreNotPooled() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48), rate: 2)
        let result = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["m"], model: Self.model, ["--pool-memories", "2"]),
            environment: TestTools.environment
        )
        #expect(result.status == 64, "\(result.errors)")
        #expect(
            result.errors.contains("short already") && result.errors.contains("--pool-memories")
        )
        #expect(try Folder.kind(of: folder["m"]) == .missing)
    }

    @Test func aSinglePointIsNoted() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48), rate: 2)
        for (options, isNoted) in [
            (["--point", "30,20"], true), (["--point", "30,20", "--point", "9,9,-"], false),
            (["--box", "5,5,40,40"], false),
        ] {
            let result = try await Program.run8cut(
                SamRun.arguments(
                    clip,
                    to: folder["m"],
                    model: Self.model,
                    options + ["--overwrite"]
                ),
                environment: TestTools.environment
            )
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("a single point") == isNoted, "\(result.errors)")
        }
    }
}
