import Files
import SystemPackage
import TestSupport
import Testing

/// A source that is damaged within a clip is told of; one that is damaged elsewhere is not.
@Suite struct DamageTests {
    /// Twelve seconds with flipped bytes in about the fifth.
    private func damaged(_ folder: TemporaryFolder, sound: [String]) async throws -> FilePath {
        let whole = try await CounterClip.make(
            folder["whole.mp4"],
            frames: 300,
            seconds: 12,
            sound: sound
        )
        var bytes = try MaskSet.bytes(of: whole)
        var place = 1
        for _ in 0..<40 {
            place = (place * 7919 + 104_729) % (bytes.count / 20)
            bytes[bytes.count / 3 + place] ^= 255
        }
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: folder["bits.mp4"]) }
        return folder["bits.mp4"]
    }

    @Test func onlyClipsAcrossTheDamageAreCalledDamaged() async throws {
        let bench = try ExportBench()
        let video = try await damaged(bench.folder, sound: ["-c:a", "aac"])
        let list = bench.folder["cuts.csv"]
        try AtomicFile.write("start,name\n0,before\n3.5,across\n4,across2\n9,after\n", to: list)
        let result = try await bench.run([
            "export", "--list", list.string, "-i", video.string, "--to", bench.clips.string,
            "--duration", "2", "--preset", "ultrafast",
        ])
        #expect(result.status == 3, "\(result.errors)")
        let told = result.errors.split(separator: "\n").filter {
            $0.contains("holds what can be decoded")
        }
        #expect(told.count == 2, "\(result.errors)")
        #expect(told.contains { $0.contains("across_001.mp4") })
        #expect(told.contains { $0.contains("across2_001.mp4") })
        for name in ["before", "across", "across2", "after"] {
            let clip = bench.clips.appending("\(name)_001.mp4")
            #expect(try await Clip.frameCount(clip) == 50)
        }
        let quiet = try await bench.export(video, "4", ["-q", "--duration", "1"])
        #expect(quiet.status == 3 && quiet.errors.contains("is damaged there"), "\(quiet.errors)")
        let masks = try await bench.run(["masks", "saliency", "-q", "-i", video.string])
        #expect(masks.status == 3, "\(masks.errors)")
    }

    /// A frame that is whole can be in a clip whose audio is not.
    @Test func damagedAudioIsToldOf() async throws {
        let bench = try ExportBench()
        let folder = bench.folder
        let video = try await damaged(folder, sound: ["-c:a", "aac"])
        let mixed = folder["mixed.mkv"]
        try await Program.ffmpeg([
            "-i", folder["whole.mp4"].string, "-i", video.string, "-map", "0:v", "-map", "1:a",
            "-c", "copy", mixed.string,
        ])
        let result = try await bench.export(mixed, "4", ["--duration", "1"])
        #expect(result.status == 3, "\(result.errors)")
        #expect(result.errors.contains("the audio is damaged there"), "\(result.errors)")
        let after = try await bench.export(mixed, "8", ["--duration", "1"])
        #expect(after.status == 0, "\(after.errors)")
    }

    /// Where files were joined, no frame is missing; where packets were lost, some are.
    @Test func joinedFilesAreNotDamaged() async throws {
        let bench = try ExportBench()
        let folder = bench.folder
        for (name, offset) in [("a.ts", "0"), ("b.ts", "4")] {
            try await CounterClip.make(
                folder[name],
                frames: 100,
                seconds: 4,
                sound: ["-c:a", "mp2"],
                options: ["-muxdelay", "0", "-output_ts_offset", offset]
            )
        }
        let parts = try [folder["a.ts"], folder["b.ts"]].map { try MaskSet.bytes(of: $0) }
        let joined = parts[0] + parts[1]
        try joined.withUnsafeBytes { try AtomicFile.write($0, to: folder["joined.ts"]) }
        let whole = try await bench.export(folder["joined.ts"], "3", ["--duration", "2"])
        #expect(whole.status == 0, "\(whole.errors)")
        let middle = joined.count / 188 / 4 * 188
        let lost = joined[..<middle] + joined[(middle + 188 * 12)...]
        try Array(lost).withUnsafeBytes { try AtomicFile.write($0, to: folder["lost.ts"]) }
        let damaged = try await bench.export(folder["lost.ts"], "1", ["--duration", "2"])
        #expect(damaged.status == 3, "\(damaged.errors)")
    }
}
