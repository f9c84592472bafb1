import Files
import SystemPackage
import TestSupport
import Testing

/// Contact sheets and videos that show masks.
@Suite struct PreviewTests {
    @Test func aSheetShowsFramesWithTheMaskTinted() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        let result = try await Program.run8cut(
            [
                "preview", "-i", clip.string, "-o", folder["sheet.png"].string, "--columns", "3",
                "--rows", "2",
            ])

        #expect(result.status == 0, "\(result.errors)")
        let sheet = try await pixels(folder["sheet.png"])
        #expect(sheet.width == 3 * (320 + 6) + 6 && sheet.height == 2 * (180 + 6) + 6)
        // The last cell shows the last frame; the disc is there, so its ground is tinted.
        let disc = sheet[2 * 326 + 6 + 250, 186 + 6 + 90]
        #expect(disc.red > disc.green + 60, "\(disc)")
        let ground = sheet[2 * 326 + 6 + 40, 186 + 6 + 150]
        #expect(abs(ground.red - ground.green) < 60, "\(ground)")
    }

    @Test func aVideoHasAllFramesAndTheAudio() async throws {
        let folder = try TemporaryFolder()
        let clip = folder["clip.mp4"]
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i", Clip.source(size: (161, 91), seconds: 1), "-f", "lavfi", "-i",
                "sine=frequency=440:duration=1", "-c:v", "ffv1", "-c:a", "aac",
                folder["clip.mkv"].string,
            ])
        _ = try await Program.run8cut(["masks", "saliency", "-i", folder["clip.mkv"].string])

        let result = try await Program.run8cut(
            ["preview", "-i", folder["clip.mkv"].string, "-o", clip.string])

        #expect(result.status == 0, "\(result.errors)")
        #expect(try await Clip.frameCount(clip) == 24)
        let probe = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-show_entries", "stream=codec_type,width,height", "-of", "csv=p=0",
                clip.string,
            ]
        )
        #expect(probe.lines == ["video,162,92", "audio"])
    }

    @Test func masksOfAnotherVideoAreRefused() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], seconds: 0.2)
        let other = try await Clip.make(folder["other.mp4"], size: (160, 90), seconds: 0.2)
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        let result = try await Program.run8cut(
            [
                "preview", "-i", other.string, "--masks", folder["clip_masks"].string, "-o",
                folder["sheet.png"].string,
            ])

        #expect(result.status == 65)
        #expect(result.errors.contains("320x180") && result.errors.contains("160x90"))
        #expect(throws: (any Error).self) { try MaskSet.bytes(of: folder["sheet.png"]) }
    }

    @Test func missingMasksAreReportedWithWhatToDo() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"], seconds: 0.2)

        let result = try await Program.run8cut(
            ["preview", "-i", clip.string, "-o", folder["sheet.png"].string])

        #expect(result.status == 66)
        #expect(result.errors.contains("8cut masks"))
    }

    @Test func aTimeBeyondAllReasonIsNone() async throws {
        let folder = try TemporaryFolder()
        let plain = try await Clip.make(folder["plain.mp4"], size: (64, 48), seconds: 0.5)
        let clip = folder["far.mkv"]
        // The audio begins at 0, the video thousands of years later.
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "sine=duration=1", "-i", plain.string, "-map", "1:v", "-map",
            "0:a", "-c:v", "copy", "-bsf:v", "setts=ts=TS+9000000000000000", clip.string,
        ])
        _ = try await Program.run8cut(["masks", "saliency", "-i", clip.string])

        let video = try await Program.run8cut(
            ["preview", "-i", clip.string, "-o", folder["overlay.mp4"].string])
        #expect(video.status == 0, "\(video.errors)")

        let sheet = try await Program.run8cut(
            ["preview", "-i", clip.string, "-o", folder["sheet.png"].string])
        #expect(sheet.status == 0, "\(sheet.errors)")
    }

    private struct Sheet {
        let width: Int
        let height: Int
        let bytes: [UInt8]

        subscript(x: Int, y: Int) -> (red: Int, green: Int, blue: Int) {
            let index = (y * width + x) * 3
            return (Int(bytes[index]), Int(bytes[index + 1]), Int(bytes[index + 2]))
        }
    }

    private func pixels(_ path: FilePath) async throws -> Sheet {
        let size = try await Program.run(
            "ffprobe",
            ["-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", path.string]
        )
        let sides = try #require(size.lines.first).split(separator: ",").compactMap { Int($0) }
        let raw = path.removingLastComponent().appending("raw.rgb")
        try await Program.ffmpeg(
            ["-i", path.string, "-f", "rawvideo", "-pix_fmt", "rgb24", raw.string])
        return Sheet(width: sides[0], height: sides[1], bytes: try MaskSet.bytes(of: raw))
    }
}
