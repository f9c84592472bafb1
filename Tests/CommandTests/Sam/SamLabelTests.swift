import Files
import MLTools
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// `8cut masks sam --text` without words, of clips of the library.
@Suite struct SamLabelTests {
    private let library: DatasetRun
    private let environment: [String: String]

    init() async throws {
        library = try await DatasetRun(clips: 1, duration: "0.25")
        environment = [
            "EIGHTCUT_HOME": library.folder["home"].string,
            "EIGHTCUT_ONNXRUNTIME":
                try RuntimeLocation.find(in: TestTools.home.environment).string,
        ]
    }

    private func masks(_ clip: [String]) async throws -> ProgramResult {
        try await Program.run8cut(
            ["masks", "sam"] + clip + [
                "--model", SamRun.models.appending("tiny").string, "--text-model",
                Owlv2Fixtures.tiny.string, "--text-threshold", "0", "--device", "cpu", "--text",
            ],
            environment: environment
        )
    }

    @Test func theLabelIsThatOfTheLibrary() async throws {
        // The list beside the clip says something else.
        let clips = library.folder["clips"]
        try AtomicFile.write(
            #"[{"path": "dog_001.mp4", "label": "violin"}]"#,
            to: clips.appending("dataset.json")
        )
        let last = try await masks(["--last"])
        #expect(last.status == 0, "\(last.errors)")
        let manifest = try MaskManifest(
            readingFrom: clips.appending("dog_001_masks").appending("masks.json")
        )
        #expect(manifest.complete && manifest.method.settings["text"] == .text("dog barking"))
        let again = try await masks(["--clip", "1"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.lines.last == "all \(manifest.frameCount) masks were there already")

        let export = try await library.eightCut([
            "export", "-i", "video.mp4", "--start", "3", "--to", "clips", "--name", "cat",
            "--duration", "0.25", "--preset", "ultrafast", "-q",
        ])
        #expect(export.status == 0, "\(export.errors)")
        let nameless = try await masks(["--last"])
        #expect(nameless.status == 64, "\(nameless.errors)")
        #expect(nameless.errors.contains("cannot look for the label of 'clip 2': it has no label"))
        #expect(try Folder.kind(of: clips.appending("cat_001_masks")) == .missing)
    }
}
