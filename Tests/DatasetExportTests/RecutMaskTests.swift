import DatasetProfiles
import Diagnostics
import Files
import Imaging
import SystemPackage
import TestSupport
import Testing

/// The masks of clips that are cut again follow through the time and the frame of their source.
@Suite(.serialized) struct RecutMaskTests {
    @Test(arguments: [("30", []), ("60000/1001", []), ("25", ["--fps", "50"]), ("24", [])])
    func masksShowWhatTheVideoShows(rate: String, options: [String]) async throws {
        let frames = rate == "60000/1001" ? 700 : 350
        let bench = try await RecutBench.counting(rate: rate, frames: frames)
        try await bench.addClip("1", ["--duration", "6"] + options)
        try await bench.write("saganet")
        let clip = bench.set.pushing("videos/train/dog_001.mp4")
        let folder = bench.set.pushing("videos/train/dog_001")
        let video = try await DecodedClip(clip)
        let masks = try await DecodedClip(folder.appending("dog_001_mask.mp4"), audioStream: nil)
        #expect(video.numbers.count == 126)
        #expect(masks.numbers == video.numbers)
        let gray = try await GrayVideo(folder.appending("dog_001_mask.mp4"))
        #expect(gray.rate == "25/1")
        #expect(Set(gray.images.flatMap(\.pixels)) == [0, 255])
        for name in ["dog_001_detail.mp4", "dog_001_mask_detail.mp4"] {
            let detail = try await GrayVideo(folder.appending(name))
            #expect(detail.images.count == 126 && detail.rate == "25/1")
            #expect(detail.width == 224 && detail.height == 224)
        }
    }

