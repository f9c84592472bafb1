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
        let (done, lost, busy) = (
            Samples.draft(bench.clips.appending("x_002.mp4").string, label: "cat"),
            Samples.draft(bench.clips.appending("x_003.mp4").string),
            Samples.draft(bench.clips.appending("x_004.mp4").string)
        )
        _ = try await bench.library.begin(
            [done, lost, busy],
            of: "/videos/a.mp4",
            Samples.fingerprint("/videos/a.mp4")
        )
        try Samples.write(FilePath(done.path))
        try Samples.write(FilePath(lost.pending))
        try Samples.write(FilePath(busy.pending))
        let descriptor = open(busy.pending, O_RDONLY)
        #expect(flock(descriptor, LOCK_EX) == 0)
        #expect(
            try await bench.check(fixes: true).prefix(2)
                == ["unfinished x_002.mp4 fixed", "unfinished x_003.mp4 fixed"]
        )
        #expect(try await bench.check() == [])
        #expect(try DatasetFile(in: bench.clips).entries().map(\.label) == ["", "cat"])
        #expect(access(lost.pending, F_OK) != 0)
        #expect(access(busy.pending, F_OK) == 0, "another run still works on it")
        #expect(try await bench.library.pendingClips().map(\.path) == [busy.path])
        close(descriptor)
    }

    @Test func aClipThatWasBeingCutAgain() async throws {
        let bench = try await Bench(["x_001.mp4", "x_002.mp4"])
        let path = bench.clips.appending("x_001.mp4")
        let other = bench.clips.appending("x_002.mp4")
        try await bench.library.beginAgain(1, Samples.draft(path.string, start: 77))
        try await bench.library.beginAgain(2, Samples.draft(other.string, start: 78))
        try Samples.write(path, "the new video")
        #expect(
            try await bench.check(fixes: true).prefix(2)
                == ["unfinished x_001.mp4 fixed", "unfinished x_002.mp4 fixed"]
        )
        #expect(try await bench.check() == [])
        #expect(try await bench.library.clip(1)?.start == 77)
        #expect(try await bench.library.clip(2)?.start == 5_000_000_000)
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
