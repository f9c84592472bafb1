import Diagnostics
import Files
import Glibc
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Which files in a folder are 8cut's, and that nothing happens to the others.
@Suite struct OwnershipTests {
    private static let mine = Array("mine".utf8)

    private func put(_ path: FilePath) throws {
        try Folder.create(path.removingLastComponent())
        try AtomicFile.write("mine", to: path)
    }

    /// Expects that a claim is refused with an error that names something, and changes nothing.
    private func expectError(
        _ run: StoredRun,
        naming name: String,
        _ code: ErrorCode = .outputUnusable,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try MaskSet.content(of: run.path)
        do {
            _ = try await run.claim()
            Issue.record("it is not refused", sourceLocation: sourceLocation)
        } catch let error as EightCutError {
            #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
            #expect("\(error)".contains(name), "\(error)", sourceLocation: sourceLocation)
        }
        #expect(try MaskSet.content(of: run.path) == before, sourceLocation: sourceLocation)
    }

    @Test(arguments: [false, true], ["photo.jpg", "frame_0003.png", "depth/frame_0000.png", ".x"])
    func aFolderOfOthersIsRefused(replaces: Bool, name: String) async throws {
        let folder = try TemporaryFolder()
        try put(folder["masks"].pushing(FilePath(name)))
        var run = try StoredRun(folder["masks"])
        run.replaces = replaces
        let first = try #require(FilePath(name).components.first).string
        try await expectError(run, naming: "'\(first)'")
    }

    @Test func leftoversOfAKilledRunDoNotMakeAFolderForeign() async throws {
        let folder = try TemporaryFolder()
        try put(folder["masks"].appending(".8cut-tmp-abc-masks.json"))
        let run = try StoredRun(folder["masks"])
        try await run.run()
        #expect(try await MaskSet.content(of: run.path) == run.expected())
    }

    @Test(arguments: [nil, 7]) func aForeignFrameIsNotReplaced(estimatedFrames: Int?) async throws {
        let folder = try TemporaryFolder()
        try await StoredRun(folder["masks"]).run()
        try put(folder["masks"].appending("frame_0006.png"))
        var run = try StoredRun(folder["masks"], threshold: 90)
        (run.replaces, run.estimatedFrames) = (true, estimatedFrames)
        try await expectError(run, naming: "'frame_0006.png'")
    }

    @Test func aForeignFrameThatNoMaskReplacesStays() async throws {
        let folder = try TemporaryFolder()
        try await StoredRun(folder["masks"]).run()
        try put(folder["masks"].appending("frame_0006.png"))
        var run = try StoredRun(folder["masks"], threshold: 90)
        run.replaces = true
        try await run.run()
        var content = try MaskSet.content(of: run.path)
        #expect(content.removeValue(forKey: "frame_0006.png") == Self.mine)
        #expect(try await content == run.expected())
    }

    /// The estimate was too low: what is found out in the end is found out before anything moves.
    @Test func aForeignFrameStopsTheReplacementAndTheNextRunFinishesIt() async throws {
        let folder = try TemporaryFolder()
        try await StoredRun(folder["masks"]).run()
        let foreign = folder["masks"].appending("frame_0006.png")
        try put(foreign)
        let before = try MaskSet.content(of: folder["masks"])
        var run = try StoredRun(folder["masks"], threshold: 90)
        (run.replaces, run.frameCount) = (true, 8)
        let error = await #expect(throws: EightCutError.self) { try await run.run() }
        #expect("\(try #require(error))".contains("'frame_0006.png'"))
        let visible = try MaskSet.content(of: run.path).filter { !$0.key.hasPrefix(".8cut-") }
        #expect(visible == before)

        unlink(foreign.string)
        #expect(try await run.run() == 8, "the finished masks are made again")
        #expect(try await MaskSet.content(of: run.path) == run.expected())
    }

    @Test(arguments: [false, true])
    func foreignImagesInAnAuxiliaryFolderAreNotReplaced(isNewFolder: Bool) async throws {
        let folder = try TemporaryFolder()
        try await StoredRun(folder["masks"], auxiliary: isNewFolder ? [] : [.depth]).run()
        let name = isNewFolder ? "frame_0000.png" : "frame_0007.png"
        try put(folder["masks"].appending("depth").appending(name))
        var run = try StoredRun(folder["masks"], threshold: 90, auxiliary: [.depth])
        (run.replaces, run.frameCount, run.estimatedFrames) = (true, 9, 9)
        try await expectError(run, naming: "'\(name)'")
    }

