import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Checkpoints that cannot be used.
@Suite struct DepthModelErrorTests {
    /// Runs and expects a failure that leaves no folder behind.
    private func expectFailure(
        _ status: Int32,
        _ words: [String],
        model: String,
        in folder: TemporaryFolder,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48), rate: 2)
        var variables = TestTools.environment
        variables["HF_HUB_CACHE"] = folder["cache"].string
        let result = try await Program.run8cut(
            ["masks", "depth", "-i", clip.string, "--device", "cpu", "--model", model],
            environment: variables,
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
        let kind = try Folder.kind(of: folder["clip_masks"])
        #expect(kind == .missing, sourceLocation: sourceLocation)
    }

    @Test func aCheckpointThatIsNotThereSaysHowToGetIt() async throws {
        let folder = try TemporaryFolder()
        let name = "depth-anything-v2-base"
        try await expectFailure(
            66,
            ["it is not downloaded", "8cut models download \(name)"],
            model: name,
            in: folder
        )
    }

    @Test func anUnknownNameIsNamed() async throws {
        let folder = try TemporaryFolder()
        let words = ["depth-anything-v9", "Known names: depth-anything-v2-small"]
        try await expectFailure(64, words, model: "depth-anything-v9", in: folder)
    }

    @Test func aFolderThatIsNotThereIsNamed() async throws {
        let folder = try TemporaryFolder()
        let words = ["nothing", "there is no such folder", "config.json"]
        try await expectFailure(66, words, model: "./nothing", in: folder)
    }

    @Test func aFolderWithoutACheckpointSaysWhatIsMissing() async throws {
        let folder = try TemporaryFolder()
        try Folder.create(folder["empty"])
        try await expectFailure(65, ["it has no config.json"], model: "./empty", in: folder)
    }

    @Test(arguments: [
        ("{", "config.json"), ("{\"model_type\": \"bert\"}", "'model_type'"),
        ("{\"model_type\": \"depth_anything\"}", "'backbone_config' is missing"),
    ])
    func aConfigurationThatMakesNoSenseIsNamed(text: String, word: String) async throws {
        let folder = try TemporaryFolder()
        try await ChangedCheckpoint(to: folder["model"]).write(text, to: "config.json")
        try await expectFailure(65, [word], model: "./model", in: folder)
    }

    @Test func missingSettingsOfThePreprocessorAreNamed() async throws {
        let folder = try TemporaryFolder()
        let model = try await ChangedCheckpoint(to: folder["model"])
        unlink(model.path.appending("preprocessor_config.json").string)
        try await expectFailure(66, ["preprocessor_config.json"], model: "./model", in: folder)
    }

    @Test func aTensorOfAnotherNameIsMissing() async throws {
        let folder = try TemporaryFolder()
        let model = try await ChangedCheckpoint(to: folder["model"])
        try model.changeHeader { $0.replacing("\"head.conv3.bias\"", with: "\"head.conv3.b\"") }
        let words = ["the tensor head.conv3.bias is missing", "of the same model?"]
        try await expectFailure(65, words, model: "./model", in: folder)
    }

    @Test func aTensorOfAnotherShapeIsNamedWithBoth() async throws {
        let folder = try TemporaryFolder()
        let model = try await ChangedCheckpoint(to: folder["model"])
        try model.changeHeader { $0.replacing("[1,8,1,1]", with: "[8,1,1,1]") }
        let words = ["head.conv3.weight", "[8, 1, 1, 1] and not [1, 8, 1, 1]"]
        try await expectFailure(65, words, model: "./model", in: folder)
    }

    @Test func aTensorTooManyIsNamed() async throws {
        let folder = try TemporaryFolder()
        let model = try await ChangedCheckpoint(to: folder["model"])
        let extra = "\"head.conv9.bias\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},"
        try model.changeHeader { "{" + extra + $0.dropFirst() }
        let words = ["a tensor that does not belong to the model: head.conv9.bias"]
        try await expectFailure(65, words, model: "./model", in: folder)
    }

    @Test(arguments: [0.9, 0.02, 0.00002])
    func weightsThatAreCutOffAreNamed(part: Double) async throws {
        let folder = try TemporaryFolder()
        try await ChangedCheckpoint(to: folder["model"]).truncateWeights(keeping: part)
        try await expectFailure(65, ["model.safetensors"], model: "./model", in: folder)
    }

    /// What is not a number spreads through the whole model.
    @Test(arguments: [[], ["--steady"]])
    func weightsThatAreNotNumbersAreReported(options: [String]) async throws {
        let folder = try TemporaryFolder()
        let model = try await ChangedCheckpoint(to: folder["model"])
        try model.endWeights(with: .nan)
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48), rate: 3)
        let result = try await Program.run8cut(
            DepthRun.arguments(
                clip,
                to: folder["masks"],
                model: model.path.string,
                options
            ),
            environment: TestTools.environment
        )
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("no numbers") && result.errors.contains("models verify"))
        #expect(!Set(try Folder.names(in: folder.path)).contains("masks"))
    }
}
