import Files
import Imaging
import SystemPackage
import TestSupport
import Testing

/// Prompts and checkpoints that cannot be used: reported before any work begins.
@Suite struct SamPromptErrorTests {
    /// Runs on a clip of 24 frames of 64x48, and expects a failure that leaves no folder behind.
    private func expectFailure(
        _ status: Int32,
        _ words: [String],
        _ options: [String],
        model: String = "tiny",
        in folder: TemporaryFolder,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let result = try await Program.run8cut(
            SamRun.arguments(clip, to: folder["masks"], model: model, options),
            environment: TestTools.environment,
            in: folder.path
        )
        #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
        for word in words {
            #expect(
                result.errors.contains(word),
                "\(word): \(result.errors)",
                sourceLocation: sourceLocation
            )
        }
        // Searching for an object counts as a part of the first frame.
        #expect(!result.output.contains("frame 2/"), sourceLocation: sourceLocation)
        let kind = try Folder.kind(of: folder["masks"])
        #expect(kind == .missing, sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        (["--point", "64,10"], ["--point 64,10", "outside the frame", "64 pixels wide"]),
        (["--point", "10,48"], ["--point 10,48", "48 pixels high"]),
        (["--point", "-5,3"], ["--point -5,3", "outside the frame"]),
        (["--point", "1w,0.5h"], ["x is 1w, which is 64"]),
        (["--box", "10,20,200,40"], ["--box 10,20,200,40", "outside the frame"]),
        (["--box", "-1,0,10,10"], ["--box -1,0,10,10"]),
        (["--box", "10,20,10,40"], ["no area"]), (["--box", "30,20,10,40"], ["no area"]),
        (["--point", "3,3@24"], ["--point 3,3@24", "24 frames: 0 to 23"]),
        (["--point", "3,3", "--box", "1,1,9,9@500"], ["--box 1,1,9,9@500", "24 frames"]),
        (["--point", "3,3", "--point", "3,3,-"], ["contradicts", "--point 3,3"]),
        (["--box", "1,1,9,9", "--box", "2,2,9,9"], ["contradicts", "only one box"]),
        (["--point", "3,3#0"], ["its object is 0"]), (["--point", "3,3#256"], ["object is 256"]),
        (["--point", "3,3", "--point", "9,9,-#2"], ["object 2", "nothing but negative"]),
        (["--point", "3;3"], ["--point 3;3"]), (["--point", "3,three"], ["no number"]),
    ])
    func aPromptThatCannotBeIsNamed(options: [String], words: [String]) async throws {
        try await expectFailure(64, words, options, in: try TemporaryFolder())
    }

    @Test func aMaskOfAnotherSizeIsNamedWithBoth() async throws {
        let folder = try TemporaryFolder()
        let mask = GrayImage(width: 65, height: 48, pixels: Array(repeating: 255, count: 65 * 48))
        try PNG.write(mask, to: folder["mask.png"])
        let option = ["--mask", "mask.png"]
        try await expectFailure(65, ["mask.png", "65x48", "64x48"], option, in: folder)
        try await expectFailure(66, ["there is no file"], ["--mask", "no.png"], in: folder)
    }

    @Test(arguments: [
        (
            "{\"v\": 1, \"prompts\": [\n{\"point\": [3, 3]},\n{\"frme\": 3, \"point\": [9, 9]}]}",
            "frme", 3
        ),
        ("{\"v\": 1,\n \"prompts\": [{\"point\": [3]}]}", "point", 2),
        ("{\"v\": 1, \"prompts\": [\n\n{\"point\": [3, 99]}]}", "y is 99", 3),
        ("{\"v\": 1, \"prompts\": [\n{\"point\": [3, 9], \"frame\": 24}]}", "24 frames", 2),
        ("{\"v\": 1, \"prompts\": [\n{\"point\": [3, 9]},\n]}", "column", 3),
    ])
    func anErrorInAFileIsNamedWithItsLine(text: String, word: String, line: Int) async throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(text, to: folder["p.json"])
        let words = ["p.json", word, "line \(line)"]
        try await expectFailure(65, words, ["--prompts", "p.json"], in: folder)
    }

    @Test func aDepthCheckpointIsRefusedAndTheOtherWayRound() async throws {
        let folder = try TemporaryFolder()
        let depth = DepthFixtures.folder.appending("tiny").string
        try await expectFailure(65, ["config.json", "'model_type'"], [], model: depth, in: folder)

        let result = try await Program.run8cut(
            DepthRun.arguments(
                folder["clip.mp4"],
                to: folder["masks"],
                model: SamRun.models.appending("tiny").string
            ),
            environment: TestTools.environment
        )
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("config.json") && result.errors.contains("'model_type'"))
        #expect(try Folder.kind(of: folder["masks"]) == .missing)
    }

    @Test func aCheckpointThatIsNotDownloadedSaysHowToGetIt() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let result = try await Program.run8cut(
            ["masks", "sam", "-i", clip.string, "--device", "cpu"],
            environment: TestTools.environment
        )
        #expect(result.status == 66, "\(result.errors)")
        #expect(result.errors.contains("8cut models download sam2.1-hiera-tiny"))
        #expect(result.errors.contains("the default on a CPU"), "\(result.errors)")
        #expect(try Folder.kind(of: folder["clip_masks"]) == .missing)
    }

    @Test func weightsThatAreNotNumbersAreReported() async throws {
        let folder = try TemporaryFolder()
        let model = try await ChangedCheckpoint(of: SamRun.models, to: folder["model"])
        try model.fillWeights(with: .nan)
        for prompt in [[], ["--point", "9,9@5"]] {
            try await expectFailure(
                65,
                ["no numbers"],
                prompt,
                model: model.path.string,
                in: folder
            )
        }
    }
}
