import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Files may have any name.
@Suite struct NameTests {
    @Test(arguments: [
        "with space.mp4", " lead and trail .mp4", "it's.mp4", "say \"hi\".mp4", "two\nlines.mp4",
        "tab\there.mp4", "back\\slash.mp4", "co:lon.mp4", "100%.mp4", "%d%s%n.mp4",
        "$(touch x).mp4", "`touch x`.mp4", "a;touch x.mp4", "star*?[a].mp4", "🎬🧑‍🚀.mp4",
        "видео — 動画 — ويديو.mp4", "e\u{301}.mp4", "~.mp4", "#1&2|3>4<5.mp4", "[x]{y},z=1.mp4",
        "bell\u{7}\u{1B}[31m.mp4", "many.dots.in.it.mp4",
    ])
    func anyNameWorks(_ name: String) async throws {
        try await expectMasks(for: name, in: String(name.dropLast(4)) + "_masks")
    }

    @Test(arguments: [
        ("clip", "clip_masks"), ("clip.", "clip_masks"), (".mp4", ".mp4_masks"),
        ("clip.MP4", "clip_masks"),
    ])
    func namesWithoutAnExtensionWork(_ name: String, _ output: String) async throws {
        try await expectMasks(for: name, in: output)
    }

    @Test func aLeadingDashIsPartOfTheName() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["plain.mp4"], size: (64, 48))
        rename(clip.string, folder["-x.mp4"].string)

        for input in [["--input", "./-x.mp4"], ["--input=-x.mp4"], ["-i", "./-x.mp4"]] {
            let result = try await Program.run8cut(["masks", "saliency"] + input, in: folder.path)

            #expect(result.status == 0, "\(input): \(result.errors)")
            #expect(try MaskSet(folder["-x_masks"]).names.count == 24)
        }
    }

    @Test func namesThatAreTooLongForTheirMasksNeedAnOutput() async throws {
        let folder = try TemporaryFolder()
        let name = String(repeating: "ж", count: 125) + "a.mp4"
        #expect(name.utf8.count == 255)
        let clip = try await Clip.make(folder["plain.mp4"], size: (64, 48))
        rename(clip.string, folder[name].string)

        let refused = try await Program.run8cut(["masks", "saliency", "-i", folder[name].string])
        let result = try await Program.run8cut([
            "masks", "saliency", "-i", folder[name].string, "-o", folder["out"].string,
        ])

        #expect(refused.status == 73)
        #expect(refused.errors.contains("its name is too long"), "\(refused.errors)")
        #expect(refused.errors.contains("--output"))
        #expect(result.status == 0, "\(result.errors)")
        #expect(try MaskSet(folder["out"]).manifest.input.name == name)
        let longer = try await Program.run8cut([
            "masks", "saliency", "-i", folder["x" + name].string,
        ])
        #expect(longer.status == 66)
        #expect(longer.errors.contains("File name too long"), "\(longer.errors)")
    }

    @Test func aLongNameWorksForPreviews() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let preview = folder[String(repeating: "🎬", count: 62) + ".mp4"]

        let result = try await Program.run8cut([
            "masks", "saliency", "-i", clip.string, "--preview", preview.string,
        ])

        #expect(result.status == 0, "\(result.errors)")
        #expect(try Folder.kind(of: preview) == .file)
    }

    /// Swift's strings hold no such names; they would become those of other files.
    @Test(arguments: ["--input", "--output", "--preview"])
    func namesThatAreNotUTF8AreRefused(_ option: String) async throws {
        let folder = try TemporaryFolder()
        try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let script = """
            name=$(printf 'a\\377.mp4'); cp clip.mp4 "$name"
            "$0" masks saliency --input clip.mp4 "$1" "$name"
            echo "status $?"; ls | wc -l; rm "$name"
            """

        let result = try await Program.run(
            "sh",
            ["-c", script, Program.eightCut.string, option],
            in: folder.path
        )

        #expect(result.lines == ["status 64", "2"])
        #expect(result.errors.contains("it is not valid UTF-8"), "\(result.errors)")
        #expect(result.errors.contains("a\u{FFFD}.mp4"))
    }

    private func expectMasks(
        for name: String,
        in output: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["plain.mp4"], size: (64, 48))
        rename(clip.string, folder[name].string)

        let result = try await Program.run8cut(
            ["masks", "saliency", "--input", folder[name].string, "--progress", "json"])

        #expect(result.status == 0, "\(result.errors)", sourceLocation: sourceLocation)
        // Nothing else has come to be.
        #expect(
            try Set(Folder.names(in: folder.path)) == [name, output],
            sourceLocation: sourceLocation
        )
        let masks = try MaskSet(folder[output])
        #expect(masks.names.count == 24, sourceLocation: sourceLocation)
        #expect(masks.manifest.input.name == name, sourceLocation: sourceLocation)
        #expect(masks.manifest.frames.allSatisfy { $0.time != nil })
    }
}
