import ClipLibrary
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// The library, the disk and `dataset.json` are brought to agree.
@Suite struct CheckTests {
    private struct Bench {
        let folder: TemporaryFolder
        let library: Library
        var clips: FilePath { folder["clips"] }

        init(_ names: [String]) async throws {
            folder = try TemporaryFolder()
            library = try Library.inMemory()
            for name in names {
                let path = folder["clips"].appending(name)
                try Samples.write(path, name)
                let id = try await Samples.add(Samples.draft(path.string), to: library)
                try await library.publish([id])
            }
        }

        func check(fixes: Bool = false) async throws -> [String] {
            try await LibraryCheck(library, folders: [clips], fixes: fixes).run().map {
                "\($0.kind) \(FilePath($0.path).lastComponent?.string ?? "")"
                    + ($0.isFixed ? " fixed" : "")
            }
        }
    }

    @Test func nothingIsWrong() async throws {
        let bench = try await Bench(["x_001.mp4", "x_002.mp4"])
        #expect(try await bench.check() == [])
    }

    @Test func missingChangedAndUnknownFiles() async throws {
        let bench = try await Bench(["x_001.mp4", "x_002.mp4", "x_003.mp4"])
        unlink(bench.clips.appending("x_001.mp4").string)
        try Samples.write(bench.clips.appending("x_002.mp4"), "other")
        try Samples.write(bench.clips.appending("y_001.mp4"))
        try Samples.write(bench.clips.appending("notes.txt"))
        try Samples.write(bench.clips.appending("holiday.mp4"))
        try await bench.library.recordMasks(
            of: 3,
            method: "depth",
            path: bench.clips.appending("x_003_masks").string,
            settings: "{}",
            frameCount: 1
        )
        let expected = [
            "missing x_001.mp4", "changed x_002.mp4", "missingMasks x_003_masks",
            "unlisted x_003.mp4", "gone x_001.mp4", "orphaned y_001.mp4",
        ]
        #expect(try await bench.check() == expected)
        #expect(try await bench.check() == expected, "looking changes nothing")
        let fixed = try await bench.check(fixes: true)
        #expect(fixed.count { $0.hasSuffix("fixed") } >= 4, "\(fixed)")
        #expect(try await bench.check() == ["orphaned y_001.mp4"])
        #expect(try DatasetFile(in: bench.clips).paths() == ["x_002.mp4", "x_003.mp4"])
        #expect(try Folder.names(in: bench.clips).contains("y_001.mp4"), "files are left alone")
    }

