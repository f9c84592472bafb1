import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// `8cut detect --sound`: which of two discs jerks when something knocks.
@Suite struct DetectSoundTests {
    private let folder: TemporaryFolder
    init() throws {
        folder = try TemporaryFolder()
    }

    private func clip(knocks: [Double]?) async throws -> FilePath {
        try await KnockingClip.make(folder["clip.mp4"], knocks: knocks)
    }

    @Test(arguments: [true, false])
    func theObjectThatMovesWithTheAudioComesFirst(isLeft: Bool) async throws {
        let clip = try await clip(knocks: isLeft ? KnockingClip.left : KnockingClip.right)
        let found = try await DetectRun.candidates(clip, ["--sound"])
        try #require(found.count >= 2)
        #expect((found[0].point[0] < 160) == isLeft, "\(found)")
        #expect(found[0].sounds == "yes" && found.dropFirst().allSatisfy { $0.sounds == "no" })
        let (first, second) = (try #require(found[0].correlation), found[1].correlation ?? 0)
        #expect(first > 0.3 && first - second > 0.15)
        #expect(try #require(found[0].p) < 0.05 && abs(found[0].lag ?? 9) <= 3)
        // The same in a table, and as prompts.
        let prompts = folder["prompts.json"]
        let table = try await DetectRun.run(clip, ["--sound", "-o", prompts.string])
        #expect(table.status == 0 && !table.errors.contains("unsure"), "\(table.errors)")
        #expect(
            table.lines[0].hasSuffix("score   correlation  lag  p       sounds"),
            "\(table.lines)"
        )
        #expect(table.lines[1].hasSuffix(" yes") && table.lines[2].hasSuffix(" no"))
        let point = "[\(Int(found[0].point[0])),\(Int(found[0].point[1]))]"
        let text = String(decoding: try MaskSet.bytes(of: prompts), as: UTF8.self)
        #expect(text.contains(point) || text.contains("\(found[0].point[0])"), "\(text)")
    }

    @Test func withoutAnswerTheOrderStaysAndThereIsAWarning() async throws {
        // Knocks of something else, a single one, and no audio at all.
        let audio: [([Double]?, String)] = [
            ([1.1, 2.5, 3.1, 4.4, 5.1, 6.1, 7.5], "follows it"), ([4], "a single onset"),
            (nil, "the video has none"),
        ]
        for (knocks, reason) in audio {
            let clip = try await clip(knocks: knocks)
            let plain = try await DetectRun.candidates(clip)
            #expect(plain.allSatisfy { $0.sounds == nil && $0.p == nil })
            let found = try await DetectRun.candidates(clip, ["--sound"])
            #expect(found.map(\.box) == plain.map(\.box))
            #expect(found.allSatisfy { $0.sounds == "unsure" }, "\(found)")
            let table = try await DetectRun.run(clip, ["--sound"])
            #expect(table.status == 0 && table.errors.contains(reason), "\(table.errors)")
        }
    }

    @Test func aLongVideoIsAnErrorBeforeAnyWork() async throws {
        let path = folder["long.mkv"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "color=gray:s=32x32:r=1:d=700", "-c:v", "ffv1", path.string,
        ])
        let result = try await DetectRun.run(path, ["--sound"])
        #expect(result.status == 64 && result.output.isEmpty, "\(result.errors)")
        #expect(result.errors.contains("longer than 10 minutes"))
        #expect(!result.errors.contains("frame "))
    }
}
