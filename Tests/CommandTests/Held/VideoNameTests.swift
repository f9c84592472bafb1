import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Names that mean something to ffmpeg, a shell or a terminal, in every command that takes a video.
@Suite struct VideoNameTests {
    @Test(arguments: [
        "-i", "%d.mp4", "file:x.mp4", "concat:a.mp4|b.mp4", "pipe:0", "http:x.mp4", "data:,x.mp4",
        "subfile,,start,0,end,9,,:x.mp4", "new\nline.mp4", "q'uo\"te.mp4", "\u{1b}[31m.mp4",
        "\u{202e}4pm.exe", "x'\u{301};touch ran;'\u{301}.mp4", "%\u{301}d.mp4", "$(touch ran).mp4",
        String(repeating: "é", count: 121) + ".mp4",
    ])
    func theyAreJustNames(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["plain.mp4"], size: (64, 48))
        rename(clip.string, folder[name].string)
        let home = ["EIGHTCUT_HOME": folder["home"].string]
        func run(_ words: [String]) async throws -> ProgramResult {
            try await Program.run8cut(words, environment: home, in: folder.path)
        }

        let export = [
            "export", "--input=\(name)", "--start", "0", "--duration", "0.5", "--name", "a", "--to",
            "clips",
        ]
        let exported = try await run(export)
        #expect(exported.status == 0, "\(exported.errors)")
        let clipped = folder.path.pushing("clips/a_001.mp4")
        #expect(try await Clip.frameCount(clipped) == 12)

        let masks = try await run(["masks", "saliency", "--input=\(name)", "--output", "masks"])
        #expect(masks.status == 0, "\(masks.errors)")
        let preview = try await run([
            "preview", "--input=\(name)", "--masks", "masks", "--output", "p.png",
        ])
        #expect(preview.status == 0, "\(preview.errors)")

        let shown = try await run(["library", "show", "1"])
        for text in [exported.output, exported.errors, masks.errors, preview.errors, shown.output] {
            #expect(text.unicodeScalars.allSatisfy(Self.isHarmless), "\(text.debugDescription)")
        }

        // What a dry run prints can be pasted into a shell, and does no more than it says.
        let dry = try await run(export + ["--dry-run"])
        let pasted = try await Program.run("bash", ["-c", dry.output], in: folder.path)
        #expect(pasted.status == 0, "\(dry.output)\n\(pasted.errors)")
        #expect(try Folder.kind(of: folder["ran"]) == .missing, "\(dry.output)")
    }

    /// Whether a terminal shows it as it is: no escapes, no changes of direction.
    private static func isHarmless(_ scalar: UnicodeScalar) -> Bool {
        scalar == "\n"
            || (scalar.value >= 0x20 && !(0x7f..<0xa0).contains(scalar.value)
                && !(0x202a...0x202e).contains(scalar.value)
                && !(0x2066...0x2069).contains(scalar.value))
    }
}
