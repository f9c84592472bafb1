import Files
import SystemPackage
import TestSupport
import Testing

/// One mask per decoded frame, of the right size and the right way up, whatever the video is
/// like.
@Suite struct VideoKindTests {
    /// A way to store the clip.
    struct Kind: CustomTestStringConvertible {
        var name: String
        var encoding: [String]
        var size = (width: 160, height: 90)

        init(_ name: String, _ encoding: String, _ width: Int = 160, _ height: Int = 90) {
            self.name = name
            self.encoding = encoding.split(separator: " ").map(String.init)
            size = (width, height)
        }

        var testDescription: String { "\(name) \(encoding.joined(separator: " "))" }
    }

    static let h264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"

    @Test(arguments: [
        Kind("c.mkv", "-c:v ffv1 -pix_fmt yuv420p", 161, 91),
        Kind("c.mp4", "-c:v libx264 -pix_fmt yuv444p", 161, 91),
        Kind("c.mkv", "-c:v libx264 -pix_fmt yuv420p10le"),
        Kind("c.mkv", "-c:v libx264 -pix_fmt yuv422p"),
        Kind("c.mkv", "-c:v ffv1 -pix_fmt yuv422p10le", 161, 91),
        Kind("c.mkv", "-c:v ffv1 -pix_fmt yuva420p"),
        Kind("c.mov", "-c:v png -pix_fmt rgba"),
        Kind("c.mov", "-c:v qtrle -pix_fmt argb"),
        Kind("c.mkv", "-c:v ffv1 -pix_fmt gray"),
        Kind("c.mkv", "-c:v ffv1 -pix_fmt gray10le"),
        Kind("c.mkv", "-c:v ffv1 -pix_fmt bgr0"),
        Kind("c.avi", "-c:v mjpeg -pix_fmt yuvj420p"),
        Kind("c.mp4", "\(h264) -vf setsar=2"),
        Kind("c.mpg", "-c:v mpeg2video -flags +ildct+ilme -alternate_scan 1 -top 1"),
    ])
    func everyFormatOfPixels(_ kind: Kind) async throws {
        try await check(kind)
    }

    @Test(arguments: [
        Kind("c.mp4", "-c:v libx264 -bf 3 -g 250 -pix_fmt yuv420p"),
        Kind("c.mkv", "-c:v libx264 -x264-params open-gop=1:keyint=5:bframes=3 -pix_fmt yuv420p"),
        Kind("c.mp4", "\(h264) -movflags frag_keyframe+empty_moov"),
        Kind("c.mp4", "\(h264) -movflags +faststart"),
        Kind("c.mov", "\(h264) -timecode 01:00:00:00"),
        Kind("c.mp4", "\(h264) -output_ts_offset 5"),
        Kind("c.ts", "\(h264) -output_ts_offset 5"),
        Kind("c.avi", "-c:v mpeg4"),
        Kind("c.webm", "-c:v libvpx -deadline realtime"),
        Kind("c.flv", "-c:v flv1"),
        Kind("c.ogv", "-c:v libtheora -q:v 8"),
        Kind("c.wmv", "-c:v wmv2"),
        Kind("c.gif", ""),
        Kind("c.nut", "-c:v ffv1"),
        Kind("c.h264", h264),
        Kind("c.y4m", "-pix_fmt yuv420p"),
    ])
    func everyContainer(_ kind: Kind) async throws {
        try await check(kind)
    }

    /// The chain of filters that brings HDR down is picky about sizes and colours.
    @Test(arguments: [
        Kind("c.mkv", hdr("color_trc=smpte2084:color_primaries=bt2020:colorspace=bt2020nc")),
        Kind(
            "c.mkv",
            hdr("color_trc=smpte2084:color_primaries=bt2020:colorspace=bt2020nc"),
            161,
            91
        ),
        Kind("c.mkv", hdr("color_trc=arib-std-b67:color_primaries=bt2020:colorspace=bt2020c")),
        Kind("c.mkv", hdr("color_trc=smpte2084")),
    ])
    func everyKindOfHDR(_ kind: Kind) async throws {
        try await check(kind)
    }

    static func hdr(_ tags: String) -> String {
        "-vf format=yuv420p10le,setparams=\(tags) -c:v ffv1"
    }

    @Test(arguments: [90, 180, 270])
    func turnedVideosGetUprightMasks(_ angle: Int) async throws {
        let folder = try TemporaryFolder()
        let clip = try await CornerClip.make(folder["flat.mp4"], words(Self.h264))
        let turned = folder["turned.mp4"]
        try await Program.ffmpeg(
            ["-i", clip.string, "-c", "copy", "-metadata:s:v", "rotate=\(angle)", turned.string])
        let (x, y) = CornerClip.place
        // This ffmpeg takes the angle as counterclockwise.
        let (size, place) =
            switch angle {
            case 90: ((90, 160), (y, 1 - x))
            case 180: ((160, 90), (1 - x, 1 - y))
            default: ((90, 160), (1 - y, x))
            }

        let masks = try await MaskCheck.run(turned, size: size)

        try MaskCheck.expectObject(of: masks, at: place)
        #expect(masks.manifest.input.width == size.0 && masks.manifest.input.height == size.1)
    }

    @Test(arguments: [(1, 1), (2, 2), (1, 9), (33, 17)])
    func tinyVideos(_ size: (Int, Int)) async throws {
        let folder = try TemporaryFolder()
        let clip = folder["c.mkv"]
        let raw = folder["c.raw"]
        let pixels = (0..<size.0 * size.1 * 3).map { UInt8(truncatingIfNeeded: $0 * 37) }
        try AtomicFile.write(String(decoding: pixels.map { $0 & 127 }, as: UTF8.self), to: raw)
        try await Program.ffmpeg([
            "-f", "rawvideo", "-pixel_format", "gray", "-video_size", "\(size.0)x\(size.1)",
            "-i", raw.string, "-c:v", "ffv1", clip.string,
        ])

        let masks = try await MaskCheck.run(clip, size: size)

        #expect(masks.names.count == 3)
    }

    @Test func oneFrame() async throws {
        let folder = try TemporaryFolder()
        let clip = try await CornerClip.make(
            folder["c.mp4"],
            words("\(Self.h264) -frames:v 1")
        )

        let masks = try await MaskCheck.run(clip, size: (160, 90))

        #expect(masks.names == ["frame_0000.png"])
    }

    @Test func interlacedFramesStayFrames() async throws {
        let folder = try TemporaryFolder()
        let clip = try await CornerClip.make(
            folder["c.mkv"],
            words(
                "-vf tinterlace=interleave_top -c:v libx264 -flags +ilme+ildct -pix_fmt yuv420p"
            ),
            height: 96
        )

        let masks = try await MaskCheck.run(clip, size: (160, 96))

        #expect(masks.names.count == 6)
    }

    private func check(_ kind: Kind) async throws {
        let folder = try TemporaryFolder()
        let clip = try await CornerClip.make(
            folder[kind.name],
            kind.encoding,
            width: kind.size.width,
            height: kind.size.height
        )

        let masks = try await MaskCheck.run(clip, size: kind.size)

        try MaskCheck.expectObject(of: masks, at: CornerClip.place)
    }

    private func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }
}
