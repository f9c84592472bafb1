import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Rows whose clip is cut from a source first.
@Suite struct BatchCutTests {
    private static func row(_ name: String, start: String, _ more: String = "") -> String {
        #"{"id": "\#(name)", "source": "film.mp4", "start": \#(start), "output": "\#(name)_masks", "#
            + #""method": "saliency"\#(more.isEmpty ? "" : ", " + more)}"#
    }

    @Test func aClipIsCutOnceAndMasked() async throws {
        let batch = try BatchSetup()
        try await batch.clip("film", seconds: 3)
        try batch.write([
            Self.row("a", start: "0.5", #""duration": 1"#),
            Self.row("b", start: #""@24""#, #""duration": "0.5", "clip": "clips/b.mp4""#),
        ])

        let run = try await batch.run()

        #expect(run.status == 0, "\(run.errors)")
        #expect(try await Clip.frameCount(batch["a.mp4"]) == 24)
        #expect(try await Clip.frameCount(batch["clips"].appending("b.mp4")) == 12)
        #expect(try batch.masks("a").names.count == 24)
        #expect(try batch.masks("b").names.count == 12)
        #expect(try batch.result("a").frames == 24)

        // The masks are lost, and the film is gone: the clip is still that of the row.
        let before = try MaskSet.content(of: batch["a_masks"])
        for name in before.keys { unlink(batch["a_masks"].appending(name).string) }
        unlink(batch["film.mp4"].string)
        let again = try await batch.run()
        #expect(again.status == 0, "\(again.errors)")
        #expect(try MaskSet.content(of: batch["a_masks"]) == before)
    }

    @Test func aFileOfSomebodyElseIsNotReplaced() async throws {
        let batch = try BatchSetup()
        try await batch.clip("film", seconds: 2)
        try await batch.clip("a")
        let before = try MaskSet.bytes(of: batch["a.mp4"])
        try batch.write([Self.row("a", start: "0", #""settings": {"overwrite": true}"#)])

        let run = try await batch.run()

        #expect(run.status == 65)
        #expect(try batch.result("a").error?.code == "outputDiffers")
        #expect(try MaskSet.bytes(of: batch["a.mp4"]) == before)
    }

    @Test func aClipOfAnotherStartIsReplacedOnlyWhenThatIsSaid() async throws {
        let batch = try BatchSetup()
        try await batch.clip("film", seconds: 3)
        let length = #""duration": 0.5"#
        try batch.write([Self.row("a", start: "0", length)])
        #expect(try await batch.run().status == 0)
        let before = try MaskSet.bytes(of: batch["a.mp4"])

        try batch.write([Self.row("a", start: "1", length)])
        #expect(try await batch.run().status == 65)
        #expect(try MaskSet.bytes(of: batch["a.mp4"]) == before)

        try batch.write([Self.row("a", start: "1", length + #", "settings": {"overwrite": true}"#)])
        let run = try await batch.run()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try MaskSet.bytes(of: batch["a.mp4"]) != before)
    }

    @Test func aSourceThatIsTooShortIsAFailure() async throws {
        let batch = try BatchSetup()
        try await batch.clip("film", seconds: 1)
        try batch.write([Self.row("a", start: "0")])

        #expect(try await batch.run().status == 65)
        #expect(
            try Folder.names(in: batch.folder.path).sorted() == [
                "film.mp4", "list.jsonl", "results",
            ]
        )
    }
}
