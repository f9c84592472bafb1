import Imaging
import Media
import SystemPackage
import TestSupport
import Testing

/// Which stream is taken, which frames it has, and when they are shown.
@Suite struct VideoStreamTests {
    private static let h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]

    @Test func theFirstVideoStreamThatIsNoCoverIsTaken() async throws {
        let folder = try TemporaryFolder()
        let clip = folder["c.mp4"]
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", "color=red:size=64x64:duration=0.04", "-f", "lavfi", "-i",
                CornerClip.source(), "-f", "lavfi", "-i", "testsrc=size=96x64:duration=1",
                "-f", "lavfi", "-i", "sine=duration=1", "-map", "3", "-map", "0", "-map", "1",
                "-map", "2", "-c:v:0", "mjpeg",
            ] + ["-c:v:1", "mpeg4", "-c:v:2", "mpeg4", "-disposition:v:0", "attached_pic"]
                + [clip.string]
        )
        let kinds = try await Program.run(
            "ffprobe",
            [
                "-loglevel", "error", "-select_streams", "v", "-show_entries",
                "stream=width:stream_disposition=attached_pic", "-of", "csv=p=0", clip.string,
            ]
        )
        let covers = kinds.lines.map { $0.hasSuffix(",1") }
        try #require(covers.contains(true), "\(kinds.lines)")
        let stream = covers.firstIndex(of: false) ?? -1

        let masks = try await MaskCheck.run(clip, size: (160, 90), stream: "0:v:\(stream)")

        try MaskCheck.expectObject(of: masks, at: CornerClip.place)
    }

    /// Files with a cover that comes first are rare; the choice is made from ffprobe's report.
    @Test func aCoverThatComesFirstIsSkipped() throws {
        let json = """
            {"streams": [
              {"index": 0, "codec_type": "video", "width": 600, "height": 600,
               "disposition": {"attached_pic": 1}},
              {"index": 1, "codec_type": "audio"},
              {"index": 2, "codec_type": "video", "width": 160, "height": 90,
               "disposition": {"attached_pic": 0}}]}
            """
        let stream = try ProbeReport(json: Array(json.utf8), path: "c.mkv")
            .videoStream(path: "c.mkv")
        #expect(stream.index == 2 && stream.width == 160 && stream.hasAudio)
    }

    @Test func framesThatAnEditListHidesGetNoMask() async throws {
        let folder = try TemporaryFolder()
        let whole = try await CornerClip.make(folder["whole.mp4"], Self.h264)
        let cut = folder["cut.mp4"]
        try await Program.ffmpeg(["-ss", "0.5", "-i", whole.string, "-c", "copy", cut.string])
        let promised = try await Program.run(
            "ffprobe",
            [
                "-loglevel", "error", "-show_entries", "stream=nb_frames", "-of", "csv=p=0",
                cut.string,
            ]
        )

        let masks = try await MaskCheck.run(cut, size: (160, 90))

        #expect(promised.lines.first == "12")
        #expect(masks.names.count == 6)
    }

    @Test func aSizeThatChangesInMidStreamIsScaledToTheFirst() async throws {
        let folder = try TemporaryFolder()
        let first = try await CornerClip.make(folder["1.ts"], Self.h264)
        let second = try await CornerClip.make(folder["2.ts"], Self.h264, width: 96, height: 64)
        let both = folder["both.ts"]
        _ = try await Program.run(
            "sh",
            ["-c", "cat \"$0\" \"$1\" > \"$2\"", first.string, second.string, both.string]
        )

        let masks = try await MaskCheck.run(both, size: (160, 90))

        #expect(masks.names.count == 24)
        try MaskCheck.expectObject(of: masks, at: CornerClip.place)
        // The timestamps of the second half begin anew; ffmpeg lines them up.
        let times = masks.manifest.frames.map { $0.time ?? -1 }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(times)")
    }

    @Test(arguments: ["c.mkv", "c.mp4"])
    func timesOfAVariableRateAreKept(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let clip = try await CornerClip.make(
            folder[name],
            ["-vf", "select='lt(n,4)+not(mod(n,3))'", "-fps_mode", "vfr"] + Self.h264
        )

        let masks = try await MaskCheck.run(clip, size: (160, 90))

        #expect(masks.names.count == 6)
        try await expectTimes(of: masks, areThoseOf: clip)
    }

    /// 11 µs lie between the third and the fourth frame; nothing is wrong with such a file.
    @Test func framesWithNearlyTheSameTimeAreAllKept() async throws {
        let folder = try TemporaryFolder()
        let clip = try await CornerClip.make(
            folder["c.mp4"],
            [
                "-vf", "settb=1/90000,setpts='if(eq(N,3),N*9000-8999,N*9000)'",
                "-fps_mode", "passthrough", "-enc_time_base", "1/90000",
                "-video_track_timescale", "90000",
            ] + Self.h264
        )

        let masks = try await MaskCheck.run(clip, size: (160, 90))

        #expect(masks.names.count == 12)
        try await expectTimes(of: masks, areThoseOf: clip)
    }

    @Test func aVideoThatStartsAfterItsAudioKeepsItsTimes() async throws {
        let folder = try TemporaryFolder()
        let clip = folder["c.mkv"]
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", "sine=duration=3", "-itsoffset", "1.5", "-f", "lavfi", "-i",
                CornerClip.source(),
            ] + Self.h264 + [clip.string]
        )

        let masks = try await MaskCheck.run(clip, size: (160, 90))

        #expect(abs((masks.manifest.frames.first?.time ?? 0) - 1.5) < 0.01)
        try await expectTimes(of: masks, areThoseOf: clip)
    }

    /// A last frame that is shown for ten seconds looks like a file that was cut off.
    @Test(arguments: ["c.mp4", "c.mkv", "c.avi", "c.gif"])
    func aFrameThatIsShownForLongIsNoDamage(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let clip = folder[name]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc=size=64x48:rate=1/10:duration=10", clip.string,
        ])

        let masks = try await MaskCheck.run(clip, size: (64, 48))

        #expect(masks.names.count == 1)
    }

    @Test func coloursOfMessagesDoNotHideTheTimes() async throws {
        let folder = try TemporaryFolder()
        let clip = try await CornerClip.make(folder["c.mp4"], Self.h264)

        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string],
            environment: ["AV_LOG_FORCE_COLOR": "1"]
        )

        #expect(result.status == 0)
        try await expectTimes(of: try MaskSet(folder["c_masks"]), areThoseOf: clip)
    }

    @Test func hdrBecomesAsBrightAsTheSameSceneInSDR() async throws {
        let folder = try TemporaryFolder()
        let plain = try await CornerClip.make(
            folder["sdr.mkv"],
            ["-pix_fmt", "yuv420p", "-c:v", "ffv1"]
        )
        let high = try await CornerClip.make(
            folder["hdr.mkv"],
            [
                "-vf",
                "zscale=tin=bt709:min=bt709:pin=bt709:t=smpte2084:m=bt2020nc:p=bt2020:npl=100,"
                    + "format=yuv420p10le", "-c:v", "ffv1",
            ]
        )

        let (expected, delivered) = (try await meanLuma(of: plain), try await meanLuma(of: high))

        #expect(abs(expected - delivered) < 30, "\(expected) and \(delivered)")
    }

    private func meanLuma(of path: FilePath) async throws -> Double {
        let stream = try await VideoProbe.stream(of: path)
        let decoder = VideoDecoder(path: path, stream: stream, format: .yuv420p)
        let (sum, report) = try await decoder.withFrames { frames in
            var sum = 0.0
            while let frame = try await frames.next() {
                sum += frame.withPlane(0) { plane, samples in
                    Double(samples.reduce(0) { $0 + Int($1) }) / Double(plane.byteCount)
                }
            }
            return sum
        }
        return sum / Double(report.frameCount)
    }

    /// ffmpeg lets the file, whatever its first timestamp is, begin at zero.
    private func expectTimes(
        of masks: MaskSet,
        areThoseOf clip: FilePath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let probe = { (entries: String) in
            try await Program.run(
                "ffprobe",
                [
                    "-loglevel", "error", "-select_streams", "v:0", "-show_entries", entries,
                    "-of", "csv=p=0", clip.string,
                ]
            ).lines.compactMap { Double($0.prefix { $0 != "," }) }
        }
        let start = try await probe("format=start_time").first ?? 0
        let expected = try await probe("frame=pts_time")
        let times = masks.manifest.frames.map { $0.time ?? -1 }
        #expect(times.count == expected.count, sourceLocation: sourceLocation)
        for (time, pts) in zip(times, expected) {
            #expect(abs(time - (pts - start)) < 2e-5, sourceLocation: sourceLocation)
        }
    }
}
