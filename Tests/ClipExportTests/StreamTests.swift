import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Which of several streams is read, by every command.
@Suite struct StreamTests {
    private static let x264 = CounterClip.x264

    /// A still image that is not marked as cover art, before the video.
    @Test(arguments: ["mkv", "mov", "mp4"])
    func aSingleImageBesideAVideoIsNotTheVideo(ending: String) async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(bench.folder["v.mp4"], frames: 50, seconds: 2)
        let image = bench.folder["cover.jpg"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "color=red:s=96x96", "-frames:v", "1", image.string,
        ])
        let both = bench.folder["both." + ending]
        try await Program.ffmpeg([
            "-i", image.string, "-i", video.string, "-map", "0", "-map", "1", "-c", "copy",
            both.string,
        ])
        let clip = try await bench.cut(both, "@20", ["--duration", "0.4"])
        #expect(clip.numbers == Array(20..<30))
    }

    /// A file with nothing else is still read, and so is a video whose every frame is a JPEG.
    @Test func imagesThatAreTheVideoAreRead() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["v.avi"],
            frames: 25,
            seconds: nil,
            encoding: ["-c:v", "mjpeg", "-q:v", "2"]
        )
        let clip = try await bench.cut(video, "@5", ["--duration", "0.4"], audioStream: nil)
        #expect(clip.numbers == Array(5..<15))
        let one = try await CounterClip.make(
            bench.folder["one.mkv"],
            frames: 1,
            seconds: nil,
            encoding: ["-c:v", "mjpeg", "-q:v", "2"]
        )
        let result = try await bench.run(["masks", "saliency", "-q", "-i", one.string])
        #expect(result.status == 0, "\(result.errors)")
    }

    /// Two videos, the second is the default; two audio streams, the first is a commentary although
    /// it is marked as default.
    private func severalStreams(_ folder: TemporaryFolder) async throws -> FilePath {
        let path = folder["two.mkv"]
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc=size=96x64:rate=25:duration=2", "-f", "lavfi", "-i",
                CounterClip.frames(rate: "25", frames: 50), "-f", "lavfi", "-i",
                "anullsrc=r=48000:cl=mono", "-f", "lavfi", "-i", CounterClip.tones(seconds: 2),
                "-map", "0", "-map", "1", "-map", "2", "-map", "3",
            ] + Self.x264 + [
                "-c:a", "pcm_s16le", "-t", "2", "-disposition:v:0", "0", "-disposition:v:1",
                "default", "-disposition:a:0", "default+comment", "-disposition:a:1", "0",
                path.string,
            ]
        )
        return path
    }

    @Test func theDefaultStreamsAreTakenAndSaid() async throws {
        let bench = try ExportBench()
        let video = try await severalStreams(bench.folder)
        let result = try await bench.export(
            video,
            "@20",
            ["--duration", "0.4", "--audio", "pcm", "--count", "2", "--spread", "0.2"]
        )
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.errors.split(separator: "\n").filter { $0.contains(" streams ") }
        #expect(lines.count == 2, "\(result.errors)")
        #expect(lines.first?.contains("stream 1 is used. --video-stream") == true)
        #expect(lines.first?.contains("0: h264, 96x64; 1: h264, 320x64, default") == true)
        #expect(lines.last?.contains("stream 1 is used. --audio-stream") == true)
        #expect(lines.last?.contains("commentary") == true)
        let clip = try await DecodedClip(bench.clips.appending("clip_001_0.mkv"))
        #expect(clip.numbers == Array(20..<30))
        #expect((clip.samples.max() ?? 0) > 5000)
    }

    @Test func aChosenStreamIsTakenWithoutAWordAndAWrongOneIsRefused() async throws {
        let bench = try ExportBench()
        let video = try await severalStreams(bench.folder)
        let options = ["--duration", "0.4", "--video-stream", "0", "--audio-stream", "1"]
        let result = try await bench.export(video, "0", options)
        #expect(result.status == 0 && !result.errors.contains("streams"), "\(result.errors)")
        let size = try await Program.run(
            "ffprobe",
            ["-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height", "-of"]
                + ["csv=p=0", bench.clips.appending("clip_001.mp4").string]
        )
        #expect(size.lines == ["96,64"])
        for (option, list) in [("video", "1: h264, 320x64, default"), ("audio", "1: pcm_s16le")] {
            let wrong = try await bench.export(video, "0", ["--\(option)-stream", "2"])
            #expect(wrong.status == 64)
            #expect(wrong.errors.contains("2 \(option) streams, counted from 0: 0: "))
            #expect(wrong.errors.contains(list) && wrong.errors.contains("--\(option)-stream"))
        }
    }

    /// The stream of a run is recorded, is part of what the run is, and is read again by others.
    @Test func masksRememberTheirStream() async throws {
        let bench = try ExportBench()
        let video = try await severalStreams(bench.folder)
        let masks = bench.folder["two_masks"]
        let saliency = ["masks", "saliency", "-i", video.string]
        let first = try await bench.run(saliency + ["--video-stream", "0"])
        #expect(first.status == 0, "\(first.errors)")
        var set = try MaskSet(masks)
        #expect(set.manifest.input.videoStream == 0)
        #expect(try set[0].width == 96)
        // Neither names the stream.
        let preview = bench.folder["p.png"]
        for command in [["preview", "-o", preview.string], ["measure", "--masks", masks.string]] {
            let result = try await bench.run(command + ["-i", video.string])
            #expect(result.status == 0, "\(result.errors)")
        }
        let other = try await bench.run(saliency)
        #expect(other.status == 4)
        #expect(other.errors.contains("video stream 0 there"), "\(other.errors)")
        let again = try await bench.run(saliency + ["--overwrite"])
        #expect(again.status == 0 && again.errors.contains("stream 1 is used"))
        set = try MaskSet(masks)
        #expect(set.manifest.input.videoStream == nil)
        #expect(try set[0].width == 320)
        // What is taken by itself is the same run when it is named.
        let named = try await bench.run(saliency + ["--video-stream", "1"])
        #expect(named.status == 0, "\(named.errors)")
    }
}
