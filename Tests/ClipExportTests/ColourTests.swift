import Files
import SystemPackage
import TestSupport
import Testing

/// Clips and images have the colours of their source, for a program that goes by their tags.
@Suite struct ColourTests {
    /// A way to write red, green, blue and grey.
    struct Kind: Sendable, CustomTestStringConvertible {
        let name: String
        /// What makes frames of red, green and blue the frames of the source.
        let filter: String
        let encoding: [String]
        var width = 320
        /// Matrix, transfer and primaries of the clip.
        let tags: String

        var testDescription: String { name }
    }

    private static func yuv(_ matrix: String, range: String = "tv") -> String {
        "scale=out_color_matrix=\(matrix):out_range=\(range):flags=accurate_rnd+full_chroma_int"
            + ",format=yuv420p,setparams=range=\(range)"
    }

    private static func x264(_ matrix: String, _ primaries: String, _ transfer: String) -> [String]
    {
        [
            "-c:v", "libx264", "-preset", "ultrafast", "-crf", "4", "-colorspace", matrix,
            "-color_primaries", primaries, "-color_trc", transfer,
        ]
    }

    private static let plain = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "4"]

    private static let kinds = [
        Kind(
            name: "BT.709",
            filter: yuv("bt709"),
            encoding: x264("bt709", "bt709", "bt709"),
            tags: "bt709,bt709,bt709"
        ),
        Kind(
            name: "525 lines",
            filter: yuv("smpte170m"),
            encoding: x264("smpte170m", "smpte170m", "smpte170m"),
            tags: "smpte170m,smpte170m,smpte170m"
        ),
        Kind(
            name: "625 lines",
            filter: yuv("bt470"),
            encoding: x264("bt470bg", "bt470bg", "smpte170m"),
            tags: "bt470bg,smpte170m,bt470bg"
        ),
        Kind(
            name: "BT.2020",
            filter: yuv("bt2020"),
            encoding: x264("bt2020nc", "bt2020", "bt2020-10"),
            tags: "bt2020nc,bt2020-10,bt2020"
        ),
        Kind(
            name: "full range",
            filter: yuv("bt709", range: "pc"),
            encoding: x264("bt709", "bt709", "bt709") + ["-color_range", "pc"],
            tags: "bt709,bt709,bt709"
        ),
        Kind(
            name: "untagged and small",
            filter: yuv("smpte170m") + ",setparams=colorspace=unknown",
            encoding: plain,
            tags: "smpte170m,smpte170m,smpte170m"
        ),
        Kind(
            name: "untagged and wide",
            filter: yuv("bt709") + ",setparams=colorspace=unknown",
            encoding: plain,
            width: 1280,
            tags: "bt709,bt709,bt709"
        ),
        Kind(
            name: "RGB",
            filter: "format=gbrp",
            encoding: ["-c:v", "libx264rgb", "-preset", "ultrafast", "-crf", "0"],
            tags: "bt709,bt709,bt709"
        ),
    ]

    @Test(arguments: kinds)
    func clipsAndImagesHaveTheColoursOfTheirSource(kind: Kind) async throws {
        let bench = try ExportBench()
        let video = try await stripes(bench.folder["source.mp4"], kind)
        let options = ["--duration", "0.08", "--audio", "none", "--crf", "4"]
        for form in ["mp4", "webp", "png"] {
            let result = try await bench.export(
                video,
                "0",
                options + ["--format", form, "--name", form]
            )
            #expect(result.status == 0, "\(result.errors)")
        }
        let clip = bench.clips.appending("mp4_001.mp4")
        #expect(try await tags(of: clip) == "tv," + kind.tags)
        let matrix = ["smpte170m", "bt2020nc", "bt470bg"].first { kind.tags.hasPrefix($0) }
        let names = ["smpte170m": "smpte170m", "bt2020nc": "bt2020", "bt470bg": "bt470"]
        let name = matrix.flatMap { names[$0] } ?? "bt709"
        try await expectStripes(clip, "scale=in_color_matrix=\(name):in_range=limited", kind.width)
        for ending in ["webp", "png"] {
            let image = bench.clips.appending("\(ending)_001").appending("frame_0002.\(ending)")
            try await expectStripes(image, "null", kind.width)
        }
    }

    /// High dynamic range is tone-mapped, and then is no high dynamic range any more.
    @Test func highDynamicRangeBecomesBT709() async throws {
        let bench = try ExportBench()
        let kind = Kind(
            name: "PQ",
            filter: Self.yuv("bt2020"),
            encoding: Self.x264("bt2020nc", "bt2020", "smpte2084"),
            tags: "bt709,bt709,bt709"
        )
        let video = try await stripes(bench.folder["source.mp4"], kind)
        let result = try await bench.export(video, "0", ["--duration", "0.08", "--audio", "none"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await tags(of: bench.clips.appending("clip_001.mp4")) == "tv," + kind.tags)
    }

    /// A broadcast that goes over from standard to high definition.
    @Test func aMatrixThatChangesInMidStreamChangesNoColour() async throws {
        let bench = try ExportBench()
        var bytes: [UInt8] = []
        for (number, name, width) in [(0, "smpte170m", 320), (1, "bt709", 640)] {
            let kind = Kind(
                name: name,
                filter: Self.yuv(name),
                encoding: Self.x264(name, name, name) + [
                    "-muxdelay", "0", "-output_ts_offset", "\(number)",
                ],
                width: width,
                tags: ""
            )
            let part = try await stripes(bench.folder["\(number).ts"], kind, seconds: 1)
            bytes += try MaskSet.bytes(of: part)
        }
        let video = bench.folder["change.ts"]
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: video) }
        let result = try await bench.export(video, "@40", ["--duration", "0.2", "--format", "png"])
        #expect(result.status == 0, "\(result.errors)")
        let image = bench.clips.appending("clip_001").appending("frame_0002.png")
        try await expectStripes(image, "null", 320)
    }

    /// Hidden colours stay hidden, in clips as in masks, and that is told once.
    @Test(arguments: ["mov", "mkv", "webm"])
    func transparentPartsAreBlack(ending: String) async throws {
        let bench = try ExportBench()
        let video = bench.folder["source." + ending]
        let encoding =
            switch ending {
            case "mov": ["-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le"]
            case "mkv": ["-c:v", "ffv1", "-pix_fmt", "bgra"]
            default:
                ["-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-lossless", "1", "-cpu-used", "8"]
            }
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i",
                "color=red:s=320x64:r=25:d=0.2,format=rgba,"
                    + "geq=r=255:g=0:b=0:a='if(lt(X,160),0,128)'",
            ] + encoding + [video.string]
        )
        let result = try await bench.export(video, "0", ["--duration", "0.08", "--format", "png"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count { $0.contains("transparency") } == 1)
        let image = bench.clips.appending("clip_001").appending("frame_0001.png")
        let pixels = try await pixels(image, "null", width: 320)
        #expect(isNear(pixels(40), (0, 0, 0)), "\(pixels(40))")
        #expect(isNear(pixels(280), (128, 0, 0)), "\(pixels(280))")
        let masks = try await bench.run(["masks", "saliency", "-i", video.string])
        #expect(masks.errors.contains("shown on black"), "\(masks.errors)")
    }

    /// Writes a video of four stripes.
    private func stripes(_ path: FilePath, _ kind: Kind, seconds: Double = 0.2) async throws
        -> FilePath
    {
        let colors = ["red", "lime", "blue", "gray"]
        let inputs = zip(0..., colors).map { number, color in
            "color=\(color):size=\(kind.width / 4)x64:rate=25:duration=\(seconds),format=gbrp[c\(number)]"
        }
        let graph =
            inputs.joined(separator: ";") + ";[c0][c1][c2][c3]hstack=inputs=4," + kind.filter
        try await Program.ffmpeg(["-f", "lavfi", "-i", graph] + kind.encoding + [path.string])
        return path
    }

    private func expectStripes(
        _ path: FilePath,
        _ filter: String,
        _ width: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let pixels = try await pixels(path, filter, width: width)
        let colors = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (128, 128, 128)]
        for (number, color) in colors.enumerated() {
            let found = pixels(width / 8 + number * width / 4)
            #expect(
                isNear(found, color),
                "\(found) for \(color) in \(path)",
                sourceLocation: sourceLocation
            )
        }
    }

    /// Two for the eight bits of a limited range, one for the codec.
    private func isNear(_ one: (Int, Int, Int), _ other: (Int, Int, Int)) -> Bool {
        abs(one.0 - other.0) <= 3 && abs(one.1 - other.1) <= 3 && abs(one.2 - other.2) <= 3
    }

    /// The colours of the tenth row of the first frame.
    private func pixels(
        _ path: FilePath,
        _ filter: String,
        width: Int
    ) async throws -> (Int) -> (Int, Int, Int) {
        let folder = try TemporaryFolder()
        try await Program.ffmpeg([
            "-i", "file:" + path.string, "-frames:v", "1", "-vf", filter + ",format=rgb24", "-f",
            "rawvideo", folder["pixels"].string,
        ])
        let bytes = try MaskSet.bytes(of: folder["pixels"])
        return { column in
            let place = (10 * width + column) * 3
            return (Int(bytes[place]), Int(bytes[place + 1]), Int(bytes[place + 2]))
        }
    }

    /// Range, matrix, transfer and primaries, as ffprobe prints them.
    private func tags(of path: FilePath) async throws -> String? {
        try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "v", "-show_entries",
                "stream=color_range,color_space,color_transfer,color_primaries", "-of", "csv=p=0",
                path.string,
            ]
        ).lines.first
    }
}
