import ClipExport
import DatasetProfiles
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
        // 242 frames of 30000/1001 last 8.0747 s, and the last one begins at 8.0414 s.
        Case(name: "mmaudio-44k", frames: 242, samples: 356_094, rate: 44_100),
        Case(name: "mmaudio-16k", frames: 241, samples: 128_662, rate: 16_000),
        Case(name: "ltx2", frames: 201, samples: 385_920, rate: 48_000),
        Case(name: "ltx2-v2a", frames: 201, samples: 385_920, rate: 48_000),
        Case(name: "saganet", frames: 126, samples: 222_264, rate: 44_100),
        // 272 frames last 9.0757 s, and the last one begins at 9.0424 s.
        Case(name: "thinksound", frames: 272, samples: 400_240, rate: 44_100),
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
        let multiple = try #require(DatasetProfile.named(target.name)?.clip).sideMultiple
        for side in ["width", "height"] {
            let line = try #require(probe.lines.first { $0.hasPrefix(side + "=") })
            #expect(try #require(Int(line.dropFirst(side.count + 1))) % multiple == 0)
        }
    }

    @Test func theSampleCountsThatMMAudioChecksFor() throws {
        for (name, samples) in [("mmaudio-44k", 353_280), ("mmaudio-16k", 128_000)] {
            let profile = try #require(DatasetProfile.named(name)?.clip)
            let rate = try #require(profile.sampleRate)
            let duration = try #require(profile.duration)
            #expect(CutLength.samples(in: duration, sampleRate: rate) == samples)
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
    }

    @Test func whatAProfileSetsCannotBeSetOtherwise() async throws {
        let (_, video) = try await Self.video.value
        let bench = try ExportBench()
        let other = try await bench.export(video, "1", ["--profile", "saganet", "--duration", "3"])
        #expect(other.status == 64)
        #expect(other.errors.contains("leave --duration out"))
        let list = bench.folder["cuts.csv"]
        try AtomicFile.write("start,duration\n0,\n0,24.1\n", to: list)
        let listed = try await bench.run([
            "export", "--list", list.string, "-i", video.string, "--to", bench.clips.string,
            "--name", "clip", "--profile", "mmaudio-16k",
        ])
        #expect(listed.status == 64)
        #expect(listed.errors.contains("line 3 of cuts.csv"))
        let silent = try await bench.export(
            video,
            "1",
            ["--profile", "mmaudio-44k", "--audio", "none"]
        )
        #expect(silent.status == 64)
        #expect(silent.errors.contains("learns the audio"))
        #expect(try Folder.names(in: bench.folder.path).allSatisfy { $0 != "clips" })

        _ = try await bench.cut(video, "1", ["--profile", "saganet"])
        let again = try await bench.run(["export", "--replace", "1", "--duration", "60"])
        #expect(again.status == 64)
        let short = try await bench.export(video, "9", ["--profile", "saganet", "--allow-short"])
        #expect(short.status == 0)
        #expect(short.errors.contains("of the 126 frames of --profile saganet"))
    }

    @Test func aBucketIsTheSizeAndTheCount() async throws {
        let bench = try ExportBench()
        // 5:4 in storage, 16:9 as shown: the middle of the width is a circle of 288 rows.
        let video = try await CounterClip.make(
            bench.folder["video.mkv"],
            frames: 60,
            seconds: 3,
            filter: "scale=360:288,drawbox=x=171:y=0:w=18:h=288:color=white:t=fill,setsar=64/45"
        )
        for (bucket, rate, options) in [
            ("64x96x17", "25", []), ("160x64x9", "30", ["--fps", "30", "--crop-center", "0"]),
        ] {
            let result = try await bench.export(
                video,
                "0",
                ["--name", "b", "--profile", "ltx2", "--bucket", bucket] + options
            )
            try #require(result.status == 0, "\(result.errors)")
            let file = bench.clips.appending(rate == "25" ? "b_001.mp4" : "b_002.mp4")
            let probe = try await Program.run(
                "ffprobe",
                [
                    "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
                    "stream=width,height,sample_aspect_ratio,r_frame_rate,nb_read_frames", "-of",
                    "csv=p=0", file.string,
                ]
            )
            let size = bucket.split(separator: "x").joined(separator: ",")
            let parts = size.split(separator: ",")
            #expect(probe.lines == ["\(parts[0]),\(parts[1]),1:1,\(rate)/1,\(parts[2])"])
        }
        // The white bar is as wide in the clip as it is shown: 18 of 360 columns at 64:45 are 25.6
        // of 288 rows, of which the clip has 96.
        let row = bench.folder["row.gray"]
        try await Program.ffmpeg([
            "-i", bench.clips.appending("b_001.mp4").string, "-frames:v", "1", "-vf",
            "format=gray,crop=64:1:0:2", "-f", "rawvideo", row.string,
        ])
        let pixels = try MaskSet.bytes(of: row)
        let white = pixels.count { $0 > 125 }
        #expect((7...10).contains(white), "\(white)")
        #expect(pixels[32] > 125 && pixels[20] < 125 && pixels[44] < 125)

        for (options, word) in [
            (["--profile", "saganet", "--bucket", "64x96x17"], "--bucket is for --profile ltx2"),
            (["--profile", "ltx2", "--bucket", "64x90x17"], "multiples of 32"),
            (["--profile", "ltx2", "--bucket", "64x96x16"], "8 n + 1"),
            (["--profile", "ltx2", "--bucket", "64x96x17;64x64x9"], "such as 768x448x89"),
            (["--profile", "ltx2", "--bucket", "64x96x17", "--crop", "1:1"], "leave --crop out"),
            (["--profile", "ltx2", "--bucket", "64x96x17", "--duration", "2"], "--duration out"),
        ] {
            let result = try await bench.export(video, "0", options)
            #expect(result.status == 64)
            #expect(result.errors.contains(word), "\(result.errors)")
        }
    }

    @Test func theDocumentationHasTheTable() throws {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent()
        let bytes = try MaskSet.bytes(of: root.appending("docs/reference/export.md"))
        let text = String(decoding: bytes, as: UTF8.self)
        for profile in DatasetProfile.ofClips {
            let rule = try #require(profile.clip)
            let samples = rule.sampleRate.map { "\($0) Hz" } ?? "the video's"
            let rate = rule.frameRate.map { "\($0.numerator) fps" } ?? "the video's"
            let duration = (try #require(rule.duration).value * 1000).rounded() / 1000
            let length = duration == duration.rounded() ? "\(Int(duration))" : "\(duration)"
            let row = "| `\(profile.name)` | \(length) s | \(rate) | \(samples) |"
            #expect(text.contains(row), "\(row)")
        }
    }
}
