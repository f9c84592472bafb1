import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Files that try to make ffmpeg open other files.
@Suite struct HostileMediaTests {
    /// A file with the name of a video and refers to `other`.
    struct Trick: CustomTestStringConvertible {
        var testDescription: String
        var text: @Sendable (_ other: FilePath) -> String
    }

    @Test(arguments: [
        Trick(testDescription: "playlist") {
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n\($0)\n#EXT-X-ENDLIST\n"
        },
        Trick(testDescription: "playlist with a relative name") {
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n\($0.lastComponent?.string ?? "")\n"
                + "#EXT-X-ENDLIST\n"
        },
        Trick(testDescription: "list of playlists") {
            "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\nfile:\($0)\n"
        },
        Trick(testDescription: "script of concat") { "ffconcat version 1.0\nfile '\($0)'\n" },
        Trick(testDescription: "DASH manifest") {
            """
            <?xml version="1.0"?>
            <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"
            profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" mediaPresentationDuration="PT1S">
            <Period><AdaptationSet mimeType="video/mp4"><Representation id="0" bandwidth="1000">
            <BaseURL>file:\($0)</BaseURL></Representation></AdaptationSet></Period></MPD>
            """
        },
        Trick(testDescription: "session description") { _ in
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
                + "m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
        },
    ])
    func nothingElseIsOpened(_ trick: Trick) async throws {
        let folder = try TemporaryFolder()
        let other = try await Clip.make(folder["other.ts"], size: (64, 48))
        let clip = folder["clip.mp4"]
        try AtomicFile.write(trick.text(other), to: clip)
        let watch = try OpenWatch(other)

        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        #expect(!watch.wasOpened())
        #expect(result.status == 65)
        #expect(result.errors.contains("'\(clip)'"))
        #expect(result.errors.contains("not read, for safety"), "\(result.errors)")
        #expect(try Folder.kind(of: folder["clip_masks"]) == .missing)
    }

    @Test func theWatchNoticesWhoOpensAFile() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        let watch = try OpenWatch(clip)
        #expect(!watch.wasOpened())

        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        #expect(watch.wasOpened())
    }

    /// A QuickTime file can refer to frames in another file.
    @Test func framesInAnotherFileAreNotRead() async throws {
        let folder = try TemporaryFolder()
        let other = try await Clip.make(folder["other.mov"], size: (64, 48))
        let clip = folder["clip.mov"]
        try ReferenceMovie.make(from: other, at: clip, other: other)
        let watch = try OpenWatch(other)
        _ = try await Program.run("ffprobe", ["-enable_drefs", "1", clip.string])
        try #require(watch.wasOpened(), "the file does not refer to the other one")

        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        #expect(!watch.wasOpened())
    }

    /// Names that mean something to ffmpeg when they are no plain names.
    @Test(arguments: [
        "frame_%03d.mp4", "a:b.mp4", "http:x.mp4", "concat:a.mp4|b.mp4", "pipe:0", "-", "-x.mp4",
        "file:x.mp4", "data:,x.mp4", "subfile,,start,0,end,9,,:x.mp4",
    ])
    func namesAreJustNames(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["plain.mp4"], size: (64, 48))
        rename(clip.string, folder[name].string)

        let result = try await Program.run8cut(
            ["masks", "saliency", "--input=\(name)", "--output", "out"],
            in: folder.path
        )

        #expect(result.status == 0, "\(result.errors)")
        #expect(try MaskSet(folder["out"]).names.count == 24)
        #expect(try MaskSet(folder["out"]).manifest.input.name == name)
    }
}