    @Test func clipsThatWereNotFinished() async throws {
        let bench = try await Bench(["x_001.mp4"])
        let names = ["x_002.mp4", "x_003.mp4", "x_004.mp4", "x_005.mp4"]
        let drafts = names.map { Samples.draft(bench.clips.appending($0).string, label: $0) }
        let ids = try await bench.library.begin(
            drafts,
            of: "/videos/a.mp4",
            Samples.fingerprint("/videos/a.mp4")
        )
        // Complete and in its place, complete under its temporary name, not complete, in progress.
        try Samples.write(FilePath(drafts[0].path))
        for draft in drafts.dropFirst() { try Samples.write(FilePath(draft.pending)) }
        try await bench.library.complete(
            ids[0],
            try Samples.completed(drafts[0], at: drafts[0].path)
        )
        try await bench.library.complete(
            ids[1],
            try Samples.completed(drafts[1], at: drafts[1].pending)
        )
        let busy = drafts[3]
        let descriptor = open(busy.pending, O_RDONLY)
        #expect(flock(descriptor, LOCK_EX) == 0)
        #expect(
            try await Array(bench.check(fixes: true).prefix(3))
                == names.prefix(3).map { "unfinished \($0) fixed" }
        )
        #expect(try await bench.check() == [])
        #expect(
            try DatasetFile(in: bench.clips).entries().map(\.label)
                == ["", "x_002.mp4", "x_003.mp4"]
        )
        #expect(access(drafts[2].pending, F_OK) != 0)
        #expect(access(busy.pending, F_OK) == 0, "another run still works on it")
        #expect(try await bench.library.pendingClips().map(\.path) == [busy.path])
        close(descriptor)
    }

    @Test func aClipThatIsCutAgainIsListedWithItsOldValues() async throws {
        let bench = try await Bench(["x_001.mp4", "x_002.mp4", "x_003.mp4"])
        let drafts = ["x_001.mp4", "x_002.mp4", "x_003.mp4"].map {
            Samples.draft(bench.clips.appending($0).string, start: 77)
        }
        for (place, draft) in drafts.enumerated() {
            try await bench.library.beginAgain(Int64(place + 1), draft)
        }
        #expect(
            try await bench.library.clips().map(\.start) == [
                5_000_000_000, 5_000_000_000, 5_000_000_000,
            ]
        )
        // The first is in place, the second is complete, the third is not.
        try Samples.write(FilePath(drafts[0].path), "the new video")
        try await bench.library.complete(1, try Samples.completed(drafts[0], at: drafts[0].path))
        try Samples.write(FilePath(drafts[1].pending), "another new video")
        try await bench.library.complete(2, try Samples.completed(drafts[1], at: drafts[1].pending))
        try Samples.write(FilePath(drafts[2].pending), "half a vid")
        try await LibraryRecovery(bench.library).run()
        #expect(try await bench.check() == [])
        #expect(try await bench.library.clips().map(\.start) == [5_000_000_000, 77, 77])
        let second = try MaskSet.bytes(of: FilePath(drafts[1].path))
        #expect(second == Array("another new video".utf8))
        #expect(try MaskSet.bytes(of: FilePath(drafts[2].path)) == Array("x_003.mp4".utf8))
        #expect(try Folder.names(in: bench.clips).count == 4)
    }

    @Test func labelsThatWereNotListedAreListed() async throws {
        let bench = try await Bench(["x_001.mp4"])
        try await bench.library.relabel(1, label: "cat", category: nil)
        #expect(try DatasetFile(in: bench.clips).entries().map(\.label) == [""])
        try await LibraryRecovery(bench.library).run()
        #expect(try DatasetFile(in: bench.clips).entries().map(\.label) == ["cat"])
    }

    @Test func filesThatAreNotOursAreNeverDeletedForADraft() async throws {
        let bench = try await Bench(["x_001.mp4", "x_002.mp4"])
        let precious = bench.folder["precious"].appending("file")
        try Samples.write(precious)
        let draft = Samples.draft(bench.clips.appending("x_001.mp4").string)
        for (id, pending) in [
            precious.string, precious.removingLastComponent().string,
            bench.clips.appending("../precious").string, bench.clips.appending("x_002.mp4").string,
        ].enumerated() {
            try await bench.library.beginAgain(1, ClipDraft(draft.info, pending: pending))
            _ = try await bench.check(fixes: true)
            #expect(access(precious.string, F_OK) == 0, "\(id)")
            #expect(try await bench.check() == [], "\(id)")
        }
    }

    @Test func aDamagedListIsWrittenAnew() async throws {
        let bench = try await Bench(["x_001.mp4"])
        try Samples.write(bench.clips.appending(DatasetFile.fileName), "[")
        #expect(try await bench.check() == ["damagedList dataset.json", "unlisted x_001.mp4"])
        _ = try await bench.check(fixes: true)
        #expect(try await bench.check() == [])
    }

    @Test func whatAKilledRunLeftBehind() async throws {
        let bench = try await Bench(["x_001.mp4"])
        let left = bench.clips.appending(".8cut-tmp-clip-1-2-x_002.mp4")
        try Samples.write(left)
        #expect(try await bench.check() == ["leftover " + (left.lastComponent?.string ?? "")])
        _ = try await bench.check(fixes: true)
        #expect(access(left.string, F_OK) != 0)
    }
}
