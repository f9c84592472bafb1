import ClipExport
import Files
import SystemPackage
import TestSupport
import Testing

/// Clips for targets are as the targets need them, once decoded.
@Suite(.serialized) struct ProfileTests {
    private static let video = Task {
        let folder = try TemporaryFolder()
        let path = try await CounterClip.make(
            folder["video.mp4"],
            rate: "30000/1001",
            frames: 330,
            seconds: 11,
            filter: "scale=640:358:flags=neighbor"
        )
        return (folder, path)
    }

    struct Case: Sendable {
        let name: String
        let frames: Int
        let samples: Int
        let rate: Int
    }

    @Test(arguments: [
        // 8.011 s have 241 frames (240.1) of 30000/1001, which last 354,614 samples.
        Case(name: "mmaudio-44k", frames: 241, samples: 354_622, rate: 44_100),
        Case(name: "mmaudio-16k", frames: 240, samples: 128_128, rate: 16_000),
        Case(name: "ltx2", frames: 201, samples: 385_920, rate: 48_000),
        Case(name: "saganet", frames: 125, samples: 220_500, rate: 44_100),
    ])
    func decodedAsNeeded(target: Case) async throws {
        let (_, video) = try await Self.video.value
        let bench = try ExportBench()
        let clip = try await bench.cut(video, "1.5", ["--profile", target.name])
        #expect(clip.numbers.count == target.frames)
        #expect(clip.numbers.first == 44)
        let samples = try await DecodedClip(bench.clips.appending("clip_001.mp4")).samples.count
        #expect(samples >= target.samples && samples < target.samples + 2048)
        let probe = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-show_entries",
                "stream=width,height,sample_rate,pix_fmt,codec_name", "-of", "default=nw=1",
                bench.clips.appending("clip_001.mp4").string,
            ]
        )
        let lines = Set(probe.lines)
        #expect(lines.contains("sample_rate=\(target.rate)"))
        #expect(lines.isSuperset(of: ["pix_fmt=yuv420p", "codec_name=h264", "codec_name=aac"]))
        let multiple = try #require(ExportProfile.named(target.name)).sideMultiple
        for side in ["width", "height"] {
            let line = try #require(probe.lines.first { $0.hasPrefix(side + "=") })
            #expect(try #require(Int(line.dropFirst(side.count + 1))) % multiple == 0)
        }
    }

    @Test func theSampleCountsThatMMAudioChecksFor() throws {
        for (name, samples) in [("mmaudio-44k", 353_280), ("mmaudio-16k", 128_000)] {
            let profile = try #require(ExportProfile.named(name))
            let rate = try #require(profile.sampleRate)
            #expect(CutLength.samples(in: profile.duration, sampleRate: rate) == samples)
        }
    }

    @Test func anotherLengthForLTX() async throws {
        let (_, video) = try await Self.video.value
        let bench = try ExportBench()
        let clip = try await bench.cut(video, "1", ["--profile", "ltx2", "--duration", "3"])
        #expect(clip.numbers.count == 81 && clip.numbers.count % 8 == 1)
        let short = try await bench.cut(
            video,
            "9.5",
            ["--profile", "ltx2", "--allow-short"],
            file: "clip_002.mp4"
        )
        #expect(short.numbers.count % 8 == 1 && (30...40).contains(short.numbers.count))
        let other = try await bench.export(video, "1", ["--profile", "saganet", "--duration", "3"])
        #expect(other.status == 64)
        #expect(other.errors.contains("leave --duration out"))
    }

    @Test func theDocumentationHasTheTable() throws {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent()
        let bytes = try MaskSet.bytes(of: root.appending("docs/reference/export.md"))
        let text = String(decoding: bytes, as: UTF8.self)
        for profile in ExportProfile.all {
            let samples = profile.sampleRate.map { "\($0) Hz" } ?? "the video's"
            let rate = profile.frameRate.map { "\($0.numerator) fps" } ?? "the video's"
            let duration = (profile.duration.value * 1000).rounded() / 1000
            let length = duration == duration.rounded() ? "\(Int(duration))" : "\(duration)"
            let row = "| `\(profile.name)` | \(length) s | \(rate) | \(samples) |"
            #expect(text.contains(row), "\(row)")
        }
    }
}
