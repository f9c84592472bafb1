import Files
import FoundationEssentials
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// `8cut masks score`.
@Suite struct ScoreTests {
    private struct Document: Decodable {
        struct Judged: Decodable {
            let score: Double?
            let parts: [String: Double]
        }

        struct Frame: Decodable {
            let frame: Int
            let score: Double
            let parts: [String: Double]
        }

        let v: Int
        let clip: Judged
        let frames: [Frame]
    }

    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        try await Clip.make(folder["clip.mp4"])
    }

    /// The disc of the clip, with its middle moved by a part of the width.
    private func disc(_ frame: Int, moved: Double = 0) -> GrayImage {
        let (width, height) = (320, 180)
        let x = (Double(width) * (0.2 + 0.6 * Double(frame) / 24)).rounded() + moved * 320
        let pixels = (0..<width * height).map { place -> UInt8 in
            let dx = Double(place % width) - x
            let dy = Double(place / width) - 90
            return dx * dx + dy * dy < 1600 ? 255 : 0
        }
        return GrayImage(width: width, height: height, pixels: pixels)
    }

    /// Writes masks as other programs do: 00000.png and so on.
    private func write(
        _ name: String,
        frames: some Sequence<Int> = 0..<24,
        from first: Int = 0,
        _ mask: (Int) -> GrayImage
    ) throws {
        try Folder.create(folder[name])
        for frame in frames {
            let number = "0" + MaskName.of(frame: frame + first).dropFirst("frame_".count)
            try PNG.write(mask(frame), to: folder[name].appending(number))
        }
    }

    private func score(_ masks: String, _ more: [String] = []) async throws -> ProgramResult {
        try await Program.run8cut(
            ["masks", "score", "-i", "clip.mp4", "--masks", masks] + more,
            in: folder.path
        )
    }

    private func document(_ masks: String, status: Int32 = 0) async throws -> Document {
        let result = try await score(masks, ["--json", "--quiet"])
        #expect(result.status == status, "\(result.errors)")
        return try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    }

    @Test func masksOfOtherProgramsAreJudged() async throws {
        try write("right") { disc($0) }
        try write("wrong") { disc($0, moved: 0.15) }
        try write("fromOne", from: 1) { disc($0) }
        let right = try await document("right")
        #expect(right.v == 1 && right.frames.map(\.frame) == Array(0..<24))
        let clip = try #require(right.clip.score)
        let mean = right.frames.map(\.score).reduce(0, +) / 24
        #expect(abs(mean - clip) < 0.002 && clip > 0.7, "\(clip)")
        #expect(right.clip.parts["agreement"] != nil && right.clip.parts["edge"] != nil)
        let wrong = try #require(try await document("wrong").clip.score)
        #expect(wrong < clip - 0.3, "\(wrong) \(clip)")
        #expect(try await document("fromOne").clip.score == clip)
    }

    @Test func masksOfTheBuiltInMethodAreNotComparedWithThemselves() async throws {
        let made = try await Program.run8cut(
            ["masks", "saliency", "-i", "clip.mp4", "-o", "masks"],
            in: folder.path
        )
        #expect(made.status == 0, "\(made.errors)")
        let result = try await document("masks")
        #expect(result.frames.count == 24 && result.clip.parts["agreement"] == nil)
        #expect(try #require(result.clip.score) > 0.5)
        let lines = try await score("masks", ["--quiet"]).lines
        #expect(lines.first == "score \(try #require(result.clip.score))", "\(lines)")
        let worst = try #require(result.frames.map(\.score).min())
        let listed = lines.filter { $0.hasPrefix("frame ") }
        #expect(listed.count == 10 && listed[0].hasSuffix(" score \(worst)"), "\(lines)")
    }

    @Test func emptyMasksCountAsWrong() async throws {
        try write("masks") { $0 < 12 ? disc($0) : disc($0, moved: 9) }
        let result = try await document("masks")
        #expect(result.frames[12...].allSatisfy { $0.score == 0 && $0.parts.isEmpty })
        #expect(result.frames[..<11].allSatisfy { $0.score > 0.4 })
    }

    @Test func whatLacksIsNamedAndTheRestIsJudged() async throws {
        try write("masks", frames: (0..<24).filter { $0 != 7 }) { disc($0) }
        let result = try await score("masks", ["--json"])
        #expect(result.status == 65)
        #expect(result.errors.contains("frame 7 without a mask"), "\(result.errors)")
        #expect(result.lines.count == 1)
        try write("long", frames: 0..<26) { disc($0) }
        let long = try await score("long")
        #expect(long.status == 65 && long.errors.contains("2 masks too many"), "\(long.errors)")
    }

    @Test func masksOfAnotherSizeAreRefused() async throws {
        try write("masks") { _ in
            GrayImage(width: 64, height: 48, pixels: [UInt8](repeating: 255, count: 64 * 48))
        }
        let result = try await score("masks", ["--json"])
        #expect(result.status == 65 && result.output.isEmpty)
        #expect(result.errors.contains("it has 64x48 pixels, the video 320x180"))
    }

    @Test(arguments: [("missing", 66, "there is no such folder"), ("", 64, "--masks")])
    func foldersWithoutMasksAreRefused(name: String, status: Int32, why: String) async throws {
        let result = try await score(name)
        #expect(result.status == status && result.output.isEmpty)
        #expect(result.errors.contains(why), "\(result.errors)")
    }
}
