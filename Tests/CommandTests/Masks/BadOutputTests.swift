import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Places where no masks can be written.
@Suite struct BadOutputTests {
    private static let needsMounts: Comment = "programs cannot be given mounts of their own here"

    @Test func aFileIsNoFolder() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        try AtomicFile.write("precious", to: folder["out"])

        let result = try await masks(clip, output: folder["out"])

        #expect(result.status == 73)
        #expect(result.errors.contains("'\(folder["out"])': it is a file, not a folder"))
        #expect(try MaskSet.bytes(of: folder["out"]) == Array("precious".utf8))
    }

    @Test func aFolderBelowAFileCannotBe() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        try AtomicFile.write("precious", to: folder["file"])
        let output = folder["file"].appending("sub")

        let result = try await masks(clip, output: output)

        #expect(result.status == 73)
        #expect(result.errors.contains("'\(output)'") && result.errors.contains("Not a directory"))
        #expect(result.errors.contains("--output"))
        #expect(try MaskSet.bytes(of: folder["file"]) == Array("precious".utf8))
    }

    @Test func foldersAboveTheOutputAreMade() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))

        let result = try await masks(clip, output: folder["a"].appending("b").appending("c"))

        #expect(result.status == 0)
        #expect(try MaskSet(folder["a"].appending("b").appending("c")).names.count == 24)
    }

    @Test func aFolderThatMayNotBeWrittenToIsRefused() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        try Folder.create(folder["out"])
        chmod(folder["out"].string, 0o555)

        let result = try await Sandbox.run8cutAsOrdinaryUser(
            ["masks", "saliency", "-i", clip.string, "-o", folder["out"].string],
            in: folder
        )

        #expect(result.status == 73)
        #expect(result.errors.contains("'\(folder["out"])"), "\(result.errors)")
        #expect(result.errors.contains("Permission denied"))
        #expect(try Folder.names(in: folder["out"]).isEmpty)
    }

    @Test func aFolderOfVideosThatMayNotBeWrittenToAsksForAnotherOutput() async throws {
        let folder = try TemporaryFolder()
        let videos = folder["videos"]
        try Folder.create(videos)
        let clip = try await Clip.make(videos.appending("clip.mp4"), size: (64, 48))
        chmod(videos.string, 0o555)

        let result = try await Sandbox.run8cutAsOrdinaryUser(
            ["masks", "saliency", "-i", clip.string],
            in: folder
        )

        #expect(result.status == 73)
        #expect(result.errors.contains("'\(videos.appending("clip_masks"))'"), "\(result.errors)")
        #expect(result.errors.contains("Choose a folder that you may write to, with --output"))
        #expect(try Folder.names(in: videos) == ["clip.mp4"])
        chmod(videos.string, 0o755)
    }

    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func aReadOnlyDiskIsRefused() async throws {
        let folder = try TemporaryFolder()
        try await Clip.make(folder["clip.mp4"], size: (64, 48))
        try Folder.create(folder["out"])

        let result = try await Sandbox.run(
            script: """
                cd "$1" && mount --bind . . && cd "$1" && mount -o remount,ro,bind . || exit 99
                "$0" masks saliency -i clip.mp4 -o out; echo "status $?"
                "$0" masks saliency -i clip.mp4; echo "status $?"
                """,
            [folder.path.string]
        )

        #expect(result.lines == ["status 73", "status 73"], "\(result.errors)")
        #expect(result.errors.contains("Read-only file system"))
        #expect(result.errors.contains("with --output"))
        #expect(try Folder.names(in: folder["out"]).isEmpty)
    }

    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func aFullDiskKeepsWhatIsDoneAndTheNextRunResumes() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        _ = try await masks(clip, output: folder["expected"])
        for name in ["disk", "full", "roomy"] { try Folder.create(folder[name]) }

        // The ballast leaves 64 KiB; a page is the least that a file takes.
        let result = try await Sandbox.run(
            script: """
                cd "$1" && mount -t tmpfs -o size=2048k none disk || exit 99
                head -c 2031616 /dev/zero > disk/ballast || exit 99
                "$0" masks saliency -i clip.mp4 -o disk/masks --progress plain; echo "status $?"
                cp -R disk/masks/. full
                rm disk/ballast
                "$0" masks saliency -i clip.mp4 -o disk/masks --progress plain; echo "status $?"
                cp -R disk/masks/. roomy
                """,
            [folder.path.string]
        )

        #expect(
            result.lines.filter { $0.hasPrefix("status") } == ["status 74", "status 0"],
            "\(result.errors)"
        )
        #expect(result.errors.contains("the disk is full"))
        #expect(result.errors.contains("run the same command again"))
        let kept = try Folder.names(in: folder["full"])
        #expect(kept.contains("frame_0003.png"))
        #expect(!kept.contains { $0.hasPrefix(AtomicFile.temporaryPrefix) }, "\(kept)")
        #expect(try MaskSet(folder["full"]).manifest.complete == false)
        #expect(
            try MaskSet.content(of: folder["roomy"]) == MaskSet.content(of: folder["expected"])
        )
        // What was done is not done again.
        #expect(!result.lines.drop { $0 != "status 74" }.contains("frame 1/24"))
    }

    private func masks(_ clip: FilePath, output: FilePath) async throws -> ProgramResult {
        try await Program.run8cut([
            "masks", "saliency", "-i", clip.string, "-o", output.string,
        ])
    }
}
