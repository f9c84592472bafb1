import Files
import FoundationEssentials
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// `8cut masks sam --text` with small random checkpoints: the detector sees what it likes, with
/// scores that only depend on the video.
@Suite struct SamTextTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let model = ["--text-model", Owlv2Fixtures.tiny.string]
    /// Whatever fits best is found.
    private static let anything = model + ["--text-threshold", "0"]

    private func clip() async throws -> FilePath { try await Clip.make(folder["clip.mp4"]) }

    private func detections(_ masks: FilePath) throws -> [String: JSONValue] {
        let manifest = try MaskManifest(readingFrom: masks.appending("masks.json"))
        guard case .object(let found) = try #require(manifest.detections) else { return [:] }
        return found
    }

    @Test func theBoxThatWasFoundIsTracked() async throws {
        let clip = try await clip()
        let output = folder["masks"]
        let masks = try await SamRun.masks(clip, to: output, ["--text", "dog"] + Self.anything)
        #expect(masks.manifest.complete && masks.names.count == 24)
        // The same masks as with the box that detect finds.
        let prompts = folder["prompts.json"]
        let found = try await DetectRun.run(
            clip,
            ["--text", "dog", "--device", "cpu", "-o", prompts.string] + Self.anything
        )
        #expect(found.status == 0, "\(found.errors)")
        let boxed = try await SamRun.masks(
            clip,
            to: folder["boxed"],
            ["--prompts", prompts.string]
        )
        #expect(boxed.manifest.complete)
        let images = { (folder: FilePath) in
            try MaskSet.content(of: folder).filter { $0.key.hasSuffix(".png") }
        }
        #expect(try images(output) == images(folder["boxed"]))

        let settings = masks.manifest.method.settings
        #expect(settings["text"] == .text("dog") && settings["count"] == .text("1"))
        #expect(settings["prompts"] == .text("text") && settings["textThreshold"] == .number(0))
        #expect(settings["textFrames"] == .text("automatic (5)"))
        #expect(settings["skipPadding"] == nil)
        for name in ["detector", "detectorWeights", "templates", "queriesRevision"] {
            #expect(settings[name] != nil, "\(name)")
        }
        #expect(masks.manifest.foundPrompts?.contains("\"box\"") == true)
        let detections = try detections(output)
        guard case .array(let frames) = detections["frames"],
            case .array(let objects) = detections["objects"],
            case .object(let object) = objects.first
        else {
            Issue.record("\(detections)")
            return
        }
        #expect(objects.count == 1 && (1...5).contains(frames.count))
        #expect(object["query"] == .string("dog") && object["object"] == .integer(1))
    }

    @Test func aRunThatIsDoneDoesNotLookAgain() async throws {
        let clip = try await clip()
        let options = ["--text", "dog"] + Self.anything
        let output = folder["masks"]
        try await SamRun.masks(clip, to: output, options)
        let again = try await Program.run8cut(
            SamRun.arguments(clip, to: output, options + ["--verbose"]),
            environment: TestTools.environment
        )
        #expect(again.status == 0 && again.lines.last == "all 24 masks were there already")
        #expect(!again.errors.contains("looking for"), "\(again.errors)")
        // Another text, another threshold: other masks.
        for other in [
            ["--text", "violin"], ["--text", "dog", "--text-threshold", "0.01"],
            ["--text", "dog", "--skip-padding"],
        ] {
            let result = try await Program.run8cut(
                SamRun.arguments(clip, to: output, Self.anything + other),
                environment: TestTools.environment
            )
            #expect(result.status == 4, "\(result.errors)")
            if other.contains("--skip-padding") {
                #expect(result.errors.contains("skipPadding: none there, true asked for"))
            }
        }
    }

    /// In either direction.
    @Test(arguments: [0, 5])
    func aRunThatResumesStartsFromTheSameBoxes(after count: Int) async throws {
        let clip = try await Clip.make(folder["long.mp4"], size: (128, 72), seconds: 5.5)
        // The object starts in the middle, so that the first half is tracked in reverse.
        let options = ["--text", "dog", "--frames", "66,", "--verbose"] + Self.anything
        let output = folder["masks"]
        let arguments = SamRun.arguments(clip, to: output, options)
        let kept = output.appending(".8cut-work").appending("found.json")
        let stopped = try await Program.run8cut(
            arguments,
            environment: TestTools.environment
        ) { process in
            try await eventually("what was found is kept") {
                (try? Folder.kind(of: kept)) == .file
            }
            if count > 0 { try await waitForMasks(count, in: output) }
            kill(process, SIGKILL)
        }
        #expect(stopped.status == 128 + SIGKILL && stopped.errors.contains("best scores"))
        let again = try await Program.run8cut(arguments, environment: TestTools.environment)
        #expect(again.status == 0, "\(again.errors)")
        #expect(!again.errors.contains("best scores"), "\(again.errors)")
        try await SamRun.masks(clip, to: folder["whole"], options)
        #expect(try MaskSet.content(of: output) == MaskSet.content(of: folder["whole"]))
    }

    /// A text in the settings, the row's own label, a text among the prompts, and one that is not
    /// found.
    @Test func rowsOfABatchLookForTexts() async throws {
        let batch = try BatchSetup()
        for name in ["a", "b", "c", "d"] { try await batch.clip(name, size: (128, 72)) }
        let settings = { (more: String) in
            #""settings": {"model": "\#(SamRun.models.appending("tiny").string)", "#
                + #""text-model": "\#(Owlv2Fixtures.tiny.string)", "device": "cpu", \#(more)}"#
        }
        let low = #""text-threshold": 0"#
        try batch.write([
            BatchSetup.row("a", method: "sam", settings(#""text": "dog", "# + low)),
            BatchSetup.row(
                "b",
                method: "sam",
                settings(#""text": true, "# + low) + #", "label": "dog barking""#
            ),
            BatchSetup.row(
                "c",
                method: "sam",
                settings(low + #", "skip-padding": true"#)
                    + #", "prompts": [{"text": "violin"}]"#
            ),
            BatchSetup.row(
                "d",
                method: "sam",
                settings(#""text": "dog", "text-threshold": 1"#)
            ),
        ])

        let run = try await batch.run(["--jobs", "1"])

        #expect(run.status != 0)
        for (name, text) in [("a", "dog"), ("b", "dog barking"), ("c", "violin")] {
            let masks = try batch.masks(name)
            #expect(masks.manifest.complete, "\(run.errors)")
            #expect(masks.manifest.method.settings["text"] == .text(text))
        }
        let ofC = try batch.masks("c").manifest.method.settings
        #expect(ofC["skipPadding"] == .flag(true))
        #expect(try Folder.kind(of: batch["d_masks"]) == .missing)
        #expect(run.errors.contains("cannot find 'dog'"), "\(run.errors)")
        // SAM 2 is loaded once, the detector for each of its two forms.
        #expect(run.errors.contains("3 models loaded"), "\(run.errors)")
    }

    @Test func whatIsNotFoundLeavesNothing() async throws {
        let clip = try await clip()
        let output = folder["masks"]
        let result = try await Program.run8cut(
            SamRun.arguments(
                clip,
                to: output,
                ["--text", "dog barking", "--text-threshold", "1"] + Self.model
            ),
            environment: TestTools.environment
        )
        #expect(result.status == 7, "\(result.errors)")
        #expect(result.errors.contains("looking for 'dog barking' on up to 5 frames with tiny"))
        #expect(result.errors.contains("cannot find 'dog barking'"))
        #expect(result.errors.contains("below the threshold of 1"))
        #expect(try Folder.kind(of: output) == .missing)
    }

    @Test func severalTextsAndMarksTogether() async throws {
        let clip = try await clip()
        let output = folder["masks"]
        try await SamRun.masks(
            clip,
            to: output,
            [
                "--point", "160,90", "--text", "cat", "--text", "dog#2", "--count", "2",
                "--objects", "separate",
            ] + Self.anything
        )
        // The point marks object 1, so that "cat" is not looked for; "dog" is 2 and the next, 3.
        let manifest = try MaskManifest(readingFrom: output.appending("masks.json"))
        #expect(manifest.method.settings["text"] == .text("dog#2"))
        #expect(manifest.auxiliary.map(\.folder) == ["object_1", "object_2", "object_3"])
        for object in 1...3 { _ = try SamRun.object(object, 23, in: output) }
        guard case .array(let objects) = try detections(output)["objects"] else {
            Issue.record("no objects")
            return
        }
        #expect(objects.count == 2)
    }

    @Test func aPromptsFileMayHaveTexts() async throws {
        let clip = try await clip()
        let prompts = folder["prompts.json"]
        try AtomicFile.write(
            #"{"v": 1, "prompts": [{"text": "dog"}, {"point": [10, 10], "object": 2}]}"#,
            to: prompts
        )
        let masks = try await SamRun.masks(
            clip,
            to: folder["masks"],
            ["--prompts", prompts.string, "--objects", "labels"] + Self.anything
        )
        #expect(masks.manifest.method.settings["text"] == .text("dog"))
        #expect(masks.manifest.foundPrompts?.contains("\"point\"") == true)
    }

    @Test func theOtherFramesAreEvidence() async throws {
        let clip = try await clip()
        let masks = try await SamRun.masks(
            clip,
            to: folder["masks"],
            ["--text", "dog", "--frames", "0,6,12,18"] + Self.anything
        )
        for (index, frame) in masks.manifest.frames.enumerated() {
            let agreement = frame.scores?["object_1.labelIoU"]
            #expect((agreement != nil) == [0, 6, 12, 18].contains(index), "frame \(index)")
            let isFlagged = frame.flags?.contains(.label) == true
            #expect(isFlagged == ((agreement ?? 1) < 0.3), "frame \(index)")
        }
    }

    @Test func withoutWordsTheLabelBesideTheClipIsTaken() async throws {
        let clip = try await clip()
        let options = ["--text-threshold", "0"] + Self.model + ["--text"]
        let missing = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["masks"], options),
            environment: TestTools.environment
        )
        #expect(missing.status == 64 && missing.errors.contains("no dataset.json beside it"))
        try AtomicFile.write(
            #"[{"path": "clip.mp4", "label": "dog barking", "start": 0, "duration": 1}]"#,
            to: folder["dataset.json"]
        )
        let masks = try await SamRun.masks(clip, to: folder["masks"], options)
        #expect(masks.manifest.method.settings["text"] == .text("dog barking"))
    }

    @Test(arguments: [
        (["--text", ""], "there are no words in it"),
        (["--text", "thunder"], "nothing that can be seen"),
        (["--text", "dog", "--text", "cat"], "object 1 has a text already"),
        (["--text", "dog", "--frames", "25"], "24 frames: 0 to 23"),
        (["--text", "dog", "--engine", "reference"], "--text goes with --engine native only"),
        (["--count", "2"], "there is no text to look for"),
    ])
    func badInputWritesNothing(_ options: [String], _ why: String) async throws {
        let clip = try await clip()
        let result = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["masks"], options),
            environment: TestTools.environment.merging(["HF_HOME": folder["hf"].string]) { $1 }
        )
        let needsModel = options.contains("--frames")
        #expect(result.status == (needsModel ? 66 : 64), "\(options): \(result.errors)")
        if !needsModel { #expect(result.errors.contains(why), "\(options): \(result.errors)") }
        #expect(try Folder.kind(of: folder["masks"]) == .missing)
        guard needsModel else { return }
        let known = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["masks"], Self.model + options),
            environment: TestTools.environment
        )
        #expect(known.status == 64 && known.errors.contains(why), "\(known.errors)")
        #expect(try Folder.kind(of: folder["masks"]) == .missing)
    }
}
