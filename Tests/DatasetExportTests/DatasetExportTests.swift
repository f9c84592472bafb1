import ClipLibrary
import DatasetExport
import DatasetProfiles
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

/// Data sets as their consumers find them.
@Suite struct DatasetExportTests {
    @Test func ourOwnHasClipsMasksAndAList() async throws {
        let bench = try DatasetBench()
        let id = try await bench.addClip("dog_001", frames: 3)
        try await bench.addClip("cat_001", label: nil, source: "b", start: 2, frames: 3)
        let masks = try await bench.addMasks(of: id, "sam")
        try await bench.export("plain")
        let names = (0..<3).map { "dog_001_masks/frame_000\($0).png" }
        #expect(
            try bench.files
                == ["cat_001.mp4", "dataset.json", "dog_001.mp4"] + names
                + ["dog_001_masks/masks.json"]
        )
        // Second names of the same files.
        let clip = bench.folder["clips"].appending("dog_001.mp4")
        #expect(FileStatus.isSame(clip, bench.set.appending("dog_001.mp4")))
        let mask = FilePath("dog_001_masks/frame_0002.png")
        #expect(
            FileStatus.isSame(masks.appending("frame_0002.png"), bench.set.pushing(mask))
        )
        let list = try LocatedJSON(parsing: Array(try bench.text("dataset.json").utf8), .strict)
        #expect(list.items?.map { $0["path"]?.string } == ["dog_001.mp4", "cat_001.mp4"])
        #expect(list.items?[0]["masks"]?.items?[0]["path"]?.string == "dog_001_masks")
        #expect(list.items?[1]["start"]?.number == 2)
        let record = try #require(try ExportRecord(in: OpenFolder(bench.set)))
        #expect(record.profile == "plain" && record.object == "white")
        #expect(
            record.summary.clips == 2 && record.summary.clipsByLabel == ["": 1, "dog barking": 1]
        )
        #expect(record.clips["cat_001.mp4"]?.start == 2)
    }

    @Test func copiesAreFilesOfTheirOwn() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("dog_001")
        try await bench.export("foleytune") { $0.copies = true }
        let clip = bench.folder["clips"].appending("dog_001.mp4")
        let copy = bench.set.appending("dog_001.mp4")
        #expect(!FileStatus.isSame(clip, copy))
        #expect(try MaskSet.bytes(of: clip) == MaskSet.bytes(of: copy))
        #expect(try bench.text("dog_001.txt") == "dog barking\n")
    }

    @Test func tablesForPandasHaveIdAndLabel() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("dog_001", label: "\"woof\", twice")
        try await bench.export("mmaudio-16k")
        let lines = try bench.text("train.tsv").exactLines
        #expect(lines[0] == "id\tlabel\tsource\tstart")
        #expect(lines[1].hasPrefix("dog_001\t\"\"\"woof\"\", twice\"\t/"))
        #expect(try bench.files == ["train.tsv", "videos/dog_001.mp4"])
    }

    @Test func whatAConsumerWouldRejectIsNamedAndNothingIsWritten() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("short_001", source: "b", frames: 200)
        try await bench.addClip("na_001", label: "NA", source: "c")
        try await bench.addClip("none_001", label: nil, source: "d")
        try await bench.addClip("mute_001", source: "e", hasAudio: false)
        try await bench.addClip("good_001")
        try await bench.addClip("good_001", in: "more", source: "f")
        try await bench.addClip("gone_001", source: "g")
        try await bench.addClip("new_001", source: "h")
        try (OpenFolder(bench.folder["clips"])).removeFile("gone_001.mp4")
        try AtomicFile.write("other", to: bench.folder["clips"].appending("new_001.mp4"))
        let (run, plan, warnings) = try await bench.plan("mmaudio-16k")
        let reasons = plan.rows.map { $0.rejections.map(\.why).joined(separator: "; ") }
        #expect(reasons[0].contains("last frame begins at 7.96 s"))
        #expect(reasons[0].contains("cannot be cut again"))
        #expect(reasons[1].contains("missing value") && reasons[2].contains("it has no label"))
        #expect(reasons[3].contains("it has no audio"))
        #expect(reasons[4].isEmpty && reasons[5].contains("has the same name"))
        #expect(reasons[6].contains("gone") && reasons[7].contains("has changed"))
        let error = await #expect(throws: EightCutError.self) { _ = try await run.write(plan) }
        #expect(error?.code == .inputUnusable && error?.why.contains("7 of 8") == true)
        #expect(warnings.all.count == 7)
        #expect(try Folder.kind(of: bench.set) == .missing)
        #expect(try Folder.names(in: bench.folder.path) == ["clips", "more"])
        try await bench.export("mmaudio-16k") { $0.skipsRejected = true }
        #expect(try bench.files == ["train.tsv", "videos/good_001.mp4"])
    }

    @Test func aClipThatIsTooLongForTheLoaderIsNotLinked() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("long_001", frames: 600)
        let (_, plan, _) = try await bench.plan("mmaudio-16k")
        #expect(plan.rejected.first?.rejections.first?.why.contains("other seconds") == true)
    }

    @Test func overlapsAreCounted() async throws {
        let bench = try DatasetBench()
        for (number, start) in [0, 4, 6, 20].enumerated() {
            try await bench.addClip("a_00\(number + 1)", start: start)
        }
        try await bench.addClip("b_001", source: "b", start: 4)
        let (_, plan, _) = try await bench.plan("foleytune")
        #expect(plan.summary.overlapping == 3)
    }
}
