import SystemPackage
import TestSupport
import Testing

/// Sources whose timestamps and frames do not begin simply.
@Suite(.serialized) struct SourceKindTests {
    private static let sampleRate = CounterClip.sampleRate

    /// Cuts three seconds out of a video of 25 fps and checks them.
    private func expectExact(
        _ video: FilePath,
        _ bench: ExportBench,
        start: String,
        first: Int,
        audioOffset: Int = 0,
        within tolerance: Int = 0,
        options: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let source = try await DecodedClip(video)
        let file = "clip_00\(((try? bench.names) ?? []).count + 1).mp4"
        let clip = try await bench.cut(video, start, ["--duration", "3"] + options, file: file)
        #expect(clip.numbers == Array(first..<first + 75), sourceLocation: sourceLocation)
        expectAudio(
            clip,
            of: source,
            from: first * Self.sampleRate / 25 + audioOffset,
            count: 3 * Self.sampleRate,
            within: tolerance,
            sourceLocation: sourceLocation
        )
    }

    @Test(arguments: ["mp4", "mov", "mkv", "ts", "nut"])
    func containers(ending: String) async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video." + ending],
            frames: 250,
            seconds: 10
        )
        // An encoder's run-up makes some of these begin a little late; what counts is what the
        // decoder says goes with what.
        let source = try await DecodedClip(video)
        #expect(source.numbers.count == 250)
        let clip = try await bench.cut(video, "@100", ["--duration", "3"])
        #expect(clip.numbers == Array(100..<175))
        let place = try #require(clip.find(0, near: 100 * Self.sampleRate / 25, in: source))
        #expect(abs(place - 100 * Self.sampleRate / 25) < 1100, "\(place - 192_000)")
        #expect(clip.samples.count >= 3 * Self.sampleRate)
    }

    @Test(arguments: ["avi", "flv", "264", "mpg"])
    func containersThatTellTimesBadly(ending: String) async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video." + ending],
            frames: 250,
            seconds: ending == "264" ? nil : 10,
            encoding: ending == "mpg" ? ["-c:v", "mpeg2video", "-q:v", "2"] : CounterClip.x264,
            sound: ending == "mpg" ? ["-c:a", "mp2"] : ["-c:a", "aac", "-ar", "44100"]
        )
        let clip = try await bench.cut(
            video,
            "@100",
            ["--duration", "3"],
            audioStream: ending == "264" ? nil : 0
        )
        #expect(clip.numbers == Array(100..<175))
    }

    @Test func anOffsetStartCountsFromTheStart() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video.ts"],
            frames: 250,
            seconds: 10,
            sound: ["-c:a", "mp2", "-b:a", "256k"],
            options: ["-output_ts_offset", "3600"]
        )
        let source = try await DecodedClip(video)
        let clip = try await bench.cut(video, "@120", ["--duration", "3"])
        #expect(clip.numbers == Array(120..<195))
        let place = try #require(clip.find(0, near: 120 * 1920, in: source))
        #expect(abs(place - 120 * 1920) < 1500)
        // The first second of the file, not of its timestamps.
        let second = try await bench.cut(video, "1.02", ["--duration", "3"], file: "clip_002.mp4")
        #expect((23...26).contains(try #require(second.numbers.first)))
        #expect(second.numbers.count == 75)
    }

    @Test func videoThatBeginsLaterThanTheAudio() async throws {
        let bench = try ExportBench()
        let plain = try await CounterClip.make(bench.folder["a.mp4"], frames: 200, seconds: 8)
        let video = bench.folder["video.mp4"]
        try await Program.ffmpeg([
            "-itsoffset", "0.5", "-i", plain.string, "-i", plain.string, "-map", "0:v", "-map",
            "1:a", "-c", "copy", video.string,
        ])
        // At 1 s frame 12 is shown: 0.48 s after the first, which is shown at 0.5 s.
        try await expectExact(video, bench, start: "1", first: 12, audioOffset: 24_000)
        // Before there is a frame, the first one counts.
        try await expectExact(video, bench, start: "0.2", first: 0, audioOffset: 24_000)
    }

    @Test func audioThatBeginsLaterThanTheVideo() async throws {
        let bench = try ExportBench()
        let plain = try await CounterClip.make(bench.folder["a.mp4"], frames: 250, seconds: 8)
        let video = bench.folder["video.mp4"]
        try await Program.ffmpeg([
            "-i", plain.string, "-itsoffset", "1.5", "-i", plain.string, "-map", "0:v", "-map",
            "1:a", "-c", "copy", video.string,
        ])
        let source = try await DecodedClip(plain)
        let clip = try await bench.cut(video, "1", ["--duration", "3"])
        #expect(clip.numbers == Array(25..<100))
        // Half a second of silence comes first.
        #expect(clip.samples[0..<22_000].allSatisfy { abs(Int($0)) < 40 })
        #expect(try abs(#require(clip.find(26_000, near: 2000, in: source)) - 2000) <= 60)
    }

    @Test func editListsThatCutTheBeginningAway() async throws {
        let bench = try ExportBench()
        let plain = try await CounterClip.make(bench.folder["a.mp4"], frames: 300, seconds: 12)
        let video = bench.folder["video.mp4"]
        // A copy from 1.5 s begins at the keyframe before, and hides what is too early.
        try await Program.ffmpeg(["-ss", "1.5", "-i", plain.string, "-c", "copy", video.string])
        let source = try await DecodedClip(video)
        let begin = try #require(source.numbers.first)
        let clip = try await bench.cut(video, "@50", ["--duration", "3"])
        #expect(clip.numbers == Array(begin + 50..<begin + 125))
        expectAudio(clip, of: source, from: 50 * 1920, count: 144_000)
    }

    @Test(arguments: ["mp4", "ts", "mkv"])
    func openGOPs(ending: String) async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video." + ending],
            frames: 300,
            seconds: nil,
            encoding: [
                "-c:v", "libx264", "-preset", "fast", "-bf", "3", "-crf", "18", "-pix_fmt",
                "yuv420p", "-x264-params", "keyint=30:min-keyint=30:open-gop=1:scenecut=0",
            ]
        )
        // Around a keyframe: the frames before it refer to it.
        for (number, frame) in [89, 90, 91, 118, 150].enumerated() {
            let clip = try await bench.cut(
                video,
                "@\(frame)",
                ["--duration", "2"],
                audioStream: nil,
                file: "clip_00\(number + 1).mp4"
            )
            #expect(clip.numbers == Array(frame..<frame + 50), "from \(frame)")
        }
    }

    @Test func severalAudioStreams() async throws {
        let bench = try ExportBench()
        let plain = try await CounterClip.make(bench.folder["a.mp4"], frames: 150, seconds: 6)
        let video = bench.folder["video.mp4"]
        try await Program.ffmpeg([
            "-i", plain.string, "-f", "lavfi", "-i", "sine=frequency=300:duration=6", "-map", "0:v",
            "-map", "1:a", "-map", "0:a", "-c:v", "copy", "-c:a", "aac", "-disposition:a:0", "0",
            "-disposition:a:1", "default", video.string,
        ])
        let source = try await DecodedClip(video, audioStream: 1)
        let clip = try await bench.cut(video, "1", ["--duration", "3"])
        expectAudio(clip, of: source, from: 48_000, count: 144_000)

        let first = try await bench.cut(
            video,
            "1",
            ["--duration", "3", "--audio-stream", "0"],
            file: "clip_002.mp4"
        )
        #expect(first.find(0, near: 48_000, in: source) == nil)
        let third = try await bench.export(video, "1", ["--duration", "3", "--audio-stream", "2"])
        #expect(third.status == 64)
        #expect(third.errors.contains("it has 2 audio streams, counted from 0"))
    }

    @Test func noAudio() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(bench.folder["video.mp4"], frames: 150, seconds: nil)
        let clip = try await bench.cut(video, "1", ["--duration", "3"], audioStream: nil)
        #expect(clip.numbers == Array(25..<100))
        let streams = try await Program.run(
            "ffprobe",
            ["-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0"]
                + [bench.clips.appending("clip_001.mp4").string]
        )
        #expect(streams.lines == ["video"])
    }
}
