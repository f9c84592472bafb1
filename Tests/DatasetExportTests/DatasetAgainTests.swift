import ClipLibrary
import DatasetExport
import DatasetProfiles
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

/// A data set that is written again, or was not finished.
@Suite struct DatasetAgainTests {
    @Test func onlyWhatHasChangedIsMade() async throws {
        let bench = try DatasetBench()
        for number in 1...3 {
            let id = try await bench.addClip("dog_00\(number)", start: number * 10, frames: 2)
            try await bench.addMasks(of: id, "sam")
        }
        #expect(try await bench.export("hf") == 7)
        #expect(try await bench.export("hf") == 0)
        let identity = FileStatus(following: bench.set.appending("train"))?.identity
        try await bench.library.relabel(2, label: "cat", category: nil)
        #expect(try await bench.export("hf") == 1)
        #expect(try bench.text("train/metadata.jsonl").contains("\"label\":\"cat\""))
        #expect(FileStatus(following: bench.set.appending("train"))?.identity != identity)
        #expect(try Folder.names(in: bench.folder.path) == ["clips", "set"])
    }

    @Test func anInterruptedExportGoesOn() async throws {
        let bench = try DatasetBench()
        for number in 1...3 {
            let id = try await bench.addClip("dog_00\(number)", start: number * 10, frames: 2)
            try await bench.addMasks(of: id, "sam")
        }
        let mask = bench.folder["clips"].appending("dog_003_masks").appending("frame_0001.png")
        let bytes = try MaskSet.bytes(of: mask)
        try AtomicFile.write("no image", to: mask)
        await #expect(throws: EightCutError.self) { try await bench.export("hf") }
        #expect(try Folder.kind(of: bench.set) == .missing)
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: mask) }
        // What is left of a run that was killed in the middle of a file, and of another plan.
        let staging = bench.folder[".8cut-dataset-set"]
        try AtomicFile.write("half", to: staging.appending("train").appending(".8cut-tmp-1"))
        try AtomicFile.write("other", to: staging.appending("other.mp4"))
        let made = try await bench.export("hf")
        #expect((1...5).contains(made), "\(made)")
        #expect(try bench.files.count == 7)
        #expect(try Folder.names(in: bench.folder.path) == ["clips", "set"])
    }

    @Test func whatOthersHaveAddedStays() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("dog_001")
        try await bench.export("foleytune")
        try Folder.create(bench.set.appending("features"))
        let features = bench.set.appending("features").appending("dog_001.npz")
        try AtomicFile.write("features", to: features)
        let identity = FileStatus(following: features)?.identity
        try await bench.addClip("cat_001", source: "b")
        try await bench.export("foleytune")
        #expect(FileStatus(following: features)?.identity == identity)
        #expect(try bench.files.contains("cat_001.mp4"))
    }

    @Test func clipsThatAreGoneLeaveTheDataSet() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("dog_001")
        let id = try await bench.addClip("cat_001", source: "b")
        try await bench.export("foleytune")
        try await bench.library.remove([id])
        try await bench.export("foleytune")
        #expect(try bench.files == ["dog_001.mp4", "dog_001.txt"])
    }

    @Test func aFolderOfSomethingElseIsRefused() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("dog_001")
        try Folder.create(bench.set)
        try await bench.export("foleytune")
        let other = bench.folder["clips"]
        let error = await #expect(throws: EightCutError.self) {
            let (_, plan, warnings) = try await bench.plan("foleytune")
            let request = DatasetRequest(profile: plan.request.profile, folder: other)
            let run = DatasetExportRun(
                request,
                library: bench.library,
                width: 1,
                reporter: warnings
            )
            _ = try await run.write(try await run.plan(try await bench.library.clips()))
        }
        #expect(error?.code == .outputUnusable && error?.why.contains("something else") == true)
    }

    @Test func twoRunsDoNotWriteOneDataSet() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("dog_001")
        let staging = bench.folder[".8cut-dataset-set"]
        try Folder.create(staging)
        let lock = try FolderLock(staging)
        let error = await #expect(throws: EightCutError.self) { try await bench.export("plain") }
        #expect(error?.code == .outputBusy)
        withExtendedLifetime(lock) {}
    }
}
