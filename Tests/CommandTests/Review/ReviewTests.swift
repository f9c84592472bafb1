import Files
import FoundationEssentials
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// `8cut review --html`. What the page does in a browser is tested in Tests/PageTests.
@Suite struct ReviewTests {
    private struct Page: Decodable {
        struct Clip: Decodable {
            let clip: Int64
            let path: String
            let masksDigest: String
            let draw: String
            let label: String?
            let video: String
            let poster: String
        }

        let reviewer: String
        let clips: [Clip]
    }

    /// Three clips of a library of their own: the first two have masks.
    private struct Clips {
        let folder: TemporaryFolder

        init() async throws {
            folder = try TemporaryFolder()
            try await MadeMedia.write(
                folder["source.mp4"],
                [
                    "-f", "lavfi", "-i", Clip.source(seconds: 4), "-f", "lavfi", "-i",
                    "sine=440:duration=4", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt",
                    "yuv420p", "-c:a", "aac",
                ]
            )
            for start in 0..<3 {
                try await succeed([
                    "export", "-i", "source.mp4", "-s", "\(start)", "--duration", "1", "--to",
                    "clips", "--name", "disc", "--label", "</script> כלב",
                ])
            }
            for clip in 1...2 { try await succeed(["masks", "saliency", "--clip", "\(clip)"]) }
        }

        subscript(_ name: String) -> FilePath { folder["clips"].appending(name) }

        func run8cut(
            _ arguments: [String],
            in place: FilePath? = nil,
            whileRunning: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
        ) async throws -> ProgramResult {
            try await Program.run8cut(
                arguments,
                environment: ["EIGHTCUT_HOME": folder["home"].string],
                in: place ?? folder.path,
                whileRunning: whileRunning
            )
        }

        func succeed(_ arguments: [String]) async throws {
            let result = try await run8cut(arguments)
            #expect(result.status == 0, "\(arguments): \(result.errors)")
        }
    }

    /// Those that no test changes.
    private static let shared = Task { try await Clips() }

