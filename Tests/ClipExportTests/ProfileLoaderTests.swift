import ClipExport
import Files
import SystemPackage
import TestSupport
import Testing

/// Clips for targets as their loaders read them, which know neither the last frame's duration nor
/// the container's: they resample frames up to the last timestamp.
@Suite(.serialized) struct ProfileLoaderTests {
    /// Frames per second of the sources.
    private static let rates = ["24000/1001", "24", "25", "30000/1001", "30", "50", "60"]

    /// One video of 9 s for each rate.
    private static let videos = Task {
        let folder = try TemporaryFolder()
        for (number, rate) in rates.enumerated() {
            try await Program.ffmpeg([
                "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=\(rate):duration=9", "-f", "lavfi",
                "-i", "sine=frequency=500:sample_rate=48000:duration=9", "-c:v", "libx264",
                "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
                folder["\(number).mp4"].string,
            ])
        }
        return folder
    }

    /// What a target's loader makes sure of.
    struct Target: Sendable {
        let profile: String
        /// Seconds that the last frame's time must reach.
        let length: Double
        /// The least numbers of frames at 25 and at 8 fps.
        let frames: [Int]
        /// The least number of samples, and their rate in Hz.
        let samples: Int
        let sampleRate: Int
    }

    @Test(arguments: [
        Target(
            profile: "mmaudio-16k",
            length: 8,
            frames: [200, 64],
            samples: 128_000,
            sampleRate: 16_000
        ),
        Target(
            profile: "mmaudio-44k",
            length: 353_280 / 44_100,
            frames: [200, 64],
            samples: 353_280,
            sampleRate: 44_100
        ),
        Target(
            profile: "saganet",
            length: 5,
            frames: [125, 40],
            samples: 221_184,
            sampleRate: 44_100
        ),
        Target(
            profile: "ltx2",
            length: 8,
            frames: [200, 64],
            samples: 128_000,
            sampleRate: 16_000
        ),
    ])
    func everyLoaderGetsEnough(target: Target) async throws {
        let videos = try await Self.videos.value
        let bench = try ExportBench()
        let list = bench.folder["cuts.csv"]
        let rows = Self.rates.indices.map { "0,\(videos["\($0).mp4"].string)" }
        try AtomicFile.write((["start,input"] + rows).joined(separator: "\n"), to: list)
        let result = try await bench.run([
            "export", "--list", list.string, "--to", bench.clips.string, "--name", "clip",
            "--profile", target.profile, "--preset", "ultrafast",
        ])
        try #require(result.status == 0, "\(result.errors)")
        let graph = try await Resampled(target, in: bench.clips)
        for (number, rate) in Self.rates.enumerated() {
            let clip = bench.clips.appending("clip_00\(number + 1).mp4")
            let last = try await Self.lastTime(of: clip)
            #expect(last >= target.length - 0.000_001, "\(rate): \(last)")
            #expect(graph.frames[number * 2] >= target.frames[0], "\(rate)")
            #expect(graph.frames[number * 2 + 1] >= target.frames[1], "\(rate)")
            #expect(graph.samples[number] >= target.samples, "\(rate)")
        }
    }

    /// The time of the last frame, as ffprobe prints it.
    private static func lastTime(of clip: FilePath) async throws -> Double {
        let probe = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "v", "-show_entries", "frame=pts_time", "-of",
                "default=nw=1:nk=1", clip.string,
            ]
        )
        return try #require(probe.lines.compactMap(Double.init).max())
    }

    /// Seven clips in a graph that is not told how long their last frames last.
    private struct Resampled {
        /// The frames at 25 and at 8 fps of every clip.
        private(set) var frames: [Int]
        /// The samples of every clip.
        private(set) var samples: [Int]

        init(_ target: Target, in folder: FilePath) async throws {
            let count = ProfileLoaderTests.rates.count
            let chains = (0..<count).map { number in
                "movie=clip_00\(number + 1).mp4,split[s\(number)][t\(number)];"
                    + "[s\(number)]fps=25[out\(number * 2)];[t\(number)]fps=8[out\(number * 2 + 1)];"
                    + "amovie=clip_00\(number + 1).mp4,aresample=\(target.sampleRate)"
                    + "[out\(count * 2 + number)]"
            }
            let probe = try await Program.run(
                "ffprobe",
                [
                    "-v", "error", "-f", "lavfi", "-i", chains.joined(separator: ";"),
                    "-show_entries", "packet=stream_index,size", "-of", "csv=p=0",
                ],
                in: folder
            )
            frames = Array(repeating: 0, count: count * 2)
            samples = Array(repeating: 0, count: count)
            for line in probe.lines {
                let numbers = line.split(separator: ",").compactMap { Int($0) }
                guard numbers.count == 2 else { continue }
                if numbers[0] < count * 2 {
                    frames[numbers[0]] += 1
                } else {
                    // One channel of 32-bit samples.
                    samples[numbers[0] - count * 2] += numbers[1] / 4
                }
            }
        }
    }
}
