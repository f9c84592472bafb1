import SystemPackage
import TestSupport
import Testing

/// Sources whose frames are not equally spaced become constant at their average rate.
@Suite(.serialized) struct VariableRateTests {
    /// Timestamps in milliseconds of a video of 50, 10 and 25 fps.
    private static let times: [Int] =
        (0..<100).map { $0 * 20 } + (0..<30).map { 2000 + $0 * 100 }
        + (0..<100).map { 5000 + $0 * 40 }

    private static let filter =
        "settb=1/1000,setpts='if(lt(N,100),N*20,if(lt(N,130),2000+(N-100)*100,5000+(N-130)*40))'"

    @Test(arguments: ["mkv", "mp4"])
    func eachFrameIsTheOneThatTheSourceShows(ending: String) async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video." + ending],
            rate: "25",
            frames: 230,
            seconds: 9,
            filter: Self.filter
        )
        let source = try await DecodedClip(video)
        #expect(source.numbers == Array(0..<230))
        let average = try await averageRate(video)

        for (number, start) in [1.99, 4.55, 0.013].enumerated() {
            let clip = try await bench.cut(
                video,
                "\(start)",
                ["--duration", "4"],
                file: "clip_00\(number + 1).mp4"
            )
            // Matroska files made by ffmpeg can begin some milliseconds late, by the audio's
            // run-up.
            let late = ending == "mkv" ? try await startTime(video) : 0
            let first = Self.times.lastIndex { Double($0) / 1000 + late <= start + 1e-6 } ?? 0
            let count = Int((4 * average).rounded(.up))
            #expect(clip.numbers.count == count)
            #expect(clip.numbers.first == first)
            var wrong = 0
            for (place, frame) in clip.numbers.enumerated() {
                let time = Double(Self.times[first]) + Double(place) / average * 1000
                let shown = { (slack: Double) in
                    Self.times.lastIndex { Double($0) <= time + slack } ?? 0
                }
                // One millisecond is the step of Matroska's times.
                if !(shown(-1.1)...shown(1.1)).contains(frame) { wrong += 1 }
            }
            #expect(wrong == 0)
            let place = Self.times[first] * 48
            let heard = try #require(clip.find(0, near: place, in: source))
            #expect(abs(heard - place) < 1200)
            #expect(clip.samples.count >= Int((Double(count) / average * 48_000).rounded(.up)))
        }
    }

    @Test func timesThatJitterLoseNoFrame() async throws {
        let bench = try ExportBench()
        // A phone's 30 fps, each up to 7 ms early or late.
        let video = try await CounterClip.make(
            bench.folder["video.mp4"],
            rate: "30",
            frames: 300,
            seconds: 10,
            filter: "settb=1/90000,setpts='N*3000+mod(N*7919,1260)-630*gt(N,0)'"
        )
        let clip = try await bench.cut(video, "@33", ["--duration", "6"])
        #expect(clip.numbers == Array(33..<33 + clip.numbers.count))
        #expect((180...181).contains(clip.numbers.count))
    }

    @Test func anotherRateTakesWhatIsShown() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video.mp4"],
            rate: "60",
            frames: 360,
            seconds: 6
        )
        let clip = try await bench.cut(video, "1", ["--duration", "2", "--fps", "25"])
        #expect(clip.numbers == (0..<50).map { 60 + $0 * 60 / 25 })
        let slow = try await bench.cut(
            video,
            "1",
            ["--duration", "1", "--fps", "120"],
            file: "clip_002.mp4"
        )
        #expect(slow.numbers == (0..<120).map { 60 + $0 / 2 })
    }

    private func averageRate(_ video: FilePath) async throws -> Double {
        let text = try await probe(video, "stream=avg_frame_rate", ["-select_streams", "v"])
        let parts = text.split(separator: "/").compactMap { Double($0) }
        return try #require(parts.first) / (try #require(parts.last))
    }

    private func startTime(_ video: FilePath) async throws -> Double {
        try #require(
            Double(try await probe(video, "stream=start_time", ["-select_streams", "v"]))
        )
    }

    private func probe(_ video: FilePath, _ entry: String, _ more: [String]) async throws -> String
    {
        let result = try await Program.run(
            "ffprobe",
            ["-v", "error"] + more + ["-show_entries", entry, "-of", "csv=p=0", video.string]
        )
        return result.lines.first ?? ""
    }
}
