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
            #expect(try SamRun.scores(masks, frame).count == 4)
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
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), seconds: 4)
        let options = [
            "--box", "20,10,80,60@20", "--point", "60,30@60", "--memory-rules", "dam",
        ]
        try await SamRun.masks(clip, to: folder["whole"], model: Self.model, options)
        let output = folder["resumed"]
        let stopped = try await Program.run8cut(
            SamRun.arguments(clip, to: output, model: Self.model, options),
            environment: TestTools.environment
        ) { process in
            try await waitForMasks(30, in: output)
            kill(process, SIGINT)
        }
        #expect(stopped.status == 130, "\(stopped.errors)")
        let next = try SamRun.nextFrame(of: output)
        #expect((next["forward"] ?? 0) >= 20, "\(next)")
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