    private let folder: TemporaryFolder
    private var page: FilePath { folder["page"] }
    private var overlays: FilePath { page.appending("clips") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func review(
        _ more: [String] = [],
        of clips: Clips? = nil,
        whileRunning: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        let shared = try await Self.shared.value
        return try await (clips ?? shared).run8cut(
            ["review", "--html", "page"] + more,
            in: folder.path,
            whileRunning: whileRunning
        )
    }

    private func text(_ path: FilePath) throws -> String {
        String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
    }

    private func shown() throws -> Page {
        let html = try text(page.appending("index.html"))
        let start = try #require(html.firstRange(of: "id=\"data\">")).upperBound
        let end = try #require(html[start...].firstRange(of: "</script>")).lowerBound
        return try JSONDecoder().decode(Page.self, from: Data(html[start..<end].utf8))
    }

    /// The files of a folder with what changes when one is written again.
    private func files(_ path: FilePath) throws -> [String: Int] {
        try Folder.names(in: path).reduce(into: [:]) {
            $0[$1] = FileStatus(following: path.appending($1))?.changed
        }
    }

    private func probe(_ path: FilePath) async throws -> [String] {
        try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-show_entries", "stream=codec_name,width,height,pix_fmt", "-of",
                "csv=p=0", path.string,
            ]
        ).lines
    }

    @Test func thePageHasEachClipWithMasks() async throws {
        let clips = try await Self.shared.value
        let result = try await review(["--reviewer", "maria", "--width", "160"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("left out: 1 clip without masks"))
        #expect(result.lines.last?.hasPrefix("2 clips on the page, 2 overlays made") == true)
        let page = try shown()
        #expect(page.reviewer == "maria" && Set(page.clips.map(\.clip)) == [1, 2])
        #expect(page.clips.allSatisfy { $0.label == "</script> כלב" && $0.draw == "worst" })
        for clip in page.clips {
            #expect(clip.path == clips["disc_00\(clip.clip).mp4"].string)
            let video = self.page.appending(clip.video)
            #expect(try await probe(video) == ["h264,160,90,yuv420p", "aac"])
            #expect(
                try await probe(self.page.appending(clip.poster)).first?.hasPrefix("mjpeg,160,90")
                    == true
            )
            #expect(try await Clip.frameCount(video) == 24)
            // What plays before it is loaded has its index first.
            let bytes = try MaskSet.bytes(of: video)
            let (index, content) = (
                bytes.firstRange(of: "moov".utf8), bytes.firstRange(of: "mdat".utf8)
            )
            #expect(try #require(index).lowerBound < (try #require(content)).lowerBound)
        }
        #expect(try files(overlays).count == 4)
    }

    @Test func nothingIsMadeTwice() async throws {
        #expect(try await review().status == 0)
        let (before, page) = (try files(overlays), try text(self.page.appending("index.html")))
        let again = try await review()
        #expect(again.status == 0 && again.lines.last?.contains("0 overlays made") == true)
        #expect(try files(overlays) == before)
        let name = try #require(page.firstMatch(of: /name="page" content="\w{16}"/))
        #expect(try text(self.page.appending("index.html")).contains(name.0))

        // A poster that lacks, and an overlay that is not ours any more.
        let lost = try #require(before.keys.first { $0.hasSuffix(".jpg") })
        unlink(overlays.appending(lost).string)
        #expect(try await review().status == 0)
        let after = try files(overlays)
        #expect(
            after[lost] != nil
                && after.filter { $0.key != lost } == before.filter { $0.key != lost }
        )
    }

    @Test func whatNoPageNeedsGoesAndOthersFilesStay() async throws {
        #expect(try await review().status == 0)
        let others = ["notes.txt", "1-0123456789ab-320.mp4"]
        for other in others { try AtomicFile.write("mine", to: overlays.appending(other)) }
        #expect(try await review(["--limit", "1"]).status == 0)
        let names = try Folder.names(in: overlays)
        #expect(names.count == 4 && Set(others).isSubset(of: names))
        for clip in try shown().clips {
            #expect(try Folder.kind(of: page.appending(clip.video)) == .file)
        }
    }

    @Test func newMasksHaveANewOverlay() async throws {
        let clips = try await Clips()
        #expect(try await review(of: clips).status == 0)
        let before = try shown()
        try await clips.succeed(["masks", "saliency", "--clip", "2", "--overwrite", "--invert"])
        let again = try await review(of: clips)
        #expect(again.status == 0 && again.lines.last?.contains("1 overlay made") == true)
        let after = try shown()
        for (clip, isSame) in [(1, true), (2, false)] {
            let old = try #require(before.clips.first { $0.clip == clip })
            let new = try #require(after.clips.first { $0.clip == clip })
            #expect((old.masksDigest == new.masksDigest) == isSame)
            #expect((try Folder.kind(of: page.appending(old.video)) == .file) == isSame)
        }
    }

    @Test func aPageOfOthersIsRefused() async throws {
        try Folder.create(page)
        try AtomicFile.write("<html>mine</html>", to: page.appending("index.html"))
        let result = try await review()
        #expect(result.status == 73)
        #expect(result.errors.contains("there is a page that 8cut did not make"))
        #expect(result.errors.contains("--html"), "\(result.errors)")
        #expect(try text(page.appending("index.html")) == "<html>mine</html>")
        #expect(try Folder.names(in: page) == ["index.html"])
    }

    @Test func clipsThatCannotBeShownAreNamed() async throws {
        let clips = try await Clips()
        unlink(clips["disc_001.mp4"].string)
        let lost = try await review(["--quiet"], of: clips)
        #expect(lost.status == 65 && lost.errors.contains("clip 1 is left out"), "\(lost.errors)")
        #expect(try shown().clips.map(\.clip) == [2])

        try AtomicFile.write("no image", to: clips["disc_002_masks/frame_0007.png"])
        let other = try await review(["--width", "64"], of: clips)
        #expect(other.status == 65 && other.errors.contains("frame_0007.png"), "\(other.errors)")
        #expect(try Folder.names(in: overlays) == [])
    }

    @Test func aSignalStopsSoonAndKeepsWhatIsFinished() async throws {
        let overlays = overlays
        let signalled = Moment()
        let result = try await review { process in
            try await eventually("an overlay") {
                try Folder.kind(of: overlays) == .folder
                    && Folder.names(in: overlays).contains {
                        $0.hasSuffix(".jpg") && !$0.hasPrefix(".")
                    }
            }
            signalled.set(.now)
            kill(process, SIGINT)
        }
        let names = try Folder.names(in: overlays)
        // The second clip may have been done before the signal came.
        #expect(result.status == 130 || names.count == 4, "\(result.errors)")
        #expect(try #require(signalled.get()).duration(to: .now) < Program.stopLimit)
        let again = try await review()
        #expect(again.status == 0 && again.lines.last?.contains("2 clips on the page") == true)
        #expect(again.lines.last?.contains("2 overlays made") == false)
    }

    @Test(arguments: [
        ([], "--html"), (["--html", ""], "--html"),
        (["--html", "page", "--width", "10"], "--width"),
        (["--html", "page", "--below", "2"], "--below"),
        (["--html", "page", "--limit", "0"], "--limit"),
        (["--html", "page", "--reviewer", " "], "--reviewer"),
        (["--html", "page", "--verdict", "maybe"], "--verdict"),
    ])
    func optionsAreChecked(arguments: [String], option: String) async throws {
        let result = try await Program.run8cut(
            ["review"] + arguments,
            environment: ["EIGHTCUT_HOME": folder["home"].string],
            in: folder.path
        )
        #expect(result.status == 64 && result.errors.contains(option), "\(result.errors)")
        #expect(try Folder.kind(of: page) == .missing)
    }
}
