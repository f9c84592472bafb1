import Files
import Imaging
import SystemPackage
import TestSupport
import Testing

/// `--crop object:MARGIN:follow`, on a video in which a white box of 40x50 pixels moves to and fro.
@Suite(.serialized) struct FollowTests {
    private static let area = 40 * 50

    private static func bench(
        x: String = "140+120*sin(PI*t)",
        y: String = "64+50*cos(2*t)",
        seconds: Int = 4
    ) async throws -> RecutBench {
        try await RecutBench { path in
            let frames =
                "color=0x202020:size=320x180:rate=25:duration=\(seconds)[b];"
                + "color=white:size=40x50:rate=25:duration=\(seconds)[w];"
                + "[b][w]overlay=x='\(x)':y='\(y)'"
            let tones = CounterClip.tones(seconds: Double(seconds))
            try await Program.ffmpeg(
                ["-f", "lavfi", "-i", frames, "-f", "lavfi", "-i", tones] + CounterClip.x264
                    + ["-c:a", "aac", path.string]
            )
            return path
        }
    }

    /// Checks that the box is in every frame as a whole, and nothing of it at the edges.
    private static func expectWholeBox(in video: GrayVideo, _ frames: Int) {
        #expect(video.images.count == frames)
        for (number, image) in video.images.enumerated() {
            let bright = image.pixels.indices.filter { image.pixels[$0] >= 128 }
            #expect(abs(bright.count - area) < area / 10, "frame \(number): \(bright.count)")
            let columns = bright.map { $0 % video.width }
            let rows = bright.map { $0 / video.width }
            #expect(columns.min() ?? 0 > 0 && columns.max() ?? 0 < video.width - 1, "\(number)")
            #expect(rows.min() ?? 0 > 0 && rows.max() ?? 0 < video.height - 1, "\(number)")
        }
    }

    private static func audio(_ clip: FilePath) async throws -> [String] {
        try await Program.run(
            "ffmpeg",
            ["-v", "error", "-i", clip.string, "-map", "0:a", "-c", "copy", "-f", "md5", "-"]
        ).lines
    }

    @Test func aDataSetFollowsTheObjectOnEveryFrame() async throws {
        let bench = try await Self.bench()
        let clip = try await bench.addClip("0.4", ["--duration", "3"])
        try await bench.write("hf", ["--crop", "object:0.2:follow"])
        let video = try await GrayVideo(bench.set.pushing("train/dog_001.mp4"))
        // 40 and 50 with the margins and two pixels for even places; the least side is 64.
        #expect(video.width == 64 && (72...78).contains(video.height), "\(video.height)")
        Self.expectWholeBox(in: video, 75)
        let masks = try await GrayVideo(bench.set.pushing("train/dog_001_mask.mp4"))
        #expect((masks.width, masks.height) == (video.width, video.height))
        #expect(masks.images.count == 75)
        for frame in 0..<75 {
            #expect(masks.agreement(with: video, at: frame) > 0.95, "frame \(frame)")
        }
        let set = bench.set.pushing("train/dog_001.mp4")
        #expect(try await Self.audio(set) == Self.audio(clip))
        let again = try await bench.export("hf", ["--crop", "object:0.2:follow"])
        #expect(again.output.contains("nothing has changed"))
        // One box for all frames is larger.
        try await bench.write("hf", ["--crop", "object:0.2"])
        #expect(try await GrayVideo(set).width > 200)
    }

    @Test func aBucketFollowsTheObject() async throws {
        let bench = try await Self.bench()
        try await bench.addClip("0.4", ["--duration", "3"])
        try await bench.write("ltx2", ["--bucket", "128x96x65", "--crop", "object:0.1:follow"])
        let video = try await GrayVideo(bench.set.pushing("videos/dog_001.mp4"))
        #expect((video.width, video.height, video.images.count) == (128, 96, 65))
        for image in video.images {
            // 64 rows are shown, the least, and a third more columns.
            let share = Double(image.pixels.count { $0 >= 128 }) / (128 * 96)
            #expect(abs(share - Double(Self.area) / (64.0 * 64 * 4 / 3)) < 0.05, "\(share)")
        }
    }

