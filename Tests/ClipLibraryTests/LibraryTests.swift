import ClipLibrary
import Diagnostics
import Files
import GRDB
import SystemPackage
import TestSupport
import Testing

/// What the library remembers.
@Suite struct LibraryTests {
    @Test func aVideoThatWasMovedIsTheSame() async throws {
        let library = try Library.inMemory()
        let video = Samples.fingerprint("video")
        let first = try await Samples.add(
            Samples.draft("/clips/x_001.mp4"),
            to: library,
            source: "/videos/old.mp4",
            video
        )
        let second = try await Samples.add(
            Samples.draft("/clips/x_002.mp4", start: 5_400_000_000),
            to: library,
            source: "/elsewhere/new.mp4",
            video
        )
        #expect(try await library.clip(first)?.source == "/elsewhere/new.mp4")
        let near = try await library.clips(near: 5_200_000_000, of: video)
        #expect(near.map(\.id) == [first, second])
        #expect(try await library.clips(near: 5_800_000_000, of: video).map(\.id) == [second])
        #expect(
            try await library.clips(near: 5_200_000_000, of: Samples.fingerprint("x")).isEmpty
        )
    }

    @Test func aClipThatWasTakenOutCanBePutBack() async throws {
        let library = try Library.inMemory()
        let draft = Samples.draft("/clips/x_001.mp4", label: "bark", category: "Animal")
        let id = try await Samples.add(draft, to: library)
        try await library.recordMasks(
            of: id,
            method: "depth",
            path: "/clips/x_001_masks",
            settings: "{}",
            frameCount: 200,
            confidence: 0.625
        )
        let clip = try #require(try await library.clip(id))
        let masks = try await library.masks(of: id)
        #expect(masks.map(\.confidence) == [0.625])
        try await library.remove([id])
        #expect(try await library.clip(id) == nil)
        try await library.restore(clip, masks)
        #expect(try await library.clip(id) == clip)
        #expect(try await library.masks(of: id) == masks)
        var filter = ClipFilter()
        filter.words = ["bark"]
        #expect(try await library.clips(filter).map(\.id) == [id])
        // Its place is taken: nothing is lost of what is there.
        await #expect(throws: (any Error).self) { try await library.restore(clip, masks) }
        #expect(try await library.masks(of: id) == masks)
        #expect(try await library.clips(of: Samples.fingerprint("/videos/a.mp4")) == [clip])
        #expect(try await library.clipCount(of: Samples.fingerprint("/videos/a.mp4")) == 1)
        #expect(try await library.clipCount(of: Samples.fingerprint("other")) == 0)
    }

    @Test func clipsThatAreBeingCutAreNotListed() async throws {
        let library = try Library.inMemory()
        let draft = Samples.draft("/clips/x_001.mp4")
        let id = try await library.begin([draft], of: "/v.mp4", Samples.fingerprint("v"))[0]
        #expect(try await library.clips().isEmpty)
        #expect(try await library.lastClip() == nil)
        #expect(try await library.pendingClips().first?.draft == draft)
        try await library.finish(id, draft, Samples.fingerprint("x"))
        #expect(try await library.clips().map(\.id) == [id])
        #expect(try await library.pendingClips().isEmpty)
    }

    @Test func cuttingAgainTakesOverNewValuesAndMakesMasksStale() async throws {
        let library = try Library.inMemory()
        let id = try await Samples.add(Samples.draft("/clips/x_001.mp4"), to: library)
        try await library.recordMasks(
            of: id,
            method: "depth",
            path: "/clips/x_001_masks",
            settings: "{}",
            frameCount: 200
        )
        let draft = Samples.draft("/clips/x_001.mp4", start: 9, label: "cat")
        try await library.beginAgain(id, draft)
        try await library.abandonAgain(id)
        #expect(try await library.clip(id)?.start == 5_000_000_000)
        try await library.beginAgain(id, draft)
        try await library.finish(id, draft, Samples.fingerprint("new"))
        try await library.markMasksStale(id)
        let clip = try #require(try await library.clip(id))
        #expect(clip.start == 9 && clip.label == "cat" && clip.hash == "hash of new")
        #expect(try await library.masks(of: id).map(\.isStale) == [true])
        try await library.recordMasks(
            of: id,
            method: "saliency",
            path: "/clips/x_001_masks",
            settings: "{}",
            frameCount: 100
        )
        let masks = try await library.masks(of: id)
        #expect(masks.map(\.method) == ["saliency"] && masks.map(\.isStale) == [false])
        #expect(masks.map(\.confidence) == [nil])
        #expect(try await library.masks(of: [id, id + 1]) == [id: masks, id + 1: []])
    }

    @Test func namesAreFoundInWhateverFormTheyAreTyped() async throws {
        let library = try Library.inMemory()
        let labels = ["caf\u{e9}", "CAFE\u{301}", "Stra\u{df}e", "\u{ac00}\u{11a8}", "cafe"]
        for (number, label) in labels.enumerated() {
            let draft = Samples.draft("/clips/x_00\(number).mp4", label: label, category: "Tool")
            try await Samples.add(draft, to: library)
        }
        for (word, count) in [
            ("caf\u{e9}", 2), ("cafe\u{301}", 2), ("CAF\u{c9}", 2), ("STRASSE", 1),
            ("\u{ac01}", 1), ("TOOL", 5), ("\u{e8}", 0),
        ] {
            var filter = ClipFilter()
            filter.words = [word]
            #expect(try await library.clips(filter).count == count, "\(word)")
        }
        for (label, category, count) in [
            ("Cafe\u{301}", "tool", 2), ("strasse", nil, 1), (nil, "TOOL", 5), ("caf", nil, 0),
        ] {
            var filter = ClipFilter()
            (filter.label, filter.category) = (label, category)
            #expect(try await library.clips(filter).count == count, "\(label ?? "")")
        }
    }

    @Test func aVideoThatWasMovedIsListedAtItsNewPlace() async throws {
        let folder = try TemporaryFolder()
        let library = try Library.inMemory()
        let clips = folder["clips"]
        let file = Samples.fingerprint("video")
        for (name, source) in [("x_001.mp4", folder["a/video.mp4"]), ("x_002.mp4", "/b/other.mp4")]
        {
            try Samples.write(clips.appending(name))
            let draft = Samples.draft(clips.appending(name).string)
            let id = try await Samples.add(draft, to: library, source: source, file)
            try await library.publish([id])
        }
        try await library.publishUnlisted()
        let sources = try DatasetFile(in: clips).entries().map(\.source)
        #expect(sources == ["/b/other.mp4", "/b/other.mp4"])
        #expect(try await LibraryCheck(library, fixes: false).run() == [])
        var filter = ClipFilter()
        filter.words = ["other"]
        #expect(try await library.clips(filter).count == 2)
    }

    @Test func relabellingChangesWhatIsFound() async throws {
        let library = try Library.inMemory()
        let id = try await Samples.add(
            Samples.draft("/clips/x_001.mp4", label: "dog", category: "Animal"),
            to: library
        )
        try await library.relabel(id, label: "car horn", category: nil)
        let clip = try #require(try await library.clip(id))
        #expect(clip.label == "car horn" && clip.category == "Animal")
        var filter = ClipFilter()
        filter.words = ["HORN"]
        #expect(try await library.clips(filter).count == 1)
        filter.words = ["dog"]
        #expect(try await library.clips(filter).isEmpty)
        #expect(try await library.labels().map(\.name) == ["car horn"])
    }

    @Test func pagesFoldersAndNamesWithSigns() async throws {
        let library = try Library.inMemory()
        for number in 0..<30 {
            let folder = number % 2 == 0 ? "/a%_b" : "/a%_b c"
            try await Samples.add(Samples.draft("\(folder)/x_\(100 + number).mp4"), to: library)
        }
        var filter = ClipFilter()
        filter.folder = "/a%_b"
        #expect(try await library.clips(filter).count == 15)
        let page = try await library.clips(filter, limit: 3, offset: 1)
        #expect(page.map(\.path) == ["26", "24", "22"].map { "/a%_b/x_1\($0).mp4" })
        filter.words = ["x_1", "%"]
        #expect(try await library.clips(filter).isEmpty, "only names count, not folders")
    }

    @Test func removingAClipForgetsItsMasks() async throws {
        let library = try Library.inMemory()
        let id = try await Samples.add(Samples.draft("/clips/x_001.mp4"), to: library)
        try await library.recordMasks(
            of: id,
            method: "depth",
            path: "/m",
            settings: "{}",
            frameCount: 1
        )
        try await library.remove([id])
        #expect(try await library.clip(id) == nil)
        #expect(try await library.masks(of: id).isEmpty)
        // A number is never used again.
        let next = try await Samples.add(Samples.draft("/clips/x_001.mp4"), to: library)
        #expect(next > id)
    }

    @Test func errorsNameTheLibraryThatWasOpened() async throws {
        let folder = try TemporaryFolder()
        let home = EightCutHome(folder["home"])
        let library = try await Library.open(home)
        try await Samples.add(Samples.draft("/clips/x_001.mp4"), to: library)
        let path = home.path.appending(Library.fileName)
        let other = try DatabaseQueue(path: path.string)
        try await other.write { try $0.execute(sql: "DROP TABLE clipText; DROP TABLE maskRun") }
        for error in [
            await #expect(throws: EightCutError.self) { _ = try await library.masks(of: 1) },
            await #expect(throws: EightCutError.self) {
                try await library.relabel(1, label: "dog", category: nil)
            },
        ] { #expect(error?.subject == path.string) }
    }

    @Test func severalAtOnceLoseNothing() async throws {
        let folder = try TemporaryFolder()
        let home = EightCutHome(folder["home"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    let library = try await Library.open(home)
                    for number in 0..<20 {
                        let path = "/clips/w\(writer)_\(number + 100).mp4"
                        try await Samples.add(Samples.draft(path), to: library)
                    }
                }
            }
            try await group.waitForAll()
        }
        let clips = try await Library.open(home).clips()
        #expect(clips.count == 160)
        #expect(Set(clips.map(\.id)).count == 160)
        #expect(try Folder.names(in: home.path).contains(Library.fileName))
    }
}
