import SystemPackage
import TestSupport
import Testing

/// Previews of videos whose pixels are not square are as wide as players show the video.
@Suite struct PreviewShapeTests {
    @Test func previewsKeepTheShapeOfPixels() async throws {
        let folder = try TemporaryFolder()
        let video = folder["dvd.mp4"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i",
            Clip.source(size: (320, 256), rate: 25, seconds: 0.2) + ",setsar=64/45", "-c:v",
            "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", video.string,
        ])
        _ = try await Program.run8cut(["masks", "saliency", "-q", "-i", video.string])
        for name in ["sheet.png", "overlay.mp4"] {
            let result = try await Program.run8cut([
                "preview", "-q", "-i", video.string, "-o", folder[name].string, "--columns", "1",
                "--rows", "1",
            ])
            #expect(result.status == 0, "\(result.errors)")
        }
        let probe = { (name: String, entries: String) in
            try await Program.run(
                "ffprobe",
                [
                    "-v", "error", "-select_streams", "v", "-show_entries", "stream=" + entries,
                    "-of", "csv=p=0", folder[name].string,
                ]
            ).lines.first
        }
        let tags = "width,height,sample_aspect_ratio,color_range,color_space"
        #expect(try await probe("overlay.mp4", tags) == "320,256,64:45,tv,bt709")
        // 455 columns for 256 rows, made smaller to 420, and a rim of 6.
        #expect(try await probe("sheet.png", "width,height") == "432,248")
    }
}
