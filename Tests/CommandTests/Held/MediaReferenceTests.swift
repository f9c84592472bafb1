import Files
import SystemPackage
import TestSupport
import Testing

/// Files that refer to addresses and to other files, whatever their names are: nothing is opened but
/// the file itself.
@Suite struct MediaReferenceTests {
    /// A file that refers to an address and to another file.
    struct Reference: CustomTestStringConvertible {
        var testDescription: String
        var text: @Sendable (_ address: String, _ other: FilePath) -> String
    }

    private static let references = [
        Reference(testDescription: "playlist") { address, _ in
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://\(address)/a.ts\n#EXT-X-ENDLIST\n"
        },
        Reference(testDescription: "playlist with a key") { address, other in
            "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"http://\(address)/k\"\n#EXTINF:1,\n"
                + "crypto+file:\(other)\n#EXT-X-ENDLIST\n"
        },
        Reference(testDescription: "concat script") { address, other in
            "ffconcat version 1.0\nfile 'tcp://\(address)'\nfile '\(other)'\n"
        },
        Reference(testDescription: "DASH manifest") { address, _ in
            "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\">"
                + "<BaseURL>http://\(address)/</BaseURL><Period><AdaptationSet>"
                + "<Representation id=\"0\" bandwidth=\"1\"><BaseURL>x.mp4</BaseURL>"
                + "</Representation></AdaptationSet></Period></MPD>"
        },
        Reference(testDescription: "drawing") { address, other in
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"48\" "
                + "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><image width=\"64\" height=\"48\" "
                + "xlink:href=\"http://\(address)/x.png\"/><image xlink:href=\"\(other)\"/></svg>"
        },
        Reference(testDescription: "ASX list") { address, other in
            "<asx version=\"3.0\"><entry><ref href=\"http://\(address)/a\"/></entry>"
                + "<entry><ref href=\"file://\(other)\"/></entry></asx>"
        },
        Reference(testDescription: "RealMedia list") { address, _ in "rtsp://\(address)/a.rm\n" },
        Reference(testDescription: "AviSynth script") { _, other in "AviSource(\"\(other)\")\n" },
        Reference(testDescription: "VapourSynth script") { _, other in
            "import vapoursynth\nopen('\(other)').read()\n"
        },
        Reference(testDescription: "VobSub index") { _, _ in
            "# VobSub index file, v7 (do not modify this line!)\nsize: 64x48\nid: en, index: 0\n"
                + "timestamp: 00:00:00:000, filepos: 000000000\n"
        },
        Reference(testDescription: "metadata") { _, other in
            ";FFMETADATA1\ntitle=\(other)\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\n"
        },
        Reference(testDescription: "image list") { _, other in "\(other)\n%d.png\n" },
    ]

    @Test(arguments: references, ["clip.mp4", "clip.m3u8"])
    func nothingElseIsOpened(_ reference: Reference, name: String) async throws {
        let folder = try TemporaryFolder()
        let socket = try ListeningSocket()
        let other = try await Clip.make(folder["other.ts"], size: (64, 48))
        try AtomicFile.write("sub", to: folder["clip.sub"])
        let clip = folder[name]
        try AtomicFile.write(reference.text(socket.address, other), to: clip)
        let watches = try [other, folder["clip.sub"]].map { try OpenWatch($0) }

        for words in [
            ["masks", "saliency", "-i", name, "-o", "masks"],
            [
                "export", "-i", name, "--start", "0", "--duration", "0.5", "--name", "a", "--to",
                "clips",
            ],
        ] {
            let result = try await Program.run8cut(
                words,
                environment: ["EIGHTCUT_HOME": folder["home"].string],
                in: folder.path
            )
            #expect(result.status == 65, "\(words): \(result.errors)")
        }

        #expect(!socket.wasConnected())
        #expect(watches.allSatisfy { !$0.wasOpened() })
    }

    @Test func theSocketNoticesWhoConnects() async throws {
        let socket = try ListeningSocket()
        #expect(!socket.wasConnected())
        _ = try await Program.run(
            "curl",
            ["--silent", "--max-time", "1", "http://\(socket.address)/"]
        )
        #expect(socket.wasConnected())
    }
}
