import SystemPackage
import TestSupport
import Testing

/// Interlaced video: each frame stays one frame, clips and masks see the same, and it is told.
@Suite struct InterlaceTests {
    /// A vertical bar that moves to the right between the two fields of every frame.
    private static let bar =
        "color=black:size=320x64:rate=50:duration=1.2,format=gray,"
        + "geq=lum='if(between(X,4*N,4*N+30),235,16)'"

    private static let interlaced = [
        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "4", "-pix_fmt", "yuv420p", "-flags",
        "+ilme+ildct", "-x264-params", "tff=1",
    ]

    private func make(_ path: FilePath, _ encoding: [String]) async throws -> FilePath {
        try await Program.ffmpeg(
            ["-f", "lavfi", "-i", Self.bar + ",interlace,format=yuv420p"] + encoding
                + [path.string]
        )
        return path
    }

    /// How many rows of the first frame differ from the row above: those of a combed frame do.
    private func combedRows(_ path: FilePath) async throws -> Int {
        let folder = try TemporaryFolder()
        try await Program.ffmpeg([
            "-i", "file:" + path.string, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo",
            folder["pixels"].string,
        ])
        let bytes = try MaskSet.bytes(of: folder["pixels"])
        return (1..<64).count { row in
            (0..<320).contains { column in
                abs(Int(bytes[row * 320 + column]) - Int(bytes[(row - 1) * 320 + column])) > 100
            }
        }
    }

    @Test(arguments: ["mp4", "ts", "mkv"])
    func framesThatAreMarkedAreDeinterlaced(ending: String) async throws {
        let bench = try ExportBench()
        let video = try await make(bench.folder["v." + ending], Self.interlaced)
        let options = ["--audio", "none", "--crf", "4"]
        // Up to the last frame: thirty frames in the source.
        let whole = try await bench.export(video, "@0", options + ["--duration", "1.2"])
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(whole.errors.contains("is interlaced: its frames are deinterlaced"))
        #expect(try await Clip.frameCount(bench.clips.appending("clip_001.mp4")) == 30)
        let middle = try await bench.export(video, "@20", options + ["--duration", "0.2"])
        #expect(middle.status == 0, "\(middle.errors)")
        #expect(try await combedRows(bench.clips.appending("clip_002.mp4")) == 0)
        let order = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-show_entries", "stream=field_order", "-of", "csv=p=0",
                bench.clips.appending("clip_002.mp4").string,
            ]
        )
        #expect(order.lines == ["progressive"])
        let off = try await bench.export(
            video,
            "@20",
            options + ["--duration", "0.2", "--deinterlace", "off"]
        )
        #expect(off.errors.contains("left combed"), "\(off.errors)")
        #expect(try await combedRows(bench.clips.appending("clip_003.mp4")) > 30)
    }

    /// A frame in the middle is the same whether the clip begins with it or long before.
    @Test func aFrameDependsOnNoStart() async throws {
        let bench = try ExportBench()
        let video = try await make(bench.folder["v.mp4"], Self.interlaced)
        let options = ["--audio", "none", "--format", "png", "--duration", "0.04"]
        for start in ["@0", "@12"] {
            let result = try await bench.export(
                video,
                start,
                options + (start == "@0" ? ["--duration", "0.8"] : [])
            )
            #expect(result.status == 0, "\(result.errors)")
        }
        let first = bench.clips.appending("clip_001").appending("frame_0013.png")
        let second = bench.clips.appending("clip_002").appending("frame_0001.png")
        #expect(try MaskSet.bytes(of: first) == MaskSet.bytes(of: second))
    }

    /// Progressive by its marks, combed by its content.
    @Test func framesThatAreNotMarkedAreToldOf() async throws {
        let bench = try ExportBench()
        let video = try await make(bench.folder["v.mp4"], CounterClip.x264)
        let plain = try await bench.export(video, "0", ["--audio", "none", "--duration", "1"])
        #expect(plain.errors.contains("--deinterlace on"), "\(plain.errors)")
        let on = try await bench.export(
            video,
            "@20",
            ["--audio", "none", "--duration", "0.2", "--deinterlace", "on"]
        )
        #expect(on.status == 0, "\(on.errors)")
        #expect(try await combedRows(bench.clips.appending("clip_002.mp4")) == 0)
    }

    /// Told of, and given back frame by frame.
    @Test func telecinedFramesAreRestored() async throws {
        let bench = try ExportBench()
        let telecined = try await CounterClip.make(
            bench.folder["telecined.mp4"],
            rate: "24000/1001",
            frames: 72,
            seconds: nil,
            filter: "telecine"
        )
        let plain = try await bench.export(
            telecined,
            "1",
            ["--audio", "none", "--duration", "1.5"]
        )
        #expect(plain.errors.contains("--deinterlace telecine"), "\(plain.errors)")
        let clip = try await bench.cut(
            telecined,
            "@30",
            ["--duration", "1", "--deinterlace", "telecine"],
            audioStream: nil,
            file: "clip_002.mp4"
        )
        #expect(clip.numbers == Array(30..<54))
        let masks = try await bench.run([
            "masks", "saliency", "-q", "-i", telecined.string, "--deinterlace", "telecine",
        ])
        #expect(masks.status == 0, "\(masks.errors)")
        let names = try MaskSet.content(of: bench.folder["telecined_masks"]).keys
        #expect(names.count { $0.hasSuffix(".png") } == 72)
    }
}
