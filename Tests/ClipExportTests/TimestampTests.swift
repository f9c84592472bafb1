import Files
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Videos whose timestamps wrap, jump, repeat, begin anywhere, or are of frames that cannot be
/// decoded: a time and a number lead to the frame that masks have.
@Suite(.serialized) struct TimestampTests {
    private static let mp2 = ["-c:a", "mp2", "-b:a", "128k"]

    /// The times of the frames in the manifest of a video's masks.
    private func maskTimes(_ video: FilePath, _ bench: ExportBench) async throws -> [Double] {
        let masks = FilePath(video.string + "_masks")
        let result = try await bench.run([
            "masks", "saliency", "-q", "-i", video.string, "-o", masks.string,
        ])
        try #require(result.status == 0 || result.status == 3, "\(result.errors)")
        return try MaskSet(masks).manifest.frames.compactMap(\.time)
    }

    private func first(
        _ video: FilePath,
        _ bench: ExportBench,
        _ start: String,
        _ options: [String] = []
    ) async throws -> [Int] {
        let count = ((try? bench.names) ?? []).count + 1
        let file = "clip_00\(count).mp4"
        return try await bench.cut(
            video,
            start,
            ["--duration", "0.4"] + options,
            audioStream: nil,
            file: file
        ).numbers
    }

