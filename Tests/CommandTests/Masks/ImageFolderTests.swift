import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Folders of images as videos, whatever the images are called. Image k of the test shows k in
/// blocks, so that clips, masks and previews tell what they were made of.
@Suite struct ImageFolderTests {
    /// Runs `8cut` with a library of its own.
    private func run(_ folder: TemporaryFolder, _ arguments: [String]) async throws
        -> ProgramResult
    {
        try await Program.run8cut(
            arguments,
            environment: ["EIGHTCUT_HOME": folder["home"].string, "HOME": folder.path.string],
            in: folder.path
        )
    }

    private func write(_ bytes: [UInt8], to path: FilePath) throws {
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    }

    /// Writes numbered images, the first with the number 0, and gives them these names.
    private func images(
        in folder: FilePath,
        named names: [String],
        ending: String = "jpg",
        size: String = "320x64"
    ) async throws {
        let made = try TemporaryFolder()
        let source = CounterClip.frames(rate: "25", frames: names.count)
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", source + ",scale=" + size + ":flags=neighbor", "-start_number",
                "0", "-q:v", "2",
            ] + (ending == "webp" ? ["-c:v", "libwebp"] : []) + ["-f", "image2"]
                + [made["%d." + ending].string]
        )
        try Folder.create(folder)
        for (number, name) in names.enumerated() {
            let result = rename(
                made["\(number)." + ending].string,
                folder.appending(name).string
            )
            try #require(result == 0)
        }
    }

    /// What a clip of the whole folder shows.
    private func numbers(
        _ folder: TemporaryFolder,
        of images: String,
        _ options: [String] = []
    ) async throws -> (clip: [Int], errors: String) {
        let result = try await run(
            folder,
            [
                "export", "-i", images, "-s", "0", "--to", "clips", "--name", images, "--preset",
                "ultrafast",
            ] + options
        )
        try #require(result.status == 0, "\(result.errors)")
        let clip = folder["clips"].appending(images + "_001.mp4")
        return (try await DecodedClip(clip, audioStream: nil).numbers, result.errors)
    }

    struct Naming: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let names: [String]
        let ending: String
    }

    @Test(arguments: [
        Naming(
            testDescription: "zeros at the front, from 0",
            names: (0..<8).map { "0000\($0).jpg" },
            ending: "jpg"
        ),
        Naming(
            testDescription: "no zeros",
            names: (5..<13).map { "\($0).jpeg" },
            ending: "jpg"
        ),
        Naming(
            testDescription: "text on both sides, a percent sign, an asterisk",
            names: (98..<106).map { "a%d[*] 2x_\($0) left.PNG" },
            ending: "png"
        ),
        Naming(
            testDescription: "two extensions of one format",
            names: (0..<8).map { "f-\($0)." + ($0 % 2 == 0 ? "tif" : "TIFF") },
            ending: "tiff"
        ),
        Naming(
            testDescription: "a frame number and a time",
            names: (0..<8).map { "frame_\($0)_0.\($0 / 2 * 2).webp" },
            ending: "webp"
        ),
        Naming(
            testDescription: "of another format than they say",
            names: (0..<8).map { "0\($0).jpg" },
            ending: "png"
        ),
    ])
    func everyNumberingIsRead(_ naming: Naming) async throws {
        let folder = try TemporaryFolder()
        try await images(in: folder["in"], named: naming.names, ending: naming.ending)
        try AtomicFile.write("x", to: folder["in"].appending("notes.txt"))
        try AtomicFile.write("x", to: folder["in"].appending("._00000.jpg"))

        let (clip, errors) = try await numbers(folder, of: "in", ["--duration", "0.32"])
        #expect(clip == Array(0..<8))
        #expect(errors.contains("25 fps are taken"), "\(errors)")
        #expect(!errors.contains("missing"))

        let masks = try await run(folder, ["masks", "saliency", "-i", "in", "--fps", "10"])
        #expect(masks.status == 0, "\(masks.errors)")
        #expect(!masks.errors.contains("fps are taken"))
        let set = try MaskSet(folder["in_masks"])
        #expect(set.names.first == "frame_0000.png" && set.names.count == 8)
        #expect(set.manifest.input.frameRate == "10/1")
    }

    @Test func gapsAreNamedAndReadOver() async throws {
        let folder = try TemporaryFolder()
        let numbers = [1, 2, 3, 4, 5, 6, 10, 11, 13]
        try await images(in: folder["in"], named: numbers.map { "\($0).jpg" } + ["cover.jpg"])
        let (clip, errors) = try await self.numbers(
            folder,
            of: "in",
            ["--duration", "0.9", "--fps", "10"]
        )
        #expect(clip == Array(0..<9))
        #expect(errors.contains("images 7–9 and 12 are missing"), "\(errors)")
        #expect(errors.contains("'cover.jpg' has no number and is left out"))
        #expect(!errors.contains("fps are taken"))

        let frame = try await self.numbers(
            folder,
            of: "in",
            ["--start", "@7", "--duration", "0.04", "--name", "at"]
        )
        #expect(frame.clip == Array(0..<9))
        let at = folder["clips"].appending("at_001.mp4")
        #expect(try await DecodedClip(at, audioStream: nil).numbers == [7])
        // The links that ffmpeg reads are made once, in the home folder.
        #expect(try Folder.names(in: folder["home"].appending("images")).count == 1)
    }

    @Test func audioBesideTheFolderIsThatOfItsClips() async throws {
        let folder = try TemporaryFolder()
        let names = (0..<50).map { $0 < 10 ? "000\($0).png" : "00\($0).png" }
        try await images(in: folder["in"], named: names, ending: "png")
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", CounterClip.tones(seconds: 2), folder["in.wav"].string,
        ])
        let result = try await run(
            folder,
            [
                "export", "-i", "in", "-s", "1.4", "--duration", "0.4", "--to", "clips", "--name",
                "a", "--audio", "pcm", "--preset", "ultrafast",
            ]
        )
        try #require(result.status == 0, "\(result.errors)")
        let clip = try await DecodedClip(folder["clips"].appending("a_001.mkv"))
        let source = try await DecodedClip(
            folder["in"].appending("%04d.png"),
            audioPath: folder["in.wav"]
        )
        #expect(clip.numbers == Array(35..<45))
        #expect(clip.samples.count == 19_200)
        #expect(clip.find(9600, near: 67_200 + 9600, in: source) == 67_200 + 9600)
    }

    @Test func aChangedImageIsNoticed() async throws {
        let folder = try TemporaryFolder()
        let names = (0..<6).map { "0\($0).png" }
        try await images(in: folder["in"], named: names, ending: "png")
        #expect(try await run(folder, ["masks", "saliency", "-q", "-i", "in"]).status == 0)
        let again = try await run(folder, ["masks", "saliency", "-i", "in"])
        #expect(again.output.contains("all 6 masks were there already"), "\(again.errors)")
        // Same names, same sizes, other content.
        let (one, two) = (folder["in"].appending("02.png"), folder["in"].appending("03.png"))
        let bytes = try MaskSet.bytes(of: one)
        var changed = try MaskSet.bytes(of: two)
        changed += Array(repeating: 0, count: max(0, bytes.count - changed.count))
        #expect(rename(two.string, folder["kept"].string) == 0)
        try write(Array(changed.prefix(bytes.count)), to: one)
        #expect(rename(folder["kept"].string, two.string) == 0)
        let other = try await run(folder, ["masks", "saliency", "-i", "in"])
        #expect(other.status == 4, "\(other.errors)")
    }

    /// Files of a folder that is refused: their names and formats.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let files: [(name: String, size: String)]
        let reason: String
    }

    @Test(arguments: [
        Case(
            testDescription: "two series",
            files: [("a_1.png", "64x48"), ("a_2.png", "64x48"), ("b_1.png", "64x48")],
            reason: "more than one series: 'a_1.png' and 'b_1.png'"
        ),
        Case(
            testDescription: "two cameras",
            files: [
                ("cam1_1.png", "64x48"), ("cam1_2.png", "64x48"), ("cam2_1.png", "64x48"),
                ("cam2_2.png", "64x48"),
            ],
            reason: "more than one series: 'cam1_1.png' and 'cam2_1.png'"
        ),
        Case(
            testDescription: "two formats",
            files: [("1.png", "64x48"), ("2.jpg", "64x48")],
            reason: "PNG and JPEG images, such as '1.png' and '2.jpg'"
        ),
        Case(
            testDescription: "one number twice",
            files: [("1.png", "64x48"), ("01.png", "64x48")],
            reason: "have the same number"
        ),
        Case(
            testDescription: "two sizes",
            files: [("1.jpg", "64x48"), ("2.jpg", "48x64")],
            reason: "'2.jpg' has 48x64 pixels, and '1.jpg' has 64x48"
        ),
        Case(
            testDescription: "no numbers",
            files: [("a.png", "64x48"), ("b.png", "64x48")],
            reason: "have no numbers"
        ),
        Case(
            testDescription: "no images",
            files: [],
            reason: "it is a folder without JPEG, PNG, WebP or TIFF images"
        ),
    ])
    func whatIsNoVideoIsRefused(_ refused: Case) async throws {
        let folder = try TemporaryFolder()
        try Folder.create(folder["in"])
        for file in refused.files {
            try await Program.ffmpeg([
                "-f", "lavfi", "-i", "color=red:size=\(file.size)", "-frames:v", "1",
                folder["in"].appending(file.name).string,
            ])
        }
        let result = try await run(folder, ["masks", "saliency", "-i", "in"])
        #expect(result.status == 65)
        #expect(result.errors.contains(refused.reason), "\(result.errors)")
        #expect(try Folder.kind(of: folder["in_masks"]) == .missing)
    }

    @Test func whatIsNoImageOrNoFrameIsRefused() async throws {
        let folder = try TemporaryFolder()
        try await images(in: folder["in"], named: ["1.jpg", "2.jpg", "3.jpg"])
        #expect(try await run(folder, ["masks", "saliency", "-q", "-i", "in"]).status == 0)
        let masks = try await run(folder, ["masks", "saliency", "-i", "in_masks"])
        #expect(masks.status == 65)
        #expect(masks.errors.contains("it is a folder of masks"), "\(masks.errors)")

        try AtomicFile.write("no image", to: folder["in"].appending("2.jpg"))
        let broken = try await run(folder, ["masks", "saliency", "-i", "in", "-o", "other"])
        #expect(broken.status == 65)
        #expect(broken.errors.contains("'2.jpg' is no JPEG, PNG, WebP or TIFF image"))

        let video = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let rate = try await run(
            folder,
            ["masks", "saliency", "-i", video.string, "--fps", "10"]
        )
        #expect(rate.status == 64)
        #expect(rate.errors.contains("--fps is for folders of images"), "\(rate.errors)")
    }

    /// A camera held upright writes rows as columns, and says so.
    @Test func rotationThatTheCameraHasNotedIsShown() async throws {
        let folder = try TemporaryFolder()
        try await images(in: folder["in"], named: ["1.jpg", "2.jpg"], size: "64x48")
        for name in ["1.jpg", "2.jpg"] {
            let file = folder["in"].appending(name)
            let bytes = try MaskSet.bytes(of: file)
            let exif: [UInt8] =
                Array("Exif\0\0MM\0*\0\0\0\u{8}\0\u{1}\u{1}\u{12}\0\u{3}\0\0\0\u{1}\0\u{6}".utf8)
                + [0, 0, 0, 0, 0, 0]
            let segment: [UInt8] = [0xff, 0xe1, 0, UInt8(exif.count + 2)] + exif
            try write(Array(bytes[..<2]) + segment + bytes[2...], to: file)
        }
        #expect(try await run(folder, ["masks", "saliency", "-q", "-i", "in"]).status == 0)
        let input = try MaskSet(folder["in_masks"]).manifest.input
        #expect(input.width == 48 && input.height == 64)
    }
}