    @Test func theDetailOfSAGANetFollowsTheObject() async throws {
        let bench = try await Self.bench(x: "140+120*sin(t)", y: "64", seconds: 7)
        try await bench.addClip("0.4", ["--duration", "5.04"])
        try await bench.write("saganet", ["--crop", "object:1:follow"])
        let folder = bench.set.pushing("videos/train/dog_001")
        let detail = try await GrayVideo(folder.appending("dog_001_detail.mp4"))
        let masks = try await GrayVideo(folder.appending("dog_001_mask_detail.mp4"))
        #expect((detail.width, detail.height) == (224, 224))
        for frame in 0..<126 {
            #expect(masks.agreement(with: detail, at: frame) > 0.9, "frame \(frame)")
        }
    }

    @Test func anExportFollowsTheObjectOfTheMasks() async throws {
        let bench = try await Self.bench()
        let export = [
            "export", "-i", bench.video.string, "--start", "0.4", "--to", "crops", "--name", "dog",
            "--duration", "3", "--preset", "ultrafast",
        ]
        let early = try await bench.run(export + ["--crop", "object"])
        #expect(early.status == 66 && early.errors.contains("no clip that begins there"))
        #expect(early.errors.contains("8cut masks sam --clip NUMBER"))
        let clip = try await bench.addClip("0.4", ["--duration", "3"], masks: false)
        let bare = try await bench.run(export + ["--crop", "object"])
        #expect(bare.status == 66 && bare.errors.contains("8cut masks sam --clip 1"))
        try await bench.addMasks(to: clip)
        let result = try await bench.run(export + ["--crop", "object:0.2:follow"])
        #expect(result.status == 0, "\(result.errors)")
        let video = try await GrayVideo(bench.folder["crops"].appending("dog_001.mp4"))
        #expect(video.width == 64)
        Self.expectWholeBox(in: video, 75)
        let audio = try await Self.audio(bench.folder["crops"].appending("dog_001.mp4"))
        #expect(try await audio == Self.audio(clip))
        let fixed = try await bench.run(export + ["--crop", "object"])
        #expect(fixed.status == 0, "\(fixed.errors)")
        Self.expectWholeBox(
            in: try await GrayVideo(bench.folder["crops"].appending("dog_002.mp4")),
            75
        )
        let long = try await bench.run(export + ["--crop", "object", "--duration", "3.4"])
        #expect(long.status == 66 && long.errors.contains("frames before the clip"))
    }

    @Test func aClipThatFollowsIsCutAgainAlongItsPath() async throws {
        let bench = try await Self.bench(x: "140+60*sin(t)", y: "64+20*cos(t)")
        let clip = try await bench.addClip("0.4", ["--duration", "3"])
        let again = ["export", "--replace", "1", "--crop", "object:1:follow"]
        let result = try await bench.run(again)
        #expect(result.status == 0, "\(result.errors)")
        let whole = try await GrayVideo(clip)
        Self.expectWholeBox(in: whole, 75)
        // 73 frames at sides that are multiples of 32.
        try await bench.write("ltx2", ["--no-masks"])
        let video = try await GrayVideo(bench.set.pushing("videos/dog_001.mp4"))
        #expect((video.width, video.height) == (96, 128))
        Self.expectWholeBox(in: video, 73)
        let crop = try await bench.run([
            "export", "--replace", "1", "--start", "0.6", "--preset", "ultrafast",
        ])
        #expect(crop.status == 64 && crop.errors.contains("with --crop"))
        let longer = try await bench.run(["export", "--replace", "1", "--duration", "2"])
        #expect(longer.status == 64 && longer.errors.contains("follows an object for 75 frames"))
    }

    @Test func whatCannotFollowIsRefused() async throws {
        let bench = try await Self.bench()
        let export = [
            "export", "-i", bench.video.string, "--start", "0.4", "--to", "crops", "--name", "dog",
        ]
        for (options, word) in [
            (["--crop", "object:follow:0.2"], "--crop must be object"),
            (["--crop", "object", "--count", "2"], "leave --count out"),
            (["--crop", "object", "--crop-center", "0.2"], "leave --crop-center out"),
            (["--crop", "subject"], "--crop must be a ratio"),
        ] {
            let result = try await bench.run(export + options)
            #expect(result.status == 64 && result.errors.contains(word), "\(result.errors)")
        }
    }
}
