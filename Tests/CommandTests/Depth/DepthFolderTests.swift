import Files
import Glibc
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Depth maps beside the masks, in folders that hold something already.
@Suite struct DepthFolderTests {
    private func makeClip(in folder: TemporaryFolder, frames: Int = 3) async throws -> FilePath {
        try await Clip.make(folder["clip.mp4"], size: (96, 64), rate: frames)
    }

    @Test func thereIsADepthMapForEveryFrameAndNothingElse() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let masks = try await DepthRun.masks(clip, to: folder["masks"], ["--save-depth"])
        let depth = folder["masks"].appending("depth")
        #expect(try Folder.names(in: depth).sorted() == masks.names && masks.names.count == 3)
        for name in masks.names {
            let image = try PNG.readGray16(depth.appending(name))
            #expect(image.width == 96 && image.height == 64)
            #expect(image.pixels.min() == 0 && image.pixels.max() == 65535)
        }
        let names = try Folder.names(in: folder["masks"])
        #expect(Set(names) == Set(masks.names + ["masks.json", "depth"]))
    }

    @Test(arguments: ["missing", "cut off", "of a mask"])
    func aDamagedDepthMapIsMadeAgain(damage: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        try await DepthRun.masks(clip, to: folder["masks"], ["--save-depth"])
        let before = try MaskSet.content(of: folder["masks"])
        let map = folder["masks"].appending("depth").appending("frame_0001.png")
        switch damage {
        case "missing": unlink(map.string)
        case "cut off": truncate(map.string, 60)
        default:
            let mask = try #require(before["frame_0001.png"])
            try mask.withUnsafeBytes { try AtomicFile.write($0, to: map) }
        }

        let result = try await Program.run8cut(
            DepthRun.arguments(clip, to: folder["masks"], ["--save-depth"]),
            environment: TestTools.environment
        )

        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.first { $0.hasPrefix("frame ") } == "frame 2/3")
        #expect(try MaskSet.content(of: folder["masks"]) == before)
    }

    @Test func depthMapsAreASettingThatMustBeTheSame() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        try await DepthRun.masks(clip, to: folder["masks"])
        let before = try MaskSet.content(of: folder["masks"])

        let result = try await Program.run8cut(
            DepthRun.arguments(clip, to: folder["masks"], ["--save-depth"]),
            environment: TestTools.environment
        )

        #expect(result.status == 4 && result.errors.contains("--overwrite"), "\(result.errors)")
        #expect(try MaskSet.content(of: folder["masks"]) == before)
    }

    @Test(arguments: [(false, true), (true, false), (true, true)])
    func overwritingKeepsTheDepthMapsThatBelong(before: Bool, after: Bool) async throws {
        let folder = try TemporaryFolder()
        let long = try await makeClip(in: folder, frames: 4)
        let short = try await Clip.make(folder["short.mp4"], size: (96, 64), rate: 2)
        let options = { (keeps: Bool) in keeps ? ["--save-depth"] : [] }
        try await DepthRun.masks(long, to: folder["masks"], options(before))

        let overwrite = options(after) + ["--overwrite"]
        try await DepthRun.masks(short, to: folder["masks"], overwrite)

        try await DepthRun.masks(short, to: folder["fresh"], options(after))
        #expect(try MaskSet.content(of: folder["masks"]) == MaskSet.content(of: folder["fresh"]))
        let kind = try Folder.kind(of: folder["masks"].appending("depth"))
        #expect(kind == (after ? .folder : .missing))
    }

    @Test func aSwapThatWasCutShortIsFinishedByTheNextRun() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let output = folder["masks"]
        try await DepthRun.masks(clip, to: output, ["--invert"])
        let staged = output.appending(".8cut-staging")
        try await DepthRun.masks(clip, to: staged, ["--save-depth"])
        let new = try MaskSet.content(of: staged)
        // As if the power had failed when all masks and one depth map were moved: before that, the
        // old manifest says what may be in the folder.
        let manifest = output.appending("masks.json")
        let text = String(decoding: try MaskSet.bytes(of: manifest), as: UTF8.self)
        #expect(text.contains("\"complete\" : true"))
        let mixed = """
            "auxiliary" : [{"folder" : "depth", "kind" : "depth"}], "complete" : false
            """
        try AtomicFile.write(text.replacing("\"complete\" : true", with: mixed), to: manifest)
        for name in ["frame_0000.png", "frame_0001.png", "frame_0002.png"] {
            try AtomicFile.rename(staged.appending(name), to: output.appending(name))
        }
        try Folder.create(output.appending("depth"))
        try AtomicFile.rename(
            staged.appending("depth").appending("frame_0000.png"),
            to: output.appending("depth").appending("frame_0000.png")
        )

        try await DepthRun.masks(clip, to: output, ["--save-depth"])

        #expect(try MaskSet.content(of: output) == new)
    }

    @Test func whatOthersKeepAmongTheDepthMapsStays() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        try await DepthRun.masks(clip, to: folder["masks"], ["--save-depth"])
        let depth = folder["masks"].appending("depth")
        try AtomicFile.write("mine", to: depth.appending("notes.txt"))

        try await DepthRun.masks(clip, to: folder["masks"], ["--overwrite", "--invert"])

        #expect(try MaskSet.content(of: depth) == ["notes.txt": Array("mine".utf8)])
    }

    @Test func otherWeightsAreOtherMasks() async throws {
        let folder = try TemporaryFolder()
        let clip = try await makeClip(in: folder)
        let copy = try await ChangedCheckpoint(to: folder["tiny"])
        try await DepthRun.masks(clip, to: folder["masks"])
        let arguments = DepthRun.arguments(clip, to: folder["masks"], model: copy.path.string)

        let same = try await Program.run8cut(arguments, environment: TestTools.environment)
        #expect(same.status == 0, "a copy of the same name is the same: \(same.errors)")
        try copy.endWeights(with: 0.5)
        let other = try await Program.run8cut(arguments, environment: TestTools.environment)
        #expect(other.status == 4 && other.errors.contains("weights"), "\(other.errors)")
    }
}
