import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Folders that are moved or replaced while a run works in them.
@Suite struct MovedFolderTests {
    @Test(arguments: ["link", "folder", "nothing"])
    func theRunStaysInItsFolderAndFails(replacement: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (640, 360), seconds: 6)
        let output = folder["clip_masks"]
        try Folder.create(folder["precious"])

        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string]) { _ in
            try await waitForMasks(5, in: output)
            try AtomicFile.rename(output, to: folder["old"])
            switch replacement {
            case "link": symlink(folder["precious"].string, output.string)
            case "folder": try AtomicFile.rename(folder["precious"], to: output)
            default: break
            }
        }

        #expect(result.status == 73, "\(result.errors)")
        #expect(result.errors.contains("'\(output)': the folder was moved"), "\(result.errors)")
        let other = replacement == "link" ? folder["precious"] : output
        #expect(((try? Folder.names(in: other)) ?? []).isEmpty)
        let moved = try MaskSet(folder["old"])
        #expect(moved.manifest.complete && moved.names.count == 144)
        if replacement == "link" { unlink(output.string) } else { rmdir(output.string) }
        try AtomicFile.rename(folder["old"], to: output)
        let again = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        #expect(again.status == 0 && again.output.contains("were there already"))
    }

    @Test func aStagingFolderThatIsReplacedReplacesNothing() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (640, 360), seconds: 6)
        let output = folder["clip_masks"]
        let arguments = ["masks", "saliency", "-i", clip.string]
        _ = try await Program.run8cut(arguments)
        let before = try MaskSet.content(of: output)

        let staging = output.appending(".8cut-staging")
        let overwrite = arguments + ["--invert", "--overwrite"]
        let result = try await Program.run8cut(overwrite) { _ in
            try await waitForMasks(5, in: staging)
            try AtomicFile.rename(staging, to: folder["old"])
            try Folder.create(folder["precious"])
            symlink(folder["precious"].string, staging.string)
        }

        #expect(result.status == 73, "\(result.errors)")
        #expect(result.errors.contains(".8cut-staging"), "\(result.errors)")
        #expect(try Folder.names(in: folder["precious"]).isEmpty)
        unlink(staging.string)
        #expect(try MaskSet.content(of: output) == before)
    }
}
