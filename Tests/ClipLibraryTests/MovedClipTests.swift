import ClipLibrary
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Records follow clips and masks that were moved: no label is lost while its file is found.
@Suite struct MovedClipTests {
    private let folder: TemporaryFolder
    private let library: Library
    private var clips: FilePath { LibraryPath.plain(folder["clips"]) }

    init() async throws {
        folder = try TemporaryFolder()
        library = try Library.inMemory()
        for name in ["x_001.mp4", "x_002.mp4"] {
            try Samples.write(folder["clips"].appending(name), name)
            let draft = Samples.draft(clips.appending(name).string, label: "label of \(name)")
            let id = try await Samples.add(draft, to: library)
            try await library.publish([id])
        }
    }

    private func check(fixes: Bool = true, _ searches: FilePath...) async throws -> [String] {
        try await LibraryCheck(library, searches: searches, fixes: fixes).run().map {
            "\($0.kind) \(FilePath($0.path).lastComponent?.string ?? "")"
                + ($0.isFixed ? " fixed" : "")
        }
    }

    private func labels(_ folder: FilePath) throws -> [String] {
        try DatasetFile(in: folder).entries().map { "\($0.path) \($0.label)" }.sorted()
    }

    /// Masks of the first clip.
    private func makeMasks() async throws -> FilePath {
        let path = clips.appending("x_001_masks")
        let file = try FileFingerprint(of: clips.appending("x_001.mp4"))
        try Samples.write(
            path.appending("masks.json"),
            """
            {"method":{"name":"depth"},"input":{"file":{"bytes":\(file.bytes),
            "headAndTailSHA256":"\(file.headAndTailSHA256)"}}}
            """
        )
        try await library.recordMasks(
            of: 1,
            method: "depth",
            path: path.string,
            settings: "{}",
            frameCount: 1
        )
        try await library.publish([1])
        return path
    }

    @Test func aFolderThatWasMovedIsFoundByASearch() async throws {
        _ = try await makeMasks()
        let disk = folder["disk"]
        try Folder.create(disk.appending("a/b"))
        #expect(rename(clips.string, disk.appending("a/b/clips").string) == 0)
        let before = try await library.clips().map(\.path)
        let expected = ["moved x_001.mp4", "moved x_002.mp4", "moved x_001_masks"]
        #expect(try await check(fixes: false, disk) == expected)
        #expect(try await library.clips().map(\.path) == before, "looking changes nothing")
        #expect(try await check(disk) == expected.map { $0 + " fixed" })
        #expect(try await check() == [])
        let moved = LibraryPath.plain(disk).appending("a/b/clips")
        #expect(
            try labels(moved) == ["x_001.mp4 label of x_001.mp4", "x_002.mp4 label of x_002.mp4"]
        )
        #expect(
            try await library.masks(of: 1).map(\.path)
                == [moved.appending("x_001_masks").string]
        )
        #expect(try DatasetFile(in: moved).entries()[0].masks.map(\.path) == ["x_001_masks"])
    }

    @Test func aClipThatWasMovedToAKnownFolderKeepsItsLabel() async throws {
        let more = LibraryPath.plain(folder["more"])
        try Samples.write(more.appending("y_001.mp4"), "y")
        try await Samples.add(Samples.draft(more.appending("y_001.mp4").string), to: library)
        let list = clips.appending(DatasetFile.fileName)
        let text = String(decoding: try MaskSet.bytes(of: list), as: UTF8.self)
        let mine = #""path": "x_001.mp4", "score": NaN,"#
        try AtomicFile.write(
            text.replacing("\"path\": \"x_001.mp4\",", with: mine),
            to: list
        )
        let new = more.appending("y_007.mp4")
        #expect(rename(clips.appending("x_001.mp4").string, new.string) == 0)
        #expect(try await check().contains("moved x_001.mp4 fixed"))
        #expect(try await check() == [])
        #expect(try labels(clips) == ["x_002.mp4 label of x_002.mp4"])
        #expect(try labels(more).last == "y_007.mp4 label of x_001.mp4")
        let there = String(
            decoding: try MaskSet.bytes(of: more.appending(DatasetFile.fileName)),
            as: UTF8.self
        )
        #expect(there.contains("\"score\": NaN"), "fields of others go along: \(there)")
    }

    /// Both files have the name of a clip whose content is another.
    @Test func clipsThatTookEachOthersNamesKeepTheirLabels() async throws {
        let (one, two) = (clips.appending("x_001.mp4"), clips.appending("x_002.mp4"))
        #expect(rename(one.string, clips.appending("z").string) == 0)
        #expect(rename(two.string, one.string) == 0)
        #expect(rename(clips.appending("z").string, two.string) == 0)
        #expect(try await check().contains("moved x_001.mp4 fixed"))
        #expect(try await check() == [])
        #expect(
            try labels(clips) == ["x_001.mp4 label of x_002.mp4", "x_002.mp4 label of x_001.mp4"]
        )
    }

    /// The first clip was deleted, and the second got its name.
    @Test func aClipThatTookTheNameOfADeletedOneKeepsItsLabel() async throws {
        let (one, two) = (clips.appending("x_001.mp4"), clips.appending("x_002.mp4"))
        #expect(rename(two.string, one.string) == 0)
        #expect(
            try await check().prefix(2) == ["missing x_001.mp4 fixed", "moved x_002.mp4 fixed"]
        )
        #expect(try await check() == [])
        #expect(try labels(clips) == ["x_001.mp4 label of x_002.mp4"])
    }

    @Test func aRecordWaitsForAFileWithoutTheNameOfAClip() async throws {
        let (old, new) = (clips.appending("x_001.mp4"), clips.appending("barking.mp4"))
        #expect(rename(old.string, new.string) == 0)
        #expect(try await check().first == "moved x_001.mp4")
        #expect(try await library.clips().count == 2, "it is not forgotten")
        #expect(rename(new.string, clips.appending("barking_001.mp4").string) == 0)
        #expect(try await check().first == "moved x_001.mp4 fixed")
        #expect(try await check() == [])
        #expect(try labels(clips).first == "barking_001.mp4 label of x_001.mp4")
    }

    @Test func whatIsNotFoundIsForgotten() async throws {
        #expect(unlink(clips.appending("x_001.mp4").string) == 0)
        #expect(try await check(folder.path).first == "missing x_001.mp4 fixed")
        #expect(try await library.clips().map(\.id) == [2])
    }
}
