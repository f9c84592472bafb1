import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// What a preview may replace: previews, and nothing else that somebody has.
@Suite struct PreviewOutputTests {
    private static func clip(in folder: TemporaryFolder) async throws -> FilePath {
        let clip = try await Clip.make(folder["clip.mp4"], size: (128, 96), seconds: 0.3)
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        return clip
    }

    private static func preview(
        _ folder: TemporaryFolder,
        _ output: String,
        _ more: [String] = []
    ) async throws -> ProgramResult {
        try await Program.run8cut(
            ["preview", "-i", "clip.mp4", "-o", output] + more,
            in: folder.path
        )
    }

    /// Each gives the video, or what belongs to it, another name that leads to the same file.
    @Test(arguments: [
        ("clip.mp4", ""), ("clip_masks/../clip.mp4", ""), ("link.mp4", "ln -s clip.mp4 link.mp4"),
        ("hard.mp4", "ln clip.mp4 hard.mp4"), ("side/clip.mp4", "ln -s . side"),
        ("long.mp4", "ln -s link.mp4 long.mp4; ln -s clip.mp4 link.mp4"),
        ("clip_masks/frame_0003.png", ""), ("side/frame_0003.png", "ln -s clip_masks side"),
        ("mask.png", "ln clip_masks/frame_0003.png mask.png"),
        ("mask.png", "ln -s clip_masks/frame_0003.png mask.png"),
        ("clip_masks/frame_9999.png", ""),
        ("clip_masks/depth/frame_0000.png", "mkdir clip_masks/depth"),
    ])
    func anInputIsNeverTheOutput(_ output: String, _ preparation: String) async throws {
        let folder = try TemporaryFolder()
        _ = try await Self.clip(in: folder)
        _ = try await Program.run("sh", ["-c", preparation], in: folder.path)
        let before = try MaskSet.content(of: folder["clip_masks"])
        let video = try MaskSet.bytes(of: folder["clip.mp4"])

        for more in [[], ["--overwrite"]] {
            let result = try await Self.preview(folder, output, more)
            #expect(result.status == 73, "\(result.errors)")
            #expect(result.errors.contains("made of"), "\(result.errors)")
            // The masks are there already, so that only the preview is left to do.
            let masks = try await Program.run8cut(
                ["masks", "saliency", "-i", "clip.mp4", "--preview", output] + more,
                in: folder.path
            )
            #expect(masks.status == 73, "\(masks.errors)")
            #expect(masks.errors.contains("--preview"), "\(masks.errors)")
        }
        #expect(try MaskSet.content(of: folder["clip_masks"]) == before)
        #expect(try MaskSet.bytes(of: folder["clip.mp4"]) == video)
    }

