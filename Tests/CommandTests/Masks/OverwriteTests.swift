import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Folders that hold something already.
@Suite struct OverwriteTests {
    @Test func aCompleteRunEndsAtOnce() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        let arguments = ["masks", "saliency", "-i", clip.string]
        _ = try await Program.run8cut(arguments)
        let before = try inodes(folder["clip_masks"])

        let result = try await Program.run8cut(arguments)

        #expect(result.status == 0)
        #expect(result.output.contains("24 masks were there already"))
        #expect(!result.output.contains("frame "))
        #expect(try inodes(folder["clip_masks"]) == before, "a file was written again")
    }

    @Test func aCopyOfTheVideoCountsAsTheSame() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        _ = try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string, "-o", folder["masks"].string])
        _ = try await Program.run("cp", [clip.string, folder["copy.mp4"].string])

        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", folder["copy.mp4"].string, "-o", folder["masks"].string])

        #expect(result.status == 0)
        #expect(result.output.contains("were there already"))
    }

    @Test(arguments: [["--invert"], ["--threshold", "90"]])
    func otherSettingsAreRefusedAndNothingChanges(settings: [String]) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        let before = try MaskSet.content(of: folder["clip_masks"])

        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string] + settings)

        #expect(result.status == 4)
        #expect(result.errors.contains("--overwrite"))
        #expect(result.errors.contains(settings[0].dropFirst(2)))
        #expect(try MaskSet.content(of: folder["clip_masks"]) == before)
    }

    @Test func anotherVideoIsRefused() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        let other = try await Clip.make(folder["other.mp4"], seconds: 0.5)
        let output = folder["masks"].string
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string, "-o", output])

        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", other.string, "-o", output])

        #expect(result.status == 4)
        #expect(result.errors.contains("clip.mp4") && result.errors.contains("other.mp4"))
    }

    @Test func overwriteReplacesAllAndLeavesForeignFilesAlone() async throws {
        let folder = try TemporaryFolder()
        let long = try await Clip.make(folder["long.mp4"], seconds: 1)
        let short = try await Clip.make(folder["short.mp4"], seconds: 0.5)
        let output = folder["masks"]
        _ = try await Program.run8cut(["masks", "saliency", "-i", long.string, "-o", output.string])
        try AtomicFile.write("mine", to: output.appending("notes.txt"))
        try AtomicFile.write("mine too", to: output.appending("frame_9999.png"))

        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", short.string, "-o", output.string, "--overwrite"])

        // It stays, and whoever reads all images takes it for a mask.
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("frame_9999.png is too many"), "\(result.errors)")
        var content = try MaskSet.content(of: output)
        #expect(content.removeValue(forKey: "notes.txt") == Array("mine".utf8))
        #expect(content.removeValue(forKey: "frame_9999.png") == Array("mine too".utf8))
        _ = try await Program.run8cut(
            ["masks", "saliency", "-i", short.string, "-o", folder["fresh"].string])
        #expect(content == (try MaskSet.content(of: folder["fresh"])))
    }

    @Test func anOverwriteThatIsKilledKeepsTheOldMasksOrFinishesTheNewOnes() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (640, 360), seconds: 4)
        let arguments = ["masks", "saliency", "-i", clip.string]
        _ = try await Program.run8cut(arguments)
        let before = try MaskSet.content(of: folder["clip_masks"])
        _ = try await Program.run8cut(arguments + ["--invert", "-o", folder["fresh"].string])
        let after = try MaskSet.content(of: folder["fresh"])

        for masks in [1, 20, 40] {
            let staging = folder["clip_masks"].appending(".8cut-staging")
            let killed = try await Program.run8cut(arguments + ["--invert", "--overwrite"]) {
                try await waitForMasks(masks, in: staging)
                kill($0, SIGKILL)
            }
            #expect(killed.status == 128 + SIGKILL, "the run ended before it was killed")
            let content = try MaskSet.content(of: folder["clip_masks"])
            let visible = content.filter { !$0.key.hasPrefix(".8cut-") }
            #expect(visible == before || visible == after)
        }
        let result = try await Program.run8cut(arguments + ["--invert", "--overwrite"])

        #expect(result.status == 0, "\(result.errors)")
        #expect(try MaskSet.content(of: folder["clip_masks"]) == after)
    }

    @Test func aSwapThatWasCutShortIsFinishedByTheNextRun() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        let other = try await Clip.make(folder["other.mp4"], seconds: 0.5)
        let output = folder["clip_masks"]
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        let staged = output.appending(".8cut-staging")
        _ = try await Program.run8cut(
            ["masks", "saliency", "-i", other.string, "-o", staged.string])
        let new = try MaskSet.content(of: staged)
        // As if the power had failed after the first frame was moved.
        try AtomicFile.rename(
            staged.appending("frame_0000.png"),
            to: output.appending("frame_0000.png")
        )

        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", other.string, "-o", output.string])

        #expect(result.status == 0, "\(result.errors)")
        #expect(try MaskSet.content(of: output) == new)
    }

    @Test func framesOfSomebodyElseAreNotTouched() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        try Folder.create(folder["clip_masks"])
        try AtomicFile.write("mine", to: folder["clip_masks"].appending("frame_0003.png"))

        for flags in [[], ["--overwrite"]] {
            let result = try await Program.run8cut(
                ["masks", "saliency", "-i", clip.string] + flags
            )
            #expect(result.status == 73)
            #expect(result.errors.contains("not made by 8cut"))
        }

        let content = try MaskSet.content(of: folder["clip_masks"])
        #expect(content == ["frame_0003.png": Array("mine".utf8)])
    }

    @Test(arguments: [
        "not json", "{}", "{\"schema\":1,\"program\":{\"name\":\"other\",\"version\":\"1\"}}",
    ])
    func aManifestOfSomebodyElseIsNotTouched(text: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        try Folder.create(folder["clip_masks"])
        try AtomicFile.write(text, to: folder["clip_masks"].appending("masks.json"))

        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        #expect(result.status == 73)
        #expect(result.errors.contains("masks.json"))
        let content = try MaskSet.content(of: folder["clip_masks"])
        #expect(content == ["masks.json": Array(text.utf8)])
    }

    @Test func leftoversOfKilledRunsAreRemoved() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        let output = folder["clip_masks"]
        try AtomicFile.write("half", to: output.appending(".8cut-tmp-1-frame_0001.png"))

        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        #expect(try !Folder.names(in: output).contains { $0.hasPrefix(".8cut-") })
    }

    private func inodes(_ folder: FilePath) throws -> [String: UInt64] {
        var numbers: [String: UInt64] = [:]
        for name in try Folder.names(in: folder) {
            var info = stat()
            stat(folder.appending(name).string, &info)
            numbers[name] = UInt64(info.st_ino)
        }
        return numbers
    }
}
