import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Size, crop, and image sequences.
@Suite(.serialized) struct ExportFrameTests {
    private func size(_ path: FilePath) async throws -> String {
        let result = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height",
                "-of", "csv=p=0", path.string,
            ]
        )
        return result.lines.first ?? ""
    }

    @Test func oddSizesBecomeEven() async throws {
        let bench = try ExportBench()
        let video = bench.folder["video.mkv"]
        try await Clip.make(
            video,
            size: (161, 91),
            rate: 25,
            seconds: 2,
            encoding: ["-c:v", "ffv1"]
        )
        let result = try await bench.export(video, "0", ["--duration", "1"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await size(bench.clips.appending("clip_001.mp4")) == "160,90")
        #expect(try await Clip.frameCount(bench.clips.appending("clip_001.mp4")) == 25)
    }

    @Test(arguments: [
        (["--short-side", "120"], "214,120"), (["--crop", "1:1"], "180,180"),
        (["--crop", "9:16"], "100,180"), (["--crop", "4:5", "--short-side", "96"], "96,120"),
        (["--crop", "2:1"], "320,160"), (["--profile", "ltx2"], "320,160"),
    ])
    func sizes(options: [String], expected: String) async throws {
        let bench = try ExportBench()
        let video = try await Clip.make(bench.folder["video.mp4"], rate: 25, seconds: 2)
        let length = options.contains("ltx2") ? "1.2" : "1"
        let result = try await bench.export(video, "0.2", ["--duration", length] + options)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await size(bench.clips.appending("clip_001.mp4")) == expected)
    }

    @Test func theCropLiesWhereItIsWanted() async throws {
        let bench = try ExportBench()
        // Left half black, right half white.
        let video = bench.folder["video.mkv"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i",
            "color=white:size=320x64:rate=25:duration=2,"
                + "drawbox=0:0:160:64:black:fill", "-c:v", "ffv1", video.string,
        ])
        for (number, (center, bright)) in [("0", false), ("1", true)].enumerated() {
            let result = try await bench.export(
                video,
                "0",
                ["--duration", "1", "--crop", "1:1", "--crop-center", center]
            )
            #expect(result.status == 0, "\(result.errors)")
            let image = bench.folder["grey"]
            try await Program.ffmpeg([
                "-i", bench.clips.appending("clip_00\(number + 1).mp4").string, "-frames:v", "1",
                "-vf", "scale=1:1:flags=area", "-pix_fmt", "gray", "-f", "rawvideo", image.string,
            ])
            #expect((try MaskSet.bytes(of: image)[0] > 128) == bright)
        }
    }

    @Test func aTurnedVideoIsUpright() async throws {
        let bench = try ExportBench()
        let plain = try await Clip.make(bench.folder["a.mp4"], rate: 25, seconds: 2)
        let video = bench.folder["video.mp4"]
        try await Program.ffmpeg([
            "-i", plain.string, "-c", "copy", "-metadata:s:v", "rotate=90", video.string,
        ])
        _ = try await bench.export(video, "0", ["--duration", "1"])
        #expect(try await size(bench.clips.appending("clip_001.mp4")) == "180,320")
    }

    @Test(arguments: ["webp", "png"])
    func anImageSequenceWithItsAudio(format: String) async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(
            bench.folder["video.mp4"],
            rate: "30000/1001",
            frames: 120,
            seconds: 4
        )
        let source = try await DecodedClip(video)
        let options = ["--duration", "2", "--format", format, "--name", "a%b"]
        let result = try await bench.export(video, "@30", options)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try bench.names == ["a%b_001", "a%b_001.wav"])
        let folder = bench.clips.appending("a%b_001")
        let names = try Folder.names(in: folder).filter { !$0.hasPrefix(".") }
        #expect(names.count == 60)
        #expect(names.first == "frame_0001." + format && names.last == "frame_0060." + format)
        let clip = try await DecodedClip(
            FilePath(folder.string.replacing("%", with: "%%")).appending("frame_%04d." + format),
            audioPath: bench.clips.appending("a%b_001.wav")
        )
        #expect(clip.numbers == Array(30..<90))
        expectAudio(clip, of: source, from: 48_048, count: 96_096)
        #expect(clip.samples.count == 96_096)

        // Masks work on the folder, and a preview finds the audio.
        let masks = try await bench.run([
            "masks", "saliency", "--last", "--preview", bench.folder["preview.mp4"].string,
        ])
        #expect(masks.status == 0, "\(masks.errors)")
        let set = try MaskSet(bench.clips.appending("a%b_001_masks"))
        #expect(set.names.count == 60)
        #expect(set.manifest.input.frameRate == "30000/1001")
        #expect(try await DecodedClip(bench.folder["preview.mp4"]).samples.count >= 96_000)
        let again = try await bench.run(["masks", "saliency", "--input", folder.string])
        #expect(again.output.contains("all 60 masks were there already"), "\(again.errors)")
        #expect(try await bench.run(["library", "check"]).status == 0)

        let deleted = try await bench.run(["library", "delete", "1"])
        #expect(deleted.status == 0, "\(deleted.errors)")
        #expect(try bench.names == [])
        let trash = bench.folder["data"].appending("Trash").appending("files")
        #expect(try Folder.names(in: trash) == ["a%b_001", "a%b_001.wav", "a%b_001_masks"])
    }
}