    @Test func aFileThatComesDuringTheRunIsNotReplaced() async throws {
        let folder = try TemporaryFolder()
        let run = try StoredRun(folder["masks"])
        let claim = try await run.claim()
        let target = try claim.begin(run.manifest)
        try put(folder["masks"].appending("frame_0000.png"))
        let image = Mask(image: .init(width: 1, height: 1, pixels: [0]))
        #expect(throws: EightCutError.self) { try target.write(image, frame: 0) }
        let path = folder["masks"].appending("frame_0000.png")
        #expect(try MaskSet.bytes(of: path) == Self.mine)
    }

    @Test(arguments: [0, 1, 4]) func masksOfAKilledRunAreItsOwn(unrecorded: Int) async throws {
        let folder = try TemporaryFolder()
        let run = try StoredRun(folder["masks"], auxiliary: [.depth])
        try await run.run(killedBefore: 2, unrecorded: unrecorded)
        #expect(try await run.run() == 2)
        #expect(try await MaskSet.content(of: run.path) == run.expected())
    }

    @Test func aMaskFarBehindTheJournalIsNot() async throws {
        let folder = try TemporaryFolder()
        var run = try StoredRun(folder["masks"])
        (run.frameCount, run.estimatedFrames) = (9, 9)
        try await run.run(killedBefore: 2)
        try put(folder["masks"].appending("frame_0006.png"))
        try await expectError(run, naming: "'frame_0006.png'")
    }

    /// Masks behind a damaged one stay the run's own, however often it is killed.
    @Test func aCompleteFolderThatWasDamagedIsFinishedAfterKills() async throws {
        let folder = try TemporaryFolder()
        let run = try StoredRun(folder["masks"], auxiliary: [.depth])
        try await run.run()
        unlink(folder["masks"].appending("frame_0001.png").string)
        for _ in 0..<3 { #expect(try await run.run(killedBefore: 1) == 1) }
        // The records of an interrupted run are cut off behind a damaged mask, too.
        try await run.run(killedBefore: 4)
        unlink(folder["masks"].appending("depth").appending("frame_0000.png").string)
        for _ in 0..<3 { #expect(try await run.run(killedBefore: 0) == 0) }
        #expect(try await run.run() == 0)
        #expect(try await MaskSet.content(of: run.path) == run.expected())
    }

    @Test func aRefusedRunDoesNotFinishTheReplacementOfAnother() async throws {
        let folder = try TemporaryFolder()
        try await StoredRun(folder["masks"]).run()
        let staging = folder["masks"].appending(".8cut-staging")
        try await StoredRun(staging, threshold: 90).run()
        for threshold in [100, 80] {
            let run = try StoredRun(folder["masks"], threshold: threshold)
            try await expectError(run, naming: "threshold: 90 there", .outputDiffers)
        }
        let run = try StoredRun(folder["masks"], threshold: 90)
        #expect(try await run.run() == 6)
        #expect(try await MaskSet.content(of: run.path) == run.expected())
    }

    @Test(arguments: [".8cut-staging/notes.txt", ".8cut-work/notes.txt", ".8cut-staging/x/y"])
    func foreignFilesInHiddenFoldersStay(name: String) async throws {
        let folder = try TemporaryFolder()
        try await StoredRun(folder["masks"]).run()
        let path = folder["masks"].pushing(FilePath(name))
        try put(path)
        var run = try StoredRun(folder["masks"], threshold: 90)
        run.replaces = true
        let named = try #require(FilePath(name).components.dropFirst().first).string
        try await expectError(run, naming: named)
    }

    @Test(arguments: [".8cut-staging", ".8cut-work", "depth"], [false, true])
    func aLinkInThePlaceOfAFolderIsNotEntered(name: String, replaces: Bool) async throws {
        let folder = try TemporaryFolder()
        try await StoredRun(folder["masks"]).run()
        try await StoredRun(folder["others"], threshold: 90).run()
        let others = try MaskSet.content(of: folder["others"])
        symlink(folder["others"].string, folder["masks"].appending(name).string)
        var run = try StoredRun(folder["masks"], threshold: 90, auxiliary: [.depth])
        run.replaces = replaces
        let before = try Folder.names(in: folder["masks"])
        let error = await #expect(throws: EightCutError.self) { try await run.run() }
        if replaces {
            #expect("\(try #require(error))".contains(name), "\(String(describing: error))")
        }
        #expect(try Folder.names(in: folder["masks"]) == before)
        #expect(try MaskSet.content(of: folder["others"]) == others)
    }
}
