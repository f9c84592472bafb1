import Files
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Rows that need a model.
@Suite struct BatchModelTests {
    private static func settings(_ model: FilePath) -> String {
        #""settings": {"model": "\#(model.string)", "device": "cpu"}"#
    }

    @Test func aModelIsLoadedOnceForAllRowsAndMakesTheSameMasks() async throws {
        let batch = try BatchSetup()
        let depth = Self.settings(DepthFixtures.folder.appending("tiny"))
        let sam = Self.settings(SamRun.models.appending("tiny"))
        for name in ["a", "b", "c", "d", "e", "f"] {
            try await batch.clip(name, seconds: name == "a" ? 0.25 : 0.5, size: (128, 72))
        }
        try AtomicFile.write(
            #"{"v": 1, "prompts": [{"point": [64, 36]}]}"#,
            to: batch["prompts.json"]
        )
        try batch.write([
            BatchSetup.row("a", method: "depth", depth),
            BatchSetup.row("b", method: "sam", sam + #", "prompts": "prompts.json""#),
            BatchSetup.row("f", method: "sam", sam + #", "prompts": [{"point": [64, 36]}]"#),
            BatchSetup.row("c", method: "depth", depth),
            BatchSetup.row("d", method: "sam", sam),
            BatchSetup.row(
                "e",
                method: "sam",
                sam.replacing(#""device""#, with: #""point": "0.4w,0.5h", "device""#)
            ),
        ])

        let run = try await batch.run(["--jobs", "2", "--copies", "1"])

        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("2 models loaded"), "\(run.errors)")
        try await DepthRun.masks(batch["c.mp4"], to: batch["c_single"])
        try await SamRun.masks(batch["b.mp4"], to: batch["b_single"], ["--point", "64,36"])
        try await SamRun.masks(batch["d.mp4"], to: batch["d_single"])
        try await SamRun.masks(batch["e.mp4"], to: batch["e_single"], ["--point", "0.4w,0.5h"])
        try await SamRun.masks(batch["f.mp4"], to: batch["f_single"], ["--point", "64,36"])
        for name in ["b", "c", "d", "e", "f"] {
            let content = try MaskSet.content(of: batch[name + "_masks"])
            #expect(try content == MaskSet.content(of: batch[name + "_single"]), "\(name)")
        }
    }

    @Test func aModelServesFramesOfSeveralSizes() async throws {
        let batch = try BatchSetup()
        let model = Self.settings(SamRun.models.appending("tiny"))
        try await batch.clip("a", size: (128, 72))
        try await batch.clip("b", size: (96, 96))
        try batch.write(["a", "b"].map { BatchSetup.row($0, method: "sam", model) })

        let run = try await batch.run(["--copies", "1"])

        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("1 model loaded"), "\(run.errors)")
        try await SamRun.masks(batch["b.mp4"], to: batch["b_single"])
        let content = try MaskSet.content(of: batch["b_masks"])
        #expect(try content == MaskSet.content(of: batch["b_single"]))
    }

    @Test func copiesOfAModelMakeTheSameMasks() async throws {
        let batch = try BatchSetup()
        let model = Self.settings(DepthFixtures.folder.appending("tiny"))
        for name in ["a", "b", "c"] { try await batch.clip(name, seconds: 0.25, size: (128, 72)) }
        try batch.write(["a", "b", "c"].map { BatchSetup.row($0, method: "depth", model) })

        let run = try await batch.run(["--copies", "2"])

        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains(/[12] models? loaded/), "\(run.errors)")
        try await DepthRun.masks(batch["c.mp4"], to: batch["c_single"])
        let content = try MaskSet.content(of: batch["c_masks"])
        #expect(try content == MaskSet.content(of: batch["c_single"]))
    }
}
