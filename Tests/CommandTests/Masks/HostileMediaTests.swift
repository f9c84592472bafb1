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

    /// ffmpeg warns of such a rotation without ending its line, so that the time base follows it.
    @Test func aRotationThatIsNoQuarterTurnChangesNoTime() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48), rate: 10)
        var bytes = try MaskSet.bytes(of: clip)
        let box = try #require(bytes.firstRange(of: Array("tkhd".utf8))?.lowerBound)
        let matrix: [Int32] = [0xb504, 0xb504, 0, -0xb504, 0xb504, 0, 0, 0, 0x4000_0000]
        bytes.replaceSubrange(
            box + 44..<box + 80,
            with: matrix.flatMap { value in withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        )
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: clip) }

        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        #expect(result.status == 0, "\(result.errors)")
        let times = try MaskSet(folder["clip_masks"]).manifest.frames.map(\.time)
        for (index, time) in times.enumerated() {
            #expect(abs((time ?? -1) - Double(index) / 10) < 0.001)
        }
    }

    /// A small file whose frames are large.
    @Test func framesOfTooManyPixelsAreRefused() async throws {
        let folder = try TemporaryFolder()
        let clip = folder["clip.mkv"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "color=black:size=9000x8000:duration=0.04:rate=25", "-c:v", "png",
            "-pix_fmt", "gray", clip.string,
        ])
        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("pixels"), "\(result.errors)")
    }

    @Test func aFileOfTooManyStreamsIsRefused() async throws {
        let folder = try TemporaryFolder()
        let clip = folder["clip.mkv"]
        let maps = (0..<130).flatMap { _ in ["-map", "0"] }
        try await Program.ffmpeg(
            ["-f", "lavfi", "-i", "color=black:size=16x16:duration=0.04:rate=25"] + maps
                + ["-c:v", "mpeg4", clip.string]
        )
        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("128 streams"), "\(result.errors)")
    }

    /// Nothing is asked of ffprobe but what is needed.
    @Test func metadataThatIsLargeIsNoDamage() async throws {
        let folder = try TemporaryFolder()
        let plain = try await Clip.make(folder["plain.mp4"], size: (64, 48), seconds: 0.2)
        // FFmpeg itself refuses a text of more than 16 MiB in a Matroska file.
        let text = String(repeating: "x", count: 10_000_000)
        try AtomicFile.write(
            ";FFMETADATA1\ntitle=\(text)\ncomment=\(text)\n",
            to: folder["title.txt"]
        )
        let clip = folder["clip.mkv"]
        try await Program.ffmpeg([
            "-i", plain.string, "-i", folder["title.txt"].string, "-map", "0", "-map_metadata", "1",
            "-c", "copy", clip.string,
        ])
        let result = try await Program.run8cut(["masks", "saliency", "-i", clip.string])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["images/frame_0001.png", "images/frame_0003.png", "images.wav"]
    )
    func aPipeInASequenceOfImagesIsNotWaitedFor(_ name: String) async throws {
        let folder = try TemporaryFolder()
        mkdir(folder["images"].string, 0o777)
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", Clip.source(size: (64, 48), seconds: 0.2),
            folder["images"].appending("frame_%04d.png").string,
        ])
        unlink(folder[name].string)
        mkfifo(folder[name].string, 0o600)
        let result = try await Program.run8cut(["masks", "saliency", "-i", folder["images"].string])
        #expect(result.status == 65, "\(result.errors)")
    }
}
