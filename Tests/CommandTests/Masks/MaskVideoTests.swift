import Files
import Glibc
import Imaging
import MaskStore
import Progress
import SystemPackage
import TestSupport
import Testing

/// `--video`: the masks as a video that programs read.
@Suite struct MaskVideoTests {
    private static func masks(
        _ folder: TemporaryFolder,
        _ more: [String]
    ) async throws -> ProgramResult {
        try await Program.run8cut(
            ["masks", "saliency", "-i", "clip.mkv"] + more,
            in: folder.path
        )
    }

    /// The samples of all frames, decoded to a pixel format.
    private static func samples(_ path: FilePath, _ format: String) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        try await Program.ffmpeg([
            "-i", path.string, "-fps_mode", "passthrough", "-pix_fmt", format, "-f", "rawvideo",
            folder["samples"].string,
        ])
        return try MaskSet.bytes(of: folder["samples"])
    }

    private static func probe(_ path: FilePath, _ entries: String) async throws -> [String] {
        try await Program.run(
            "ffprobe",
            ["-v", "error", "-show_entries", entries, "-of", "csv=p=0", path.string]
        ).lines
    }

    @Test func itComesBackAsTheFilesAre() async throws {
        let folder = try TemporaryFolder()
        // Odd sides, and a rate whose frames have no whole milliseconds.
        let frames = Clip.source(size: (97, 65), seconds: 0.5)
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "\(frames),setpts=N/(24000/1001)/TB", "-r", "24000/1001", "-c:v",
            "ffv1", folder["clip.mkv"].string,
        ])
        for (name, invert) in [("a.mkv", []), ("b.mp4", []), ("c.mov", ["--invert"])] {
            let output = invert.isEmpty ? "plain" : "black"
            let result = try await Self.masks(
                folder,
                ["-o", output, "--video", folder[name].string, "--progress", "json"] + invert
            )
            #expect(result.status == 0, "\(result.errors)")
            let events = try result.lines.map { try ProgressEvent(jsonLine: $0) }
            let artifact = ProgressEvent.Artifact(kind: "video", path: folder[name].string)
            #expect(events.contains(.artifact(artifact)))

            let masks = try MaskSet(folder[output])
            let files = try masks.names.indices.flatMap { try masks[$0].pixels }
            #expect(Set(files) == [0, 255])
            #expect(try await Self.samples(folder[name], "gray") == files, "\(name)")
            let colours = try await Self.samples(folder[name], "rgb24")
            #expect(colours == files.flatMap { [$0, $0, $0] }, "\(name)")
            // What converts it to the format of most videos has black and white, too.
            let other = try await Self.samples(folder[name], "yuv420p").prefix(97 * 65)
            #expect(Array(other) == Array(files.prefix(97 * 65)), "\(name)")
            #expect(
                try await Self.probe(folder[name], "stream=codec_type,width,height,r_frame_rate")
                    == ["video,97,65,24000/1001"]
            )
            let times = try await Self.probe(folder[name], "frame=pts_time").compactMap {
                Double($0.filter { $0 != "," })
            }
            #expect(times.count == masks.names.count)
            #expect(abs((times.last ?? 0) - Double(times.count - 1) * 1001 / 24000) < 0.001)
        }
    }

    @Test func aVaryingRateHasAFrameForEachMask() async throws {
        let folder = try TemporaryFolder()
        try await Program.ffmpeg([
            "-f", "lavfi", "-i",
            Clip.source(size: (64, 48), rate: 25) + ",select='lt(n,8)+not(mod(n,5))'", "-fps_mode",
            "passthrough", "-c:v", "ffv1", folder["clip.mkv"].string,
        ])
        let result = try await Self.masks(folder, ["--video", "mask.mp4"])
        #expect(result.status == 0, "\(result.errors)")
        let masks = try MaskSet(folder["clip_masks"])
        let files = try masks.names.indices.flatMap { try masks[$0].pixels }
        #expect(masks.names.count == 11)
        #expect(try await Self.samples(folder["mask.mp4"], "gray") == files)
        let rates = try await Self.probe(folder["mask.mp4"], "stream=r_frame_rate,avg_frame_rate")
            .first?.split(separator: ",")
        #expect(rates?.first == rates?.last)
    }

    @Test func itReplacesNothingButVideosOfMasks() async throws {
        let folder = try TemporaryFolder()
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", Clip.source(size: (64, 48), seconds: 0.25), "-c:v", "ffv1",
            folder["clip.mkv"].string,
        ])
        let first = try await Self.masks(folder, ["--preview", "p.mkv", "--video", "m.mkv"])
        #expect(first.status == 0, "\(first.errors)")
        let video = try MaskSet.bytes(of: folder["m.mkv"])
        let again = try await Self.masks(folder, ["--video", "m.mkv"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try MaskSet.bytes(of: folder["m.mkv"]) == video)

        // A preview is none, nor is the clip, nor what somebody has changed.
        try (video + [0]).withUnsafeBytes { try AtomicFile.write($0, to: folder["changed.mkv"]) }
        for name in ["p.mkv", "clip.mkv", "clip_masks/../clip.mkv", "changed.mkv"] {
            let before = try MaskSet.bytes(of: folder[name])
            let result = try await Self.masks(folder, ["--video", name])
            #expect(result.status == 73 && result.errors.contains("--video"), "\(result.errors)")
            #expect(try MaskSet.bytes(of: folder[name]) == before)
        }
        let preview = try await Self.masks(folder, ["--preview", "m.mkv"])
        #expect(preview.status == 73, "\(preview.errors)")
        let forced = try await Self.masks(folder, ["--video", "changed.mkv", "--overwrite"])
        #expect(forced.status == 0, "\(forced.errors)")
        for wrong in [
            ["--video", "x.png"], ["--video", "x"], ["--video", "x.mp4", "--preview", "./x.mp4"],
        ] {
            let result = try await Self.masks(folder, wrong)
            #expect(result.status == 64, "\(wrong): \(result.errors)")
        }
        #expect(try Folder.names(in: folder.path).allSatisfy { !$0.hasPrefix(".8cut-tmp") })
    }

    /// What SAGANet loads: 126 frames, so that 125 are left on every version of FFmpeg.
    @Test func masksAreAsManyAsTheFramesOfAClip() async throws {
        let folder = try TemporaryFolder()
        try await CounterClip.make(folder["source.mp4"], rate: "30", frames: 180, seconds: 6)
        let cut = try await Program.run8cut(
            [
                "export", "-i", "source.mp4", "-s", "0.5", "--duration", "5.04", "--fps", "25",
                "--short-side", "32", "--to", "clips", "--name", "a",
            ],
            environment: ["EIGHTCUT_HOME": folder["home"].string],
            in: folder.path
        )
        #expect(cut.status == 0, "\(cut.errors)")
        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", "clips/a_001.mp4", "--video", "mask.mp4"],
            in: folder.path
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(try MaskSet(folder["clips/a_001_masks"]).names.count == 126)
        #expect(try await Clip.frameCount(folder["mask.mp4"]) == 126)
        let graph = "movie=\(folder["mask.mp4"].string),fps=25"
        let loaded = try await Program.run(
            "ffmpeg",
            [
                "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", graph, "-fps_mode",
                "passthrough", "-f", "framemd5", "-",
            ]
        )
        #expect(loaded.lines.count { !$0.hasPrefix("#") } >= 125)
    }
}
