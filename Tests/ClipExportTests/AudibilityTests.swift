import SystemPackage
import TestSupport
import Testing

/// Channel layouts of clips, and whether there is anything to hear.
@Suite struct AudibilityTests {
    /// Channel configuration 6, in the order of the source.
    @Test(arguments: [
        ("5.1(side)", "5.1", "11b0"), ("5.0(side)", "5.0", "11a8"), ("2.1", "stereo", "1190"),
        ("6.1", "5.1", "11b0"), ("7.1(wide)", "5.1", "11b0"), ("4.0", "4.0", "11a0"),
    ])
    func layoutsBecomeThoseThatEveryDecoderKnows(
        _ layout: String,
        _ expected: String,
        _ configuration: String
    ) async throws {
        let bench = try ExportBench()
        let video = bench.folder["v.mov"]
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", CounterClip.frames(rate: "25", frames: 25), "-f", "lavfi",
                "-i",
                "sine=f=700:d=1:r=48000,aformat=channel_layouts=mono,"
                    + "aformat=channel_layouts=\(layout)",
            ] + CounterClip.x264 + ["-c:a", "pcm_s16le", video.string]
        )
        let result = try await bench.export(video, "0", ["--duration", "0.8"])
        #expect(result.status == 0, "\(result.errors)")
        let clip = bench.clips.appending("clip_001.mp4")
        let stream = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "a", "-show_data", "-show_entries",
                "stream=channel_layout,extradata", "-of", "default=nw=1:nk=1", clip.string,
            ]
        )
        #expect(stream.lines.first == expected, "\(stream.output)")
        #expect(stream.output.contains(configuration + " "), "\(stream.output)")
    }

    /// A tone in the left back channel is there in the clip, and in no other channel.
    @Test func theOrderOfChannelsIsRight() async throws {
        let bench = try ExportBench()
        let video = bench.folder["v.mov"]
        let side = "pan=5.1(side)|FL=0*c0|FR=0*c0|FC=0*c0|LFE=0*c0|SL=c0|SR=0*c0"
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", CounterClip.frames(rate: "25", frames: 25), "-f", "lavfi",
                "-i", "sine=f=700:d=1:r=48000,\(side)",
            ] + CounterClip.x264 + ["-c:a", "pcm_s16le", video.string]
        )
        let options = ["--duration", "0.8", "--audio", "pcm"]
        let clip = try await bench.cut(video, "0", options, file: "clip_001.mkv")
        #expect(clip.samples.count > 30_000)
        let levels = try await Program.run(
            "ffmpeg",
            [
                "-nostdin", "-hide_banner", "-i", bench.clips.appending("clip_001.mkv").string,
                "-af", "astats=measure_overall=none:measure_perchannel=Peak_level", "-f", "null",
                "-",
            ]
        )
        let peaks = levels.errors.split(separator: "\n").filter { $0.contains("Peak level dB") }
            .map { Double($0.split(separator: " ").last ?? "") ?? -.infinity }
        #expect(peaks.count == 6 && peaks.indices.filter { peaks[$0] > -30 } == [4], "\(peaks)")
    }

    /// Two channels of which one is the other turned upside down.
    private func antiphase(_ folder: TemporaryFolder) async throws -> FilePath {
        let video = folder["anti.mkv"]
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", CounterClip.frames(rate: "25", frames: 250), "-f", "lavfi",
                "-i", CounterClip.tones(seconds: 10) + ",pan=stereo|c0=c0|c1=-1*c0",
            ] + CounterClip.x264 + ["-c:a", "pcm_s16le", video.string]
        )
        return video
    }

    @Test func channelsThatCancelEachOtherAreToldOf() async throws {
        let bench = try ExportBench()
        let video = try await antiphase(bench.folder)
        let remedy = "--audio-channels left"
        let profile = try await bench.export(video, "1", ["--profile", "mmaudio-16k"])
        #expect(profile.status == 0)
        #expect(profile.errors.contains("for mmaudio-16k"), "\(profile.errors)")
        #expect(profile.errors.contains(remedy))
        let mono = try await bench.export(video, "1", ["--audio-channels", "1"])
        #expect(mono.status == 0 && mono.errors.contains("although its source is not"))
        #expect(mono.errors.contains(remedy))
        let stereo = try await bench.export(video, "3", ["--duration", "1", "--name", "stereo"])
        #expect(stereo.status == 0 && !stereo.errors.contains("silent"), "\(stereo.errors)")

        let options = ["--profile", "mmaudio-16k", "--audio-channels", "left", "--name", "left"]
        let left = try await bench.export(video, "1.5", options)
        #expect(left.status == 0 && !left.errors.contains("silent"), "\(left.errors)")
        let clip = try await DecodedClip(bench.clips.appending("left_001.mp4"))
        #expect((clip.samples.max() ?? 0) > 8000 && clip.samples.count >= 128_000)
    }
}
