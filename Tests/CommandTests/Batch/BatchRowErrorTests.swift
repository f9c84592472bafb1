import Files
import SystemPackage
import TestSupport
import Testing

/// Mistakes in lists, which are found before any work is done.
@Suite struct BatchRowErrorTests {
    private static let mistakes: [(row: String, why: String)] = [
        (BatchSetup.row("b", #""settings": {"treshold": 1}"#), "treshold"),
        (BatchSetup.row("b", #""settings": {"threshold": 256}"#), "threshold"),
        (BatchSetup.row("b", #""settings": {"threshold": true}"#), "threshold"),
        (BatchSetup.row("b", #""settings": {"steady": false}"#), "steady"),
        (BatchSetup.row("b", #""settings": {"invert": "yes"}"#), "invert"),
        (BatchSetup.row("b", #""settings": {"preview": "sheet.png"}"#), "preview"),
        (BatchSetup.row("b", method: "depth", #""settings": {"resolution": 1}"#), "resolution"),
        (BatchSetup.row("b", method: "sam", #""settings": {"resolution": 500}"#), "resolution"),
        (BatchSetup.row("b", #""prompts": "p.json""#), "prompts"),
        (BatchSetup.row("b", method: "sam", #""prompts": [{"point": [1]}]"#), "prompt 1"),
        (BatchSetup.row("b", #""device": "cpu""#), "device"),
        (
            #"{"id": "b", "source": "a.mp4", "start": "noon", "output": "b", "method": "saliency"}"#,
            "start"
        ),
        (
            #"{"id": "b", "source": "a.mp4", "start": 0, "profile": "vgg", "output": "b", "#
                + #""method": "saliency"}"#,
            "profile"
        ),
        (BatchSetup.row("a"), "id"),
        (
            #"{"id": "b", "input": "a.mp4", "output": "./a_masks/", "method": "saliency"}"#,
            "output"
        ),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsNamedWithLineAndFieldBeforeAnyWork(row: String, why: String) async throws {
        let batch = try BatchSetup()
        try await batch.clip("a")
        try batch.write([BatchSetup.row("a"), "", row])

        let run = try await batch.run()

        #expect(run.status == 64, "\(run.errors)")
        #expect(run.errors.contains("line 3") && run.errors.contains(why), "\(run.errors)")
        #expect(run.output.isEmpty)
        #expect(try Folder.names(in: batch.folder.path).sorted() == ["a.mp4", "list.jsonl"])
    }

    @Test func aMissingModelEndsTheRunBeforeAnyRowFails() async throws {
        let batch = try BatchSetup()
        try await batch.clip("a")
        try batch.write([
            BatchSetup.row("a", method: "depth", #""settings": {"model": "./no-model"}"#)
        ])

        let run = try await batch.run()

        #expect(run.status == 66, "\(run.errors)")
        #expect(run.errors.contains(batch["no-model"].string))
        #expect(try Folder.names(in: batch["results"]).isEmpty)
    }

    @Test func withoutFFmpegNoRowFails() async throws {
        let batch = try BatchSetup()
        try await batch.clip("a")
        try batch.write([BatchSetup.row("a")])

        let run = try await batch.run(environment: ["PATH": "/no-such-folder"])

        #expect(run.status == 69, "\(run.errors)")
        #expect(try Folder.names(in: batch["results"]).isEmpty)
    }
}
