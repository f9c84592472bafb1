import SystemPackage
import TestSupport
import Testing

/// Clips of videos with a constant rate: the first and last frame and sample are the right ones.
@Suite(.serialized) struct ConstantRateTests {
    struct Rate: Sendable, CustomTestStringConvertible {
        let numerator: Int
        let denominator: Int
        var text: String { "\(numerator)/\(denominator)" }
        var testDescription: String { text }

        /// ceil(seconds × rate).
        func frames(_ seconds: Int) -> Int {
            (seconds * numerator + denominator - 1) / denominator
        }

        /// The sample that is heard with a frame, to the nearest.
        func sample(_ frame: Int) -> Int {
            (frame * denominator * CounterClip.sampleRate * 2 + numerator) / (2 * numerator)
        }
    }

    static let rates = [
        Rate(numerator: 24000, denominator: 1001), Rate(numerator: 25, denominator: 1),
        Rate(numerator: 30000, denominator: 1001), Rate(numerator: 30, denominator: 1),
        Rate(numerator: 50, denominator: 1), Rate(numerator: 60000, denominator: 1001),
        Rate(numerator: 60, denominator: 1),
    ]

    @Test(arguments: rates)
    func eightSecondsHaveAllFramesAndSamples(rate: Rate) async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video.mp4"],
            rate: rate.text,
            frames: rate.frames(12),
            seconds: 12.5
        )
        let source = try await DecodedClip(video)
        #expect(source.numbers == Array(0..<rate.frames(12)))

        // Between two frames, just before one, and on one.
        let starts: [(String, Int)] = [
            ("1.7", rate.frames(17) / 10), ("@41", 41), ("0", 0), ("2.99999", rate.frames(3) - 1),
        ]
        for (number, (start, guess)) in starts.enumerated() {
            let file = "clip_00\(number + 1).mp4"
            let clip = try await bench.cut(video, start, file: file)
            let first = start == "1.7" ? 17 * rate.numerator / (10 * rate.denominator) : guess
            let count = rate.frames(8)
            #expect(clip.numbers == Array(first..<first + count), "from \(start)")
            let samples =
                (count * rate.denominator * CounterClip.sampleRate + rate.numerator - 1)
                / rate.numerator
            expectAudio(clip, of: source, from: rate.sample(first), count: samples)
        }
    }

    @Test func pcmIsSampleForSampleThatOfTheSource() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video.mkv"],
            rate: "30000/1001",
            frames: 200,
            seconds: 7,
            sound: ["-c:a", "pcm_s16le"]
        )
        let source = try await DecodedClip(video)

        let clip = try await bench.cut(
            video,
            "1.5",
            ["--duration", "3", "--audio", "pcm"],
            file: "clip_001.mkv"
        )

        #expect(clip.numbers == Array(44..<134))
        // 90 frames last 144,144 samples. Matroska's times are rounded to milliseconds.
        #expect(clip.samples.count == 144_144)
        let start = try #require(clip.find(0, near: 70_470, in: source))
        #expect(abs(start - 70_470) <= 24)
        #expect(clip.samples == Array(source.samples[start..<start + 144_144]))
    }

    @Test func theLastStartThatWorksIsToldAndWorks() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video.mp4"],
            rate: "30000/1001",
            frames: 300,
            seconds: 10.01
        )

        let refused = try await bench.export(video, "2.1")
        #expect(refused.status == 65)
        #expect(refused.errors.contains("end of the video at 0:10.01"), "\(refused.errors)")
        let start = try #require(
            refused.errors.firstMatch(of: /last start that works is ([\d:.]+)/)
        )
        let clip = try await bench.cut(video, String(start.1))
        #expect(clip.numbers == Array(60..<300))

        let short = try await bench.cut(video, "9.5", ["--allow-short"], file: "clip_002.mp4")
        #expect(short.numbers == Array(284..<300))
        let beyond = try await bench.export(video, "11", ["--allow-short"])
        #expect(beyond.status == 65)
        #expect(try bench.names == ["clip_001.mp4", "clip_002.mp4"])
    }
}
