import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Links that somebody has put into a folder of masks.
@Suite struct MaskLinkTests {
    private func edit(_ path: FilePath, _ old: String, _ new: String) throws {
        let text = String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
        #expect(text.contains(old))
        try AtomicFile.write(text.replacing(old, with: new), to: path)
    }

    @Test(arguments: [true, false], [true, false])
    func aJournalIsNotFollowed(isSymbolic: Bool, isInterrupted: Bool) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let (output, precious) = (folder["clip_masks"], folder["precious"])
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        try AtomicFile.write("keep", to: precious)
        if isInterrupted {
            let manifest = output.appending("masks.json")
            try edit(manifest, "\"complete\" : true", "\"complete\" : false")
        } else {
            truncate(output.appending("frame_0003.png").string, 0)
        }
        let journal = output.appending(".8cut-journal.jsonl")
        if isSymbolic {
            symlink("../precious", journal.string)
        } else {
            link(precious.string, journal.string)
        }

        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        #expect(try MaskSet.bytes(of: precious) == Array("keep".utf8))
        // A complete folder needs no journal, so that a hard link of that name is just replaced.
        if isInterrupted || isSymbolic {
            #expect(result.status == 73, "\(result.errors)")
            #expect(result.errors.contains("'\(journal)'"), "\(result.errors)")
        }
    }

    @Test(arguments: [[], ["--overwrite"]])
    func aStagingFolderOfOthersIsNotEmptied(options: [String]) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let arguments = ["masks", "saliency", "-i", clip.string]
        _ = try await Program.run8cut(arguments)
        let other = folder["dog_masks"]
        _ = try await Program.run8cut(arguments + ["-o", other.string, "--invert"])
        let staging = folder["clip_masks"].appending(".8cut-staging")
        let before = try MaskSet.content(of: folder.path)
        symlink("../dog_masks", staging.string)

        let result = try await Program.run8cut(arguments + options)

        #expect(result.status == 73, "\(result.errors)")
        #expect(result.errors.contains("'\(staging)': it is a symbolic link"), "\(result.errors)")
        unlink(staging.string)
        #expect(try MaskSet.content(of: folder.path) == before)
    }
}