    @Test func aClockThatWrapsGoesOn() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video.ts"],
            frames: 200,
            seconds: 8,
            sound: Self.mp2,
            options: ["-output_ts_offset", "95439.7", "-muxdelay", "0"]
        )
        #expect(try await first(video, bench, "0") == Array(0..<10))
        // Before, across and after the wrap.
        for start in ["1", "3.9", "6"] {
            let frame = Int((Double(start) ?? 0) * 25 + 0.001)
            let numbers = try await first(video, bench, start)
            #expect([frame, frame - 1].contains(try #require(numbers.first)), "\(start)")
            #expect(numbers == Array(numbers[0]..<numbers[0] + 10))
        }
        #expect(try await first(video, bench, "@90") == Array(90..<100))
        let times = try await maskTimes(video, bench)
        #expect(times.count == 200 && times == times.sorted() && times[0] >= 0 && times[0] < 0.1)
        #expect(try await first(video, bench, "\(times[150])").first == 150)
    }

    @Test(arguments: ["ts", "mkv", "mp4"])
    func timesOfMasksLeadToTheirFrames(ending: String) async throws {
        let bench = try ExportBench()
        let plain = try await CounterClip.make(
            bench.folder["plain.mp4"],
            rate: "30000/1001",
            frames: 90,
            seconds: 4
        )
        // The audio begins 0.8 s before the video.
        let video = bench.folder["video." + ending]
        try await Program.ffmpeg([
            "-itsoffset", "0.8", "-i", plain.string, "-i", plain.string, "-map", "0:v", "-map",
            "1:a", "-c:v", "copy", "-c:a", "mp2", video.string,
        ])
        let times = try await maskTimes(video, bench)
        #expect(times.count == 90)
        #expect(abs(times[0] - 0.83) < 0.06, "\(times[0])")
        for frame in [1, 50] {
            #expect(try await first(video, bench, "\(times[frame])").first == frame)
        }
        let early = try await bench.export(video, "0.1", ["--duration", "0.4"])
        #expect(early.status == 0 && early.errors.contains("the first frame"), "\(early.errors)")
    }

    @Test func joinedStreamsAreCutByTheirFrames() async throws {
        let bench = try ExportBench()
        let plain = try await CounterClip.make(bench.folder["plain.mp4"], frames: 200, seconds: 8)
        let (one, two) = (bench.folder["1.ts"], bench.folder["2.ts"])
        try await Program.ffmpeg(["-t", "4", "-i", plain.string, "-c", "copy", one.string])
        try await Program.ffmpeg(["-ss", "4", "-i", plain.string, "-c", "copy", two.string])
        let video = bench.folder["video.ts"]
        let bytes = try MaskSet.bytes(of: one) + MaskSet.bytes(of: two)
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: video) }
        let frames = try await DecodedClip(video, audioStream: nil).numbers
        let times = try await maskTimes(video, bench)
        #expect(times.count == frames.count)
        for frame in [20, 150] {
            #expect(
                try await first(video, bench, "@\(frame)") == Array(frames[frame..<frame + 10])
            )
            #expect(try await first(video, bench, "\(times[frame])").first == frames[frame])
        }
        // Across the place where they are joined.
        let join = try #require(frames.indices.dropFirst().first { frames[$0] < frames[$0 - 1] })
        #expect(
            try await first(video, bench, "@\(join - 5)") == Array(frames[join - 5..<join + 5])
        )
        // A list of several clips decodes once, and is as exact.
        let list = bench.folder["list.csv"]
        try AtomicFile.write("start\n@20\n@150\n\(times[100])\n", to: list)
        let result = try await bench.run([
            "export", "--list", list.string, "-i", video.string, "--to", bench.clips.string,
            "--name", "list", "--duration", "0.4", "--preset", "ultrafast",
        ])
        #expect(result.status == 0, "\(result.errors)")
        for (number, frame) in [20, 150, 100].enumerated() {
            let clip = try await DecodedClip(bench.clips.appending("list_00\(number + 1).mp4"))
            #expect(clip.numbers == Array(frames[frame..<frame + 10]))
            #expect(clip.samples.count >= 19_200)
        }
    }

    @Test func packetsThatCannotBeDecodedDoNotCount() async throws {
        let bench = try ExportBench()
        let whole = try await CounterClip.make(
            bench.folder["whole.ts"],
            frames: 200,
            seconds: 8,
            encoding: CounterClip.x264 + ["-g", "50"],
            sound: Self.mp2
        )
        let packets = try MaskSet.bytes(of: whole)
        let video = bench.folder["video.ts"]
        // A recording that begins between two keyframes.
        try packets[(188 * (packets.count / 188 / 20))...].withUnsafeBytes {
            try AtomicFile.write($0, to: video)
        }
        let frames = try await DecodedClip(video, audioStream: nil).numbers
        #expect(frames.first == 50)
        for frame in [0, 10, 50] {
            #expect(
                try await first(video, bench, "@\(frame)") == Array(frames[frame..<frame + 10])
            )
        }
        let times = try await maskTimes(video, bench)
        #expect(try await first(video, bench, "\(times[33])").first == frames[33])
    }

    @Test func ticksAsLongAsAFrameAreExact() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video.avi"],
            frames: 60,
            seconds: nil,
            encoding: ["-c:v", "mpeg4", "-q:v", "2"]
        )
        #expect(
            try await first(video, bench, "1", ["--fps", "30"])
                == [25, 25, 26, 27, 28, 29, 30, 30, 31, 32, 33, 34]
        )
        #expect(
            try await first(video, bench, "1", ["--fps", "50"]) == (0..<20).map { 25 + $0 / 2 }
        )
        // A screen recording: frames only where something moves.
        for scale in ["25", "90000"] {
            let recording = try await CounterClip.make(
                bench.folder["gaps\(scale).mp4"],
                frames: 250,
                seconds: nil,
                filter: "select='lt(mod(n,100),40)+not(mod(n,7))'",
                options: ["-video_track_timescale", scale]
            )
            let clip = try await first(recording, bench, "1")
            #expect(clip == [25, 26, 28, 30, 31, 33], "\(scale)")
        }
    }

    @Test func framesWithEqualTimesAreCounted() async throws {
        let bench = try ExportBench()
        // Two frames in every millisecond of Matroska's times.
        let video = try await CounterClip.make(
            bench.folder["video.mkv"],
            rate: "2000",
            frames: 300,
            seconds: nil
        )
        let clip = try await bench.cut(video, "@100", ["--duration", "0.01"], audioStream: nil)
        #expect(clip.numbers == Array(100..<120))
    }

    @Test func theLastStartHasNoAddedMicrosecond() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(bench.folder["video.mp4"], frames: 50, seconds: 2)
        let refused = try await bench.export(video, "1.5", ["--duration", "1"])
        #expect(refused.status == 65)
        #expect(refused.errors.contains("start that works is 0:01,"), "\(refused.errors)")
        #expect(try await bench.cut(video, "0:01", ["--duration", "1"]).numbers == Array(25..<50))
        let beyond = try await bench.export(video, "5", ["--allow-short"])
        #expect(beyond.status == 65)
        #expect(beyond.errors.contains("the start is after the end of the video at 0:02"))
        #expect(!beyond.errors.contains("--allow-short"), "\(beyond.errors)")
    }
}
