import Files
import FoundationEssentials
import ReviewPage
import TestSupport
import Testing

/// The page as a file: what is in it cannot do anything but be shown.
@Suite struct MarkupTests {
    private struct Shown: Decodable {
        struct Clip: Decodable {
            let clip: Int64
            let path: String
            let masksDigest: String
            let draw: String
            let score: Double?
            let name: String
            let label: String?
            let video: String
            let poster: String
        }

        let v: Int
        let reviewer: String
        let clips: [Clip]
    }

    private static let digest = String(repeating: "0123456789abcdef", count: 4)

    private func page(
        label: String? = "dog",
        path: String = "/clips/dog_001.mp4",
        reviewer: String = "maria",
        score: Double? = 0.12349
    ) throws -> String {
        let overlay = try #require(OverlayName(clip: 7, digest: Self.digest, width: 320))
        let clip = PageClip(
            (7, path, label, nil),
            masksDigest: Self.digest,
            score: score,
            draw: .random,
            overlay
        )
        let data = PageData(reviewer: reviewer, clips: [clip])
        return try PageMarkup.html(page: "00ff00ff00ff00ff", data)
    }

    private func part(of html: String, from start: String, to end: String) throws -> String {
        let from = try #require(html.firstRange(of: start)).upperBound
        return String(html[from..<(try #require(html[from...].firstRange(of: end))).lowerBound])
    }

    private func shown(_ html: String) throws -> Shown {
        let text = try part(of: html, from: "id=\"data\">", to: "</script>")
        return try JSONDecoder().decode(Shown.self, from: Data(text.utf8))
    }

    @Test func theDataHasWhatAVerdictIsOn() throws {
        let shown = try shown(page())
        let clip = try #require(shown.clips.first)
        #expect(shown.v == 1 && shown.reviewer == "maria" && shown.clips.count == 1)
        #expect(clip.clip == 7 && clip.path == "/clips/dog_001.mp4" && clip.name == "dog_001")
        #expect(clip.masksDigest == Self.digest && clip.draw == "random" && clip.score == 0.123)
        #expect(clip.video == "clips/7-0123456789ab-320.mp4")
        #expect(clip.poster == "clips/7-0123456789ab-320.jpg")
        #expect(try self.shown(page(score: nil)).clips.first?.score == nil)
    }

    @Test(arguments: [
        "</script><script>alert(1)</script>", "<!--<script>", "\" onload=\"alert(1)", "' & \\ \n",
        "🐕‍🦺 \u{202e}gnikrab\u{202c} כלב", "\u{2028}\u{2029}\u{0}", "${alert(1)}`",
    ])
    func textOfOthersIsNothingButText(text: String) throws {
        let html = try page(label: text, path: "/clips/\(text)_001.mp4", reviewer: text)
        #expect(html.ranges(of: "<script").count == 2 && html.ranges(of: "</script").count == 2)
        #expect(!html.contains("<script>alert") && html.ranges(of: "<!--").isEmpty)
        let shown = try shown(html)
        #expect(shown.clips.first?.label == text && shown.reviewer == text)
        #expect(shown.clips.first?.path == "/clips/\(text)_001.mp4")
    }

    @Test func onlyThePagesOwnScriptMayRun() throws {
        let html = try page()
        let policy = try part(of: html, from: "Content-Security-Policy\" content=\"", to: "\"")
        #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"))
        #expect(!policy.contains("connect-src") && !policy.contains("http"))
        for (name, tag) in [("script-src", "script"), ("style-src", "style")] {
            let digest = Digest()
            var text = try part(of: html, from: "<\(tag)>", to: "</\(tag)>")
            text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
            let stated = try part(of: policy + ";", from: "\(name) 'sha256-", to: "'")
            let bytes = try #require(Data(base64Encoded: stated))
            let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(hex == digest.finish(), "\(name)")
        }
    }

    @Test func nothingIsLoadedFromElsewhere() throws {
        let html = try page()
        for part in ["http:", "https:", "//cdn", "@import", "url(", "<link", " src=\""] {
            #expect(!html.contains(part), "\(part)")
        }
    }

    @Test(arguments: ["", "0123456789a", "../../../../etc/passwd", "0123456789AB", "０１２３４５６７８９ab"])
    func aDigestThatIsNoneNamesNoFile(digest: String) {
        #expect(OverlayName(clip: 1, digest: digest, width: 320) == nil)
    }

    @Test func filesOfOthersAreNotTakenForOverlays() throws {
        let name = try #require(OverlayName(clip: 12, digest: Self.digest, width: 640))
        #expect(OverlayName.isOne(name.video.string) && OverlayName.isOne(name.poster.string))
        for other in [
            "clip.mp4", "12-0123456789ab.mp4", "12-0123456789ab-640.mkv", "-0123456789ab-640.mp4",
            "12-0123456789ab-.mp4", "12-0123456789xy-640.jpg", "1-2-0123456789ab-640.jpg", ".mp4",
        ] {
            #expect(!OverlayName.isOne(other), "\(other)")
        }
    }
}
