import Files
import SystemPackage
import TestSupport
import Testing

/// What others have put into a masks.json is shown without steering the terminal.
@Suite struct HostileManifestTests {
    @Test(arguments: ["\\u001b[2J", "\\u202e", "\\u009b31m", "\\u2066", "\\r", "\\u2028"])
    func whatAManifestSaysIsVisible(escape: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let run = ["masks", "saliency", "-i", clip.string]
        let first = try await Program.run8cut(run)
        #expect(first.status == 0, "\(first.errors)")
        let path = folder["clip_masks"].appending("masks.json")
        let text = String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
        let changes = [
            text.replacing("\"saliency\"", with: "\"sal\(escape)iency\""),
            text.replacing("\"schema\"", with: "\"sch\(escape)ema\""),
            text.replacing("\"settings\" : {", with: "\"settings\" : {\"a\(escape)\" : 1,"),
        ]
        #expect(changes[0] != text)
        for changed in changes {
            try AtomicFile.write(changed, to: path)
            for arguments in [run, ["preview", "-i", clip.string, "--output", "p.png"]] {
                let result = try await Program.run8cut(arguments, in: folder.path)
                expectVisible(result.errors)
                expectVisible(result.output)
            }
        }
    }

    private func expectVisible(_ text: String) {
        let hidden = text.unicodeScalars.filter {
            ($0.value < 0x20 && $0 != "\n") || (0x7f..<0xa0).contains($0.value)
                || ["\u{202e}", "\u{2066}", "\u{2028}"].contains($0)
        }
        #expect(hidden.isEmpty, "\(text)")
    }
}
