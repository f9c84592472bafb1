import Files
import SystemPackage
import TestSupport
import Testing

/// Animated images and files that are no videos: read frame by frame, or refused in words that say
/// what they are.
@Suite struct AnimationTests {
    @Test(arguments: ["apng", "png", "gif"])
    func everyFrameHasItsMask(ending: String) async throws {
        let folder = try TemporaryFolder()
        let file = folder["a." + ending]
        try await Program.ffmpeg(
            ["-f", "lavfi", "-i", Clip.source(size: (64, 48), rate: 10, seconds: 0.5)]
                + (ending == "gif" ? [] : ["-f", "apng", "-plays", "0"])
                + [file.string]
        )
        let masks = try await Program.run8cut(["masks", "saliency", "-i", file.string])
        #expect(masks.status == 0, "\(masks.errors)")
        #expect(try MaskSet(folder["a_masks"]).names.count == 5)
        let clip = try await Program.run8cut(
            [
                "export", "-i", file.string, "-s", "@1", "--duration", "0.3", "--to",
                folder["clips"].string, "--name", "a",
            ],
            environment: ["EIGHTCUT_HOME": folder["home"].string]
        )
        #expect(clip.status == 0, "\(clip.errors)")
        let count = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-count_packets", "-show_entries", "stream=nb_read_packets", "-of",
                "csv=p=0", folder["clips"].appending("a_001.mp4").string,
            ]
        )
        #expect(count.lines == ["3"])
    }

    struct Case: Sendable {
        let ending: String
        let arguments: [String]
        let reason: String
    }

    @Test(arguments: [
        Case(ending: "webp", arguments: ["-t", "0.5"], reason: "an animated WebP image"),
        Case(ending: "webp", arguments: ["-frames:v", "1"], reason: "it is a WebP image, not"),
        Case(ending: "png", arguments: ["-frames:v", "1"], reason: "it is a PNG image, not"),
        Case(ending: "jpg", arguments: ["-frames:v", "1"], reason: "it is a JPEG image, not"),
        Case(ending: "tiff", arguments: ["-frames:v", "1"], reason: "it is a TIFF image, not"),
        Case(ending: "bmp", arguments: ["-frames:v", "1"], reason: "it is a BMP image, not"),
        Case(
            ending: "wav",
            arguments: ["-f", "lavfi", "-i", "sine=d=0.1", "-map", "1"],
            reason: "it is an audio file"
        ),
    ])
    func whatIsNoVideoIsNamed(_ refused: Case) async throws {
        let folder = try TemporaryFolder()
        let made = folder["made." + refused.ending]
        try await Program.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=10"] + refused.arguments
                + [made.string]
        )
        // The content decides, not the name.
        let file = folder["a.mp4"]
        try MaskSet.bytes(of: made).withUnsafeBytes { try AtomicFile.write($0, to: file) }
        for arguments in [
            ["masks", "saliency", "-i", file.string],
            ["export", "-i", file.string, "-s", "0", "--to", folder["c"].string, "--name", "a"],
        ] {
            let result = try await Program.run8cut(
                arguments,
                environment: ["EIGHTCUT_HOME": folder["home"].string]
            )
            #expect(result.status == 65)
            #expect(result.errors.contains(refused.reason), "\(result.errors)")
            #expect(!result.errors.contains("whitelist"))
        }
    }
}
