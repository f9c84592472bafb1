import Files
import Glibc
import Imaging
import SystemPackage
import TestSupport
import Testing

/// A folder for masks is new, empty, or 8cut's own, and no input is written over.
@Suite struct OutputFolderTests {
    /// Expects that a run is refused, names something, and changes nothing below a folder.
    private func expectError(
        _ arguments: [String],
        naming name: String,
        in folder: TemporaryFolder,
        environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try MaskSet.content(of: folder.path)
        let result = try await Program.run8cut(
            ["masks"] + arguments,
            environment: environment
        )
        #expect(result.status == 73, "\(result.errors)", sourceLocation: sourceLocation)
        #expect(
            result.errors.contains(name) && result.errors.contains("--output"),
            "\(result.errors)",
            sourceLocation: sourceLocation
        )
        let after = try MaskSet.content(of: folder.path)
        #expect(after == before, sourceLocation: sourceLocation)
    }

    @Test(arguments: [[], ["--overwrite"]])
    func aFolderWithOtherThingsIsRefused(options: [String]) async throws {
        let folder = try TemporaryFolder()
        try Folder.create(folder["clips"])
        let clip = try await Clip.make(folder["clips"].appending("clip.mp4"), size: (64, 48))
        // What another run of 8cut is writing is not touched either.
        try AtomicFile.write("x", to: folder["clips"].appending(".8cut-tmp-clip-1-a.mp4"))
        let arguments = ["saliency", "-i", clip.string, "-o", folder["clips"].string]
        try await expectError(arguments + options, naming: "'clip.mp4'", in: folder)
    }

    @Test func anEmptyFolderIsUsed() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        try Folder.create(folder["out"])
        let arguments = ["masks", "saliency", "-i", clip.string, "-o", folder["out"].string]
        let result = try await Program.run8cut(arguments)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try MaskSet(folder["out"]).names.count == 24)
    }

    @Test func anImageSequenceIsNotReplacedByItsMasks() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let images = folder["images"]
        try Folder.create(images)
        let pattern = images.appending("frame_%04d.png").string
        try await Program.ffmpeg(["-i", clip.string, "-pix_fmt", "gray", pattern])
        let arguments = ["saliency", "-i", images.string, "-o", images.string]
        try await expectError(arguments, naming: "'frame_0001.png'", in: folder)

        // Masks are images, too, but no video.
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        let masks = folder["clip_masks"].string
        symlink(masks, folder["link"].string)
        for output in [masks, folder["link"].string] {
            let result = try await Program.run8cut(
                ["masks", "saliency", "-i", masks, "-o", output, "--overwrite"]
            )
            #expect(result.status == 65 && result.errors.contains(masks), "\(result.errors)")
        }
        #expect(try MaskSet(folder["clip_masks"]).names.count == 24)
    }

    @Test(arguments: ["--mask", "--prompts"])
    func promptsAreNotReplacedByTheMasks(option: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 72), seconds: 0.2)
        let output = folder["masks"]
        try await SamRun.masks(clip, to: output, ["--point", "60,36"])
        let mask = output.appending("frame_0001.png")
        let pixels = [UInt8](repeating: 255, count: 128 * 72)
        try PNG.write(GrayImage(width: 128, height: 72, pixels: pixels), to: mask)
        let prompts = folder["prompts.json"]
        let json = #"{"v": 1, "prompts": [{"frame": 1, "mask": "\#(mask.string)"}]}"#
        try AtomicFile.write(json, to: prompts)

        let value = option == "--mask" ? mask.string + "@1" : prompts.string
        let arguments = SamRun.arguments(clip, to: output, [option, value, "--overwrite"])
        try await expectError(
            Array(arguments.dropFirst()),
            naming: "'\(mask.string)'",
            in: folder,
            environment: TestTools.environment
        )
    }
}
