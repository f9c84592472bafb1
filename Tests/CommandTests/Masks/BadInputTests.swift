import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Files that are no video, or no whole one.
@Suite struct BadInputTests {
    private static let h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]

    @Test func aMissingFileIsNamed() async throws {
        let folder = try TemporaryFolder()
        try await expectError(folder["none.mp4"], status: 66, saying: "there is no such file")
    }

    @Test func aFolderIsNoVideo() async throws {
        let folder = try TemporaryFolder()
        try Folder.create(folder["clip.mp4"])
        try await expectError(folder["clip.mp4"], status: 65, saying: "it is a folder")
    }

    @Test func anEmptyFileIsNoVideo() async throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("", to: folder["clip.mp4"])
        try await expectError(folder["clip.mp4"], status: 65, saying: "it is empty")
    }

    @Test func aTextIsNoVideo() async throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "This is no video at all.\n", count: 100)
        try AtomicFile.write(text, to: folder["clip.mp4"])
        try await expectError(folder["clip.mp4"], status: 65, saying: "nvalid data")
    }

    @Test func aPipeIsNoFile() async throws {
        let folder = try TemporaryFolder()
        mkfifo(folder["clip.mp4"].string, 0o644)
        try await expectError(folder["clip.mp4"], status: 65, saying: "a device or a pipe")
    }

    @Test func audioAloneIsNoVideo() async throws {
        let folder = try TemporaryFolder()
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "sine=duration=1", folder["clip.mp4"].string,
        ])
        try await expectError(
            folder["clip.mp4"],
            status: 65,
            saying: "it has no video stream, only: audio"
        )
    }

    @Test func coverArtIsNoVideo() async throws {
        let folder = try TemporaryFolder()
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "sine=duration=1", "-f", "lavfi", "-i",
            "color=red:size=64x64:duration=0.04", "-map", "0", "-map", "1", "-c:v", "mjpeg",
            "-disposition:v:0", "attached_pic", folder["clip.m4a"].string,
        ])
        try await expectError(folder["clip.m4a"], status: 65, saying: "it has no video stream")
    }

    @Test func aFileThatMayNotBeReadIsRefused() async throws {
        let folder = try TemporaryFolder()
        let clip = try await CornerClip.make(folder["clip.mp4"], Self.h264)
        chmod(clip.string, 0)

        let result = try await Sandbox.run8cutAsOrdinaryUser(
            ["masks", "saliency", "-i", clip.string],
            in: folder
        )

        #expect(result.status == 66)
        #expect(result.errors.contains("'\(clip)': Permission denied"), "\(result.errors)")
        #expect(try Folder.kind(of: folder["clip_masks"]) == .missing)
    }

    @Test func anMP4WithoutItsIndexIsRefused() async throws {
        let folder = try TemporaryFolder()
        let whole = try await CornerClip.make(folder["whole.mp4"], Self.h264)
        let cut = try cut(whole, to: folder["clip.mp4"], part: 0.6)
        try await expectError(cut, status: 65, saying: "moov atom not found")
    }

    @Test func aVideoStreamWithoutFramesIsRefused() async throws {
        let folder = try TemporaryFolder()
        let clip = folder["clip.mkv"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", CornerClip.source(), "-f", "lavfi", "-i", "sine=duration=1",
            "-bsf:v", "noise=drop=1", "-c:v", "mpeg4", clip.string,
        ])
        try await expectError(clip, status: 65, saying: "frame")
    }

    /// A header that declares frames, and nothing behind it.
    @Test func aVideoThatEndsBehindItsHeaderIsRefused() async throws {
        let folder = try TemporaryFolder()
        let whole = try await CornerClip.make(
            folder["whole.mp4"],
            Self.h264 + ["-movflags", "+faststart"]
        )
        let media = try #require(try offset(of: "mdat", in: whole))
        let cut = try cut(whole, to: folder["clip.mp4"], bytes: media + 4)
        try await expectError(cut, status: 65, saying: "frame")
    }

    @Test(arguments: ["clip.mp4", "clip.mkv", "clip.ts", "clip.flv", "clip.webm"])
    func aVideoThatIsCutOffGetsMasksForWhatDecodes(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let codec = name.hasSuffix("webm") ? ["-c:v", "libvpx"] : Self.h264
        let mp4 = name.hasSuffix("mp4") ? ["-movflags", "+faststart"] : []
        let whole = try await CornerClip.make(folder["whole-" + name], codec + mp4 + ["-g", "4"])
        let clip = try cut(whole, to: folder[name], part: 0.75)

        try await expectDamage(clip)
    }

    /// Nothing in such a file is incomplete but the file itself.
    @Test func aMatroskaFileThatIsCutBetweenClustersIsCutOff() async throws {
        let folder = try TemporaryFolder()
        let whole = try await CornerClip.make(
            folder["whole.mkv"],
            Self.h264 + ["-g", "3", "-cluster_time_limit", "250"]
        )
        let cluster: [UInt8] = [0x1F, 0x43, 0xB6, 0x75]
        let bytes = try MaskSet.bytes(of: whole)
        let starts = bytes.indices.dropLast(4).filter { Array(bytes[$0..<$0 + 4]) == cluster }
        try #require(starts.count >= 3)
        let clip = try cut(whole, to: folder["clip.mkv"], bytes: starts[2])

        try await expectDamage(clip)
    }

    /// AVI reports no error when frames are missing at its end, but its header has their number.
    @Test func framesThatAreMissingAtTheEndAreMissed() async throws {
        let folder = try TemporaryFolder()
        let clip = folder["clip.avi"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc=size=64x48:rate=4:duration=8", "-c:v", "mjpeg",
            folder["whole.avi"].string,
        ])
        _ = try cut(folder["whole.avi"], to: clip, part: 0.5)

        try await expectDamage(clip, stream: "0:v:0")
    }

    /// Runs 8cut twice on a damaged video.
    private func expectDamage(
        _ clip: FilePath,
        stream: String = "0:v:0",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let masks = try await MaskCheck.run(
            clip,
            size: try await size(of: clip),
            status: 3,
            sourceLocation: sourceLocation
        )
        let output = clip.removingLastComponent().appending("masks-of-it")
        let before = try MaskSet.content(of: output)

        let again = try await Program.run8cut([
            "masks", "saliency", "-i", clip.string, "-o", output.string, "--progress", "plain",
        ])

        #expect(again.status == 3, sourceLocation: sourceLocation)
        let problem = try #require(masks.manifest.inputProblem)
        #expect(again.errors.contains("'\(clip)' is damaged or cut off: \(problem)"))
        #expect(again.errors.contains("the \(masks.names.count) frames that decode"))
        #expect(again.output.contains("there already"), sourceLocation: sourceLocation)
        #expect(try MaskSet.content(of: output) == before, sourceLocation: sourceLocation)
    }

    private func size(of clip: FilePath) async throws -> (Int, Int) {
        let result = try await Program.run(
            "ffprobe",
            [
                "-loglevel", "quiet", "-select_streams", "v:0", "-show_entries",
                "stream=width,height", "-of", "csv=p=0", clip.string,
            ]
        )
        let sides = (result.lines.first ?? "").split(separator: ",").compactMap { Int($0) }
        try #require(sides.count == 2)
        return (sides[0], sides[1])
    }

    /// Runs 8cut on something that cannot be used.
    private func expectError(
        _ input: FilePath,
        status: Int32,
        saying reason: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let result = try await Program.run8cut([
            "masks", "saliency", "-i", input.string, "--progress", "plain",
        ])
        #expect(result.status == status, sourceLocation: sourceLocation)
        #expect(
            result.errors.hasPrefix("8cut: error: ") && result.errors.contains("'\(input)'")
                && result.errors.contains(reason),
            "\(result.errors)",
            sourceLocation: sourceLocation
        )
        #expect(result.output == "", sourceLocation: sourceLocation)
        let output = input.removingLastComponent().appending("clip_masks")
        let left = try? MaskSet.content(of: output)
        #expect(left?.keys.contains { $0.hasSuffix(".png") } != true)
    }

    private func cut(_ file: FilePath, to path: FilePath, part: Double) throws -> FilePath {
        try cut(file, to: path, bytes: Int(part * Double(try MaskSet.bytes(of: file).count)))
    }

    private func cut(_ file: FilePath, to path: FilePath, bytes count: Int) throws -> FilePath {
        try MaskSet.bytes(of: file).prefix(count).withUnsafeBytes {
            try AtomicFile.write($0, to: path)
        }
        return path
    }

    private func offset(of word: String, in file: FilePath) throws -> Int? {
        let (bytes, word) = (try MaskSet.bytes(of: file), Array(word.utf8))
        return bytes.indices.dropLast(word.count).first {
            Array(bytes[$0..<$0 + word.count]) == word
        }
    }
}