    @Test func anImageOfASequenceIsNoOutput() async throws {
        let folder = try TemporaryFolder()
        mkdir(folder["images"].string, 0o777)
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", Clip.source(size: (64, 48), seconds: 0.2),
            folder["images"].appending("frame_%04d.png").string,
        ])
        for output in [
            "images/frame_0002.png", "images/frame_0999.png", "images/../images/frame_0001.png",
        ] {
            let result = try await Program.run8cut(
                ["masks", "saliency", "-i", "images", "--overwrite", "--preview", output],
                in: folder.path
            )
            #expect(result.status == 73, "\(result.errors)")
            #expect(try Folder.kind(of: folder["images_masks"]) == .missing)
        }
    }

    @Test(arguments: ["sheet.png", "overlay.mp4", "overlay.mkv", "overlay.mov"])
    func onlyAnUnchangedPreviewIsReplaced(_ name: String) async throws {
        let folder = try TemporaryFolder()
        _ = try await Self.clip(in: folder)
        let first = try await Self.preview(folder, name)
        #expect(first.status == 0, "\(first.errors)")
        let again = try await Self.preview(folder, name)
        #expect(again.status == 0, "\(again.errors)")
        let whole = try await Clip.frameCount(folder[name])
        let frames = try await Clip.frameCount(folder["clip.mp4"])
        #expect(whole == (name == "sheet.png" ? 1 : frames))

        // Somebody has worked on it: a copy with one byte more, one less, one changed.
        let bytes = try MaskSet.bytes(of: folder[name])
        var changed = bytes
        changed[bytes.count / 2] ^= 1
        for other in [bytes + [0], Array(bytes.dropLast()), changed, Array("text".utf8), []] {
            try other.withUnsafeBytes { try AtomicFile.write($0, to: folder[name]) }
            let result = try await Self.preview(folder, name)
            #expect(result.status == 73, "\(result.errors)")
            #expect(result.errors.contains("--overwrite"), "\(result.errors)")
            #expect(try MaskSet.bytes(of: folder[name]) == other)
        }
        let forced = try await Self.preview(folder, name, ["--overwrite"])
        #expect(forced.status == 0, "\(forced.errors)")
        #expect(try await Clip.frameCount(folder[name]) == whole)
    }

    @Test func aPreviewOfMasksCommandsFollowsTheSameRule() async throws {
        let folder = try TemporaryFolder()
        _ = try await Clip.make(folder["clip.mp4"], size: (128, 96), seconds: 0.3)
        try AtomicFile.write("keep", to: folder["sheet.png"])
        let arguments = ["masks", "saliency", "-i", "clip.mp4", "--preview", "sheet.png"]

        let refused = try await Program.run8cut(arguments, in: folder.path)
        #expect(refused.status == 73, "\(refused.errors)")
        #expect(try MaskSet.bytes(of: folder["sheet.png"]) == Array("keep".utf8))
        // Before the work, not after it.
        #expect(try Folder.kind(of: folder["clip_masks"]) == .missing)

        let forced = try await Program.run8cut(arguments + ["--overwrite"], in: folder.path)
        #expect(forced.status == 0, "\(forced.errors)")
        let again = try await Program.run8cut(arguments, in: folder.path)
        #expect(again.status == 0, "\(again.errors)")
    }

    @Test(arguments: ["mkfifo", "mkdir", "ln -s /dev/null", "ln -s missing"])
    func somethingElseThanAFileStays(_ command: String) async throws {
        let folder = try TemporaryFolder()
        _ = try await Self.clip(in: folder)
        _ = try await Program.run("sh", ["-c", command + " sheet.png"], in: folder.path)
        for more in [[], ["--overwrite"]] {
            let result = try await Self.preview(folder, "sheet.png", more)
            #expect(result.status == 73, "\(result.errors)")
            #expect(result.errors.contains("not a plain file"), "\(result.errors)")
        }
        #expect(try Folder.names(in: folder.path) == ["clip.mp4", "clip_masks", "sheet.png"])
    }

    /// ffmpeg and we write into a file that nobody could have put a link in the place of.
    @Test(arguments: ["sheet.png", "overlay.mp4"])
    func leftoversAreSweptAndLinksInTheirPlaceAreNot(_ name: String) async throws {
        let folder = try TemporaryFolder()
        _ = try await Self.clip(in: folder)
        try AtomicFile.write("keep", to: folder["precious"])
        try AtomicFile.write("left", to: folder[".8cut-tmp-abc-overlay.mp4"])
        symlink("precious", folder[".8cut-tmp-link"].string)

        let result = try await Self.preview(folder, name)

        #expect(result.status == 0, "\(result.errors)")
        #expect(try MaskSet.bytes(of: folder["precious"]) == Array("keep".utf8))
        #expect(
            try Folder.names(in: folder.path).filter { $0.hasPrefix(".8cut-tmp-") }
                == [".8cut-tmp-link"]
        )
    }

    @Test(arguments: ["overlay.mp4", "overlay.mkv", "sheet.png"])
    func aLimitOfFileSizesIsNamed(_ name: String) async throws {
        let folder = try TemporaryFolder()
        _ = try await Self.clip(in: folder)
        try AtomicFile.write("left", to: folder["before"])
        let result = try await Program.run(
            "bash",
            [
                "-c", "ulimit -f 1; exec \"$0\" preview -i clip.mp4 -o \"$1\"",
                Program.eightCut.string, name,
            ],
            in: folder.path
        )
        #expect(result.status == 74, "\(result.errors)")
        #expect(result.errors.contains("ulimit -f"), "\(result.errors)")
        #expect(try Folder.names(in: folder.path) == ["before", "clip.mp4", "clip_masks"])
    }

    @Test(.enabled { await Sandbox.canMount }, arguments: ["overlay.mp4", "sheet.png"])
    func aFullDiskIsNamed(_ name: String) async throws {
        let folder = try TemporaryFolder()
        _ = try await Self.clip(in: folder)
        let result = try await Sandbox.run(
            script: """
                cd "$1" && mkdir disk && mount -t tmpfs -o size=4k none disk || exit 99
                echo x > disk/fill || exit 99
                exec "$0" preview -i clip.mp4 -o disk/"$2"
                """,
            [folder.path.string, name]
        )
        #expect(result.status == 74, "\(result.errors)")
        #expect(result.errors.contains("the disk is full"), "\(result.errors)")
    }
}
