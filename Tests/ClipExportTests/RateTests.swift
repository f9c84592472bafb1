import Files
import MaskStore
import Media
import SystemPackage
import TestSupport
import Testing

/// The rate of a clip, where the file tells none or a wrong one.
@Suite(.serialized) struct RateTests {
    private func rate(_ clip: FilePath) async throws -> String {
        let result = try await Program.run(
            "ffprobe",
            ["-v", "error", "-select_streams", "v", "-show_entries", "stream=r_frame_rate", "-of"]
                + ["csv=p=0", clip.string]
        )
        return result.lines.first ?? ""
    }

    /// Writes a WebM as browsers record it: into a pipe, without a rate.
    private func recording(_ path: FilePath, times: String, frames: Int) async throws {
        let result = try await Program.run(
            "sh",
            [
                "-c",
                #"ffmpeg -v error -f lavfi -i "$1" -fps_mode:v passthrough "#
                    + #"-enc_time_base:v 1:1000 -c:v libvpx -deadline realtime -cpu-used 8 "#
                    + #"-b:v 1M -f webm - > "$2""#, "sh",
                CounterClip.frames(rate: "30", frames: frames)
                    + ",settb=1/1000,setpts='\(times)'", path.string,
            ]
        )
        try #require(result.status == 0, "\(result.errors)")
    }

    @Test func aRateThatIsNotToldIsFound() async throws {
        let bench = try ExportBench()
        let video = bench.folder["video.webm"]
        try await recording(video, times: "(N/30+0.006*sin(N*1.7))/TB", frames: 150)
        let clip = try await bench.cut(video, "1", ["--duration", "3"], audioStream: nil)
        #expect(try await rate(bench.clips.appending("clip_001.mp4")) == "30/1")
        #expect(clip.numbers == Array(clip.numbers[0]..<clip.numbers[0] + 90))
        #expect([29, 30].contains(clip.numbers[0]))
        let masks = try await bench.run(["masks", "saliency", "-q", "-i", video.string])
        #expect(masks.status == 0, "\(masks.errors)")
        let manifest = try MaskSet(bench.folder["video_masks"]).manifest
        #expect(manifest.input.frameRate == "30/1")
    }

    /// Far from regular: no rate is found, and one that the file has is told of.
    @Test func aRateThatFitsFewFramesIsToldOf() async throws {
        let times = [0, 733, 2066, 3999, 4000, 5766, 5767, 6033, 7066, 7067, 9633, 11_400]
        #expect(FrameRateEstimate(times, try #require(Rational(1, 1000))) == nil)
        let bench = try ExportBench()
        let video = bench.folder["video.webm"]
        try await recording(video, times: "(N/30+mod(N*N,13)*0.3)/TB+N*400", frames: 40)
        let told = try await bench.export(video, "1", ["--duration", "3"])
        #expect([0, 65].contains(told.status) && told.errors.contains("--fps"), "\(told.errors)")
        let result = try await bench.export(video, "1", ["--duration", "3", "--fps", "10"])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func pulldownFlagsDoNotChangeTheRate() async throws {
        let bench = try ExportBench()
        let plain = try await CounterClip.make(
            bench.folder["plain.m2v"],
            rate: "24000/1001",
            frames: 120,
            seconds: nil,
            encoding: ["-c:v", "mpeg2video", "-q:v", "3", "-g", "12", "-bf", "2"]
        )
        let flagged = bench.folder["flagged.m2v"]
        try Self.addPulldown(MaskSet.bytes(of: plain)).withUnsafeBytes {
            try AtomicFile.write($0, to: flagged)
        }
        let video = bench.folder["video.mpg"]
        try await Program.ffmpeg([
            "-framerate", "30000/1001", "-i", flagged.string, "-f", "lavfi", "-i",
            CounterClip.tones(seconds: 5), "-c:v", "copy", "-c:a", "mp2", video.string,
        ])
        let clip = try await bench.cut(video, "1", ["--duration", "2"])
        #expect(try await rate(bench.clips.appending("clip_001.mp4")) == "24000/1001")
        let first = try #require(clip.numbers.first)
        #expect([22, 23, 24].contains(first) && clip.numbers == Array(first..<first + 48))
        let numbered = try await bench.cut(
            video,
            "@40",
            ["--duration", "1"],
            file: "clip_002.mp4"
        )
        #expect(numbered.numbers == Array(40..<64))
    }

    /// Turns a stream of 24000/1001 fps into one of 30000/1001 whose flags double every fourth
    /// field, as DVDs have it.
    private static func addPulldown(_ stream: [UInt8]) -> [UInt8] {
        var bytes = stream
        var (count, group, shown) = (0, 0, 0)
        for place in 0..<bytes.count - 9
        where bytes[place] == 0 && bytes[place + 1] == 0 && bytes[place + 2] == 1 {
            switch bytes[place + 3] {
            case 0xB3: bytes[place + 7] = bytes[place + 7] & 0xF0 | 4
            case 0xB8: group = count
            case 0x00:
                shown = group + (Int(bytes[place + 4]) << 2 | Int(bytes[place + 5]) >> 6)
                count += 1
            case 0xB5 where bytes[place + 4] >> 4 == 1: bytes[place + 5] &= ~8
            case 0xB5 where bytes[place + 4] >> 4 == 8:
                let (top, again) = [(1, 1), (0, 0), (0, 1), (1, 0)][shown % 4] as (UInt8, UInt8)
                bytes[place + 7] = bytes[place + 7] & ~0x82 | top << 7 | again << 1
                bytes[place + 8] |= 0x80
            default: break
            }
        }
        return bytes
    }

    @Test func aVariableRateThatCostsFramesIsTold() async throws {
        let bench = try ExportBench()
        // 30 fps for 4 s, then 24.
        let video = try await CounterClip.make(
            bench.folder["video.mp4"],
            rate: "30",
            frames: 240,
            seconds: nil,
            filter: "settb=1/90000,setpts='if(lt(N,120),N*3000,360000+(N-120)*3750)'"
        )
        let result = try await bench.export(video, "1", ["--duration", "2", "--count", "2"])
        #expect(result.status == 0)
        let warnings = result.errors.split(separator: "\n").filter { $0.contains("--fps") }
        #expect(warnings.count == 1, "\(result.errors)")
        #expect(warnings.first?.contains("leaves out 6") == true, "\(result.errors)")
        #expect(warnings.first?.contains("at 30.0 fps") == true, "\(result.errors)")
        let quiet = try await bench.export(video, "1", ["--duration", "2", "--fps", "30"])
        #expect(!quiet.errors.contains("variable"), "\(quiet.errors)")
    }
}