    @Test func aClipThatFitsHasTheFirstMasks() async throws {
        let bench = try await RecutBench.counting()
        let clip = try await bench.addClip("1", ["--duration", "6"])
        try await bench.write("saganet")
        #expect(FileStatus.isSame(clip, bench.set.pushing("videos/train/dog_001.mp4")))
        let path = bench.set.pushing("videos/train/dog_001/dog_001_mask.mp4")
        let masks = try await DecodedClip(path, audioStream: nil)
        #expect(masks.numbers == Array(25..<151))
        let table = try MaskSet.bytes(of: bench.set.appending("train.csv"))
        let rows = try CSVText.rows(String(decoding: table, as: UTF8.self), separator: ",")
        #expect(rows[1].cells[0...1] == ["videos/train/dog_001", "dog barking"])
        #expect(
            rows[1].cells[3...7] == ["train", "dog barking", "dog_001", "train", "videos"]
        )
        let check = try await bench.run(["dataset", "check", "set", "--profile", "saganet"])
        #expect(check.status == 0, "\(check.output)")
    }

    @Test func aClipOfAnotherRateHasItsOwnMasks() async throws {
        let bench = try await RecutBench.counting()
        let clip = try await bench.addClip("1", ["--duration", "6", "--fps", "12"])
        let known = try await DecodedClip(clip).numbers
        try await bench.write("saganet")
        let folder = bench.set.pushing("videos/train")
        let video = try await DecodedClip(folder.appending("dog_001.mp4")).numbers
        let path = folder.pushing("dog_001/dog_001_mask.mp4")
        let masks = try await DecodedClip(path, audioStream: nil).numbers
        #expect(video == Array(25..<151))
        #expect(masks == video.map { number in known.last { $0 <= number } ?? -1 })
    }

    /// SAGANet's own rule: every frame's box gets the longest sides, 56 of 224 pixels at least, from
    /// its own corner on, and all of these are shown.
    @Test func theDetailHoldsTheLongestSides() async throws {
        let bench = try await RecutBench { path in
            let moving = "[0][1]overlay=x='20+20*t':y=60:enable='gte(t,1)':shortest=1[v]"
            let inputs = [
                "color=0x202020:size=320x180:rate=25:duration=6", "color=white:size=40x60:rate=25",
                CounterClip.tones(seconds: 6),
            ]
            try await Program.ffmpeg(
                inputs.flatMap { ["-f", "lavfi", "-i", $0] }
                    + ["-filter_complex", moving, "-map", "[v]", "-map", "2:a"]
                    + CounterClip.x264 + ["-c:a", "aac", path.string]
            )
            return path
        }
        try await bench.addClip("0", ["--duration", "5.04"])
        try await bench.write("saganet")
        let folder = bench.set.pushing("videos/train/dog_001")
        let mask = try await GrayVideo(folder.appending("dog_001_mask_detail.mp4"))
        let video = try await GrayVideo(folder.appending("dog_001_detail.mp4"))
        // The box is at columns 40 to 120 of 320, which are 28 to 84 of 224, and has 56 of them
        // there: columns 40 to 200 are shown, 160 of them, so that each is 1.4 columns wide.
        for (frame, start) in [(25, 0), (125, 112)] {
            for image in [mask.images[frame], video.images[frame]] {
                let row = image.pixels[112 * 224..<113 * 224]
                let columns = row.indices.filter { row[$0] >= 128 }.map { $0 - 112 * 224 }
                let first = try #require(columns.first)
                #expect(abs(first - start) <= 4 && abs(columns.count - 56) <= 4, "\(columns)")
            }
        }
        #expect(mask.images[24].pixels.allSatisfy { $0 == 0 })
    }

    @Test func theLastMaskIsHeldForTwoFrames() async throws {
        let bench = try await RecutBench.counting()
        try await bench.addClip("1", ["--duration", "4.96"])
        try await bench.write("saganet")
        let path = bench.set.pushing("videos/train/dog_001/dog_001_mask.mp4")
        let masks = try await DecodedClip(path, audioStream: nil)
        #expect(masks.numbers == Array(25..<149) + [148, 148])
    }

    @Test func aClipThatIsTooShortForItsMasksIsNamed() async throws {
        let bench = try await RecutBench.counting()
        try await bench.addClip("1", ["--duration", "4.8"])
        let result = try await bench.export("saganet")
        #expect(result.status == 65)
        #expect(result.errors.contains("6 frames of the clip that is needed come after its last"))
        #expect(result.errors.contains("8cut export --replace 1 --profile saganet"))
        #expect(result.errors.contains("8cut masks sam --clip 1 --overwrite"))
        #expect(try Folder.kind(of: bench.set) == .missing)
    }

    @Test func masksForLTX2AreDilatedAndBlack() async throws {
        let bench = try await RecutBench.counting(rate: "30", frames: 200, seconds: nil)
        try await bench.addClip("1", ["--duration", "4"])
        try await bench.write("ltx2", ["--bucket", "320x64x33"])
        let clip = bench.set.pushing("videos/dog_001.mp4")
        let video = try await DecodedClip(clip, audioStream: nil).numbers
        #expect(video.count == 33 && video.first == 30)
        let masks = try await DecodedClip(
            bench.set.pushing("masks/dog_001.mp4"),
            audioStream: nil
        ).numbers
        let expected = video.indices.map { frame in
            let near = video[max(0, frame - 8)...min(video.count - 1, frame + 8)]
            return near.reduce(0, |) ^ 0xffff
        }
        #expect(masks == expected)
        let table = try MaskSet.bytes(of: bench.set.appending("train.jsonl"))
        let row = try LocatedJSON(parsing: table, .strict)
        #expect(row["video"]?.string == "videos/dog_001.mp4")
        #expect(row["caption"]?.string == "dog barking")
        #expect(row["video_mask"]?.string == "masks/dog_001.mp4")
        let check = try await bench.run(["dataset", "check", "set", "--profile", "ltx2"])
        #expect(check.status == 0, "\(check.output)")
    }

    @Test func aCropShowsTheObject() async throws {
        let bench = try await RecutBench.boxed(box: "x=200:y=90:w=40:h=70")
        try await bench.addClip("0.2", ["--duration", "2"])
        try await bench.write("plain", ["--crop", "object:0"])
        let video = try await GrayVideo(bench.set.appending("dog_001.mp4"))
        #expect((video.width, video.height) == (64, 70))
        #expect(video.images.count == 50)
        let mask = try PNG.readGray(
            bench.set.appending("dog_001_masks").appending("frame_0049.png")
        )
        #expect((mask.width, mask.height) == (64, 70))
        #expect(
            mask.pixels[35 * 64..<36 * 64].elementsEqual(
                (0..<64).map { (12..<52).contains($0) ? 255 : 0 }
            )
        )
        let bright = video.images[49].pixels.count { $0 >= 128 }
        #expect(abs(bright - 40 * 70) < 200, "\(bright)")
    }

    @Test func aBucketAroundTheObjectHasItsShape() async throws {
        let bench = try await RecutBench.boxed(box: "x=270:y=10:w=40:h=70")
        try await bench.addClip("0.2", ["--duration", "2"])
        try await bench.write("ltx2", ["--bucket", "128x96x17", "--crop", "object:0.2"])
        let video = try await GrayVideo(bench.set.pushing("videos/dog_001.mp4"))
        let masks = try await GrayVideo(bench.set.pushing("masks/dog_001.mp4")).inverted
        #expect((video.width, video.height, video.images.count) == (128, 96, 17))
        #expect(masks.agreement(with: video, at: 16) > 0.9)
        // 98 rows are shown with the margin, of which 70 are the object, and 131 columns.
        let share = Double(masks.images[16].pixels.count { $0 == 255 }) / (128 * 96)
        #expect(abs(share - 40 * 70 / (98.0 * 131)) < 0.03, "\(share)")
    }

    @Test func clipsOfAnotherOrientationAreNamed() async throws {
        let bench = try await RecutBench.boxed(box: "x=40:y=30:w=100:h=80")
        try await bench.addClip("0.2", ["--duration", "2"])
        let result = try await bench.export("ltx2", ["--bucket", "64x96x17", "--dry-run"])
        #expect(result.status == 0)
        #expect(result.output.contains("another orientation than the bucket 64x96x17: 1."))
        let wide = try await bench.export("ltx2", ["--bucket", "96x64x17", "--dry-run"])
        #expect(!wide.output.contains("orientation"))
    }

    @Test func aClipForLTX2KeepsItsLength() async throws {
        let bench = try await RecutBench.counting(rate: "30")
        try await bench.addClip("1", ["--duration", "4"])
        try await bench.write("ltx2", ["--no-masks"])
        let clip = bench.set.pushing("videos/dog_001.mp4")
        // 120 frames at 30 fps are 100 at 25: 97 are 8 n + 1, and 105 would be 5 too many.
        #expect(try await DecodedClip(clip).numbers.count == 97)
        #expect(try Folder.kind(of: bench.set.appending("masks")) == .missing)
        let table = try MaskSet.bytes(of: bench.set.appending("train.jsonl"))
        #expect(try LocatedJSON(parsing: table, .strict)["video_mask"] == nil)
    }

    @Test func clipsForVideoToAudioHaveTheirFrames() async throws {
        let bench = try await RecutBench.counting(filter: "scale=336:70:flags=neighbor")
        try await bench.addClip("1", ["--duration", "8"], masks: false)
        try await bench.write("ltx2-v2a")
        let video = try await GrayVideo(bench.set.pushing("videos/dog_001.mp4"))
        #expect((video.width, video.height, video.images.count) == (320, 64, 201))
        let audio = try await DecodedClip(bench.set.pushing("videos/dog_001.mp4")).samples
        #expect(audio.count >= 385_920)
        let check = try await bench.run(["dataset", "check", "set", "--profile", "ltx2-v2a"])
        #expect(check.status == 0, "\(check.output)")
    }

    /// Loaders that reserve memory for 2^30 samples of each channel drop clips of six.
    @Test(arguments: [["--duration", "8.04"], ["--profile", "mmaudio-16k"]])
    func clipsForMMAudioHaveTwoChannelsAtMost(options: [String]) async throws {
        let bench = try await RecutBench { path in
            let tones = "aevalsrc=\((1...6).map { "0.2*sin(\($0)00*t)" }.joined(separator: "|"))"
            try await Program.ffmpeg(
                ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=9", "-f", "lavfi"]
                    + ["-i", tones + ":channel_layout=5.1:duration=9"] + CounterClip.x264
                    + ["-c:a", "aac", path.string]
            )
            return path
        }
        let clip = try await bench.addClip("0.2", options, masks: false)
        try await bench.write("mmaudio-16k")
        let loaded = bench.set.pushing("videos/dog_001.mp4")
        #expect(try await Self.channels(of: loaded) == "2")
        let isCutForIt = options[0] == "--profile"
        #expect(try await Self.channels(of: clip) == (isCutForIt ? "2" : "6"))
        #expect(FileStatus.isSame(clip, loaded) == isCutForIt)
        guard !isCutForIt else { return }
        try MaskSet.bytes(of: clip).withUnsafeBytes { try AtomicFile.write($0, to: loaded) }
        let check = try await bench.run(["dataset", "check", "set", "--profile", "mmaudio-16k"])
        #expect(check.status == 65 && check.output.contains("its audio has 6 channels"))
    }

    private static func channels(of clip: FilePath) async throws -> String? {
        try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "a", "-show_entries", "stream=channels", "-of",
                "csv=p=0", clip.string,
            ]
        ).lines.first
    }

    @Test func whatAProfileDoesNotTakeIsRefused() async throws {
        let bench = try await RecutBench.boxed(box: "x=40:y=30:w=100:h=80")
        try await bench.addClip("0.2", ["--duration", "2"], masks: false)
        for (profile, options, word) in [
            ("hf", ["--bucket", "64x64x17"], "--bucket is for --profile ltx2"),
            ("ltx2-v2a", ["--bucket", "64x64x17"], "needs a bucket of 201 frames"),
            ("ltx2", ["--bucket", "64x65x17"], "multiples of 32"),
            ("ltx2", ["--crop", "9:16"], "--crop must be object"),
            ("ltx2", ["--crop", "object:-1"], "--crop must be object"),
            ("saganet", ["--no-masks"], "leave --no-masks out"),
            ("ltx2-v2a", ["--no-masks"], "leave --no-masks out"),
        ] {
            let result = try await bench.export(profile, options)
            #expect(result.status == 64 && result.errors.contains(word), "\(result.errors)")
        }
        let crop = try await bench.export("plain", ["--crop", "object"])
        #expect(crop.status == 65 && crop.errors.contains("it has no masks"))
    }

    struct Shape: Sendable {
        var box = "x=40:y=30:w=100:h=80"
        var encoding: [String] = []
        let options: [String]
        let bucket: String
    }

    @Test(arguments: [
        Shape(options: [], bucket: "96x64x17"),
        Shape(options: ["--crop", "1:1", "--crop-center", "0.2"], bucket: "64x96x17"),
        Shape(options: ["--short-side", "128"], bucket: "128x128x25"),
        Shape(
            encoding: ["-metadata:s:v", "rotate=90"],
            options: [],
            bucket: "64x96x17"
        ),
    ])
    func masksAreCroppedAsTheVideoIs(shape: Shape) async throws {
        let bench = try await RecutBench.boxed(box: shape.box, encoding: shape.encoding)
        try await bench.addClip("0.2", ["--duration", "2"] + shape.options)
        try await bench.write("ltx2", ["--bucket", shape.bucket])
        let video = try await GrayVideo(bench.set.pushing("videos/dog_001.mp4"))
        let masks = try await GrayVideo(bench.set.pushing("masks/dog_001.mp4"))
        let size = "\(video.width)x\(video.height)x\(video.images.count)"
        #expect(size == shape.bucket)
        #expect("\(masks.width)x\(masks.height)x\(masks.images.count)" == shape.bucket)
        for frame in [0, video.images.count - 1] {
            let agreement = masks.inverted.agreement(with: video, at: frame)
            #expect(agreement > 0.9, "\(agreement)")
        }
    }
}
