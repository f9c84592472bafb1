import Files
import Imaging
import SystemPackage
import TestSupport
import Testing

/// Clips of a real video, with masks that show what is bright in their frames.
struct RecutBench {
    let folder: TemporaryFolder
    let video: FilePath

    /// - Parameter make: renders the video.
    /// - Throws: what it throws.
    init(_ make: (FilePath) async throws -> FilePath) async throws {
        folder = try TemporaryFolder()
        video = try await make(folder["video.mp4"])
    }

    /// A video whose frames show their number.
    static func counting(
        rate: String = "25",
        frames: Int = 300,
        seconds: Double? = 12,
        filter: String? = nil
    ) async throws -> RecutBench {
        try await RecutBench { path in
            try await CounterClip.make(
                path,
                rate: rate,
                frames: frames,
                seconds: seconds,
                filter: filter
            )
        }
    }

    /// A video of 320x180 with a white box at a place of its own.
    static func boxed(
        _ size: String = "320x180",
        box: String,
        encoding: [String] = []
    ) async throws -> RecutBench {
        try await RecutBench { path in
            let frames =
                "color=0x202020:size=\(size):rate=25:duration=3,drawbox=\(box):color=white:t=fill"
            try await Program.ffmpeg(
                ["-f", "lavfi", "-i", frames, "-f", "lavfi", "-i", CounterClip.tones(seconds: 3)]
                    + CounterClip.x264 + encoding + ["-c:a", "aac", path.string]
            )
            return path
        }
    }

    var set: FilePath { folder["set"] }

    /// Runs 8cut with a library of its own.
    func run(_ arguments: [String]) async throws -> ProgramResult {
        try await Program.run8cut(
            arguments,
            environment: ["EIGHTCUT_HOME": folder["home"].string, "HOME": folder.path.string],
            in: folder.path
        )
    }

    /// Exports the clip `clips/dog_001.mp4`, and makes its masks.
    @discardableResult
    func addClip(_ start: String, _ options: [String], masks: Bool = true) async throws -> FilePath
    {
        let result = try await run(
            [
                "export", "-i", video.string, "--start", start, "--to", "clips", "--name", "dog",
                "--label", "dog barking", "--preset", "ultrafast",
            ] + options
        )
        try #require(result.status == 0, "\(result.errors)")
        let clip = folder["clips"].appending("dog_001.mp4")
        if masks { try await addMasks(to: clip) }
        return clip
    }

    /// Writes a data set.
    func export(_ profile: String, _ options: [String] = []) async throws -> ProgramResult {
        try await run(["dataset", "export", "--profile", profile, "--to", "set"] + options)
    }

    /// Writes it, which has to succeed.
    func write(_ profile: String, _ options: [String] = []) async throws {
        let result = try await export(profile, options)
        try #require(result.status == 0, "\(result.errors)")
    }

    /// Makes masks of `clips/dog_001.mp4`: of what is bright.
    func addMasks(to clip: FilePath) async throws {
        let frames = try await GrayVideo(clip)
        let folder = folder["clips"].appending("dog_001_masks")
        try Folder.create(folder)
        for (number, frame) in frames.images.enumerated() {
            let pixels = frame.pixels.map { $0 >= 128 ? UInt8(255) : 0 }
            let mask = GrayImage(width: frame.width, height: frame.height, pixels: pixels)
            let name = "frame_\(DatasetBench.digits(number)).png"
            try PNG.write(mask, to: folder.appending(name))
        }
        let text = DatasetBench.manifest(
            of: "dog_001.mp4",
            try FileFingerprint(of: clip),
            (frames.width, frames.height),
            frames: frames.images.count,
            method: "sam"
        )
        try AtomicFile.write(text, to: folder.appending("masks.json"))
    }
}

/// The frames of a video in grey.
struct GrayVideo {
    let width: Int
    let height: Int
    /// In fps, as ffprobe writes it.
    let rate: String
    private(set) var images: [GrayImage]

    /// The same with black and white exchanged.
    var inverted: GrayVideo {
        var video = self
        for place in video.images.indices { video.images[place].invert() }
        return video
    }

    init(_ path: FilePath) async throws {
        let probe = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "v", "-show_entries",
                "stream=width,height,r_frame_rate", "-of", "csv=p=0", path.string,
            ]
        )
        let parts = try #require(probe.lines.first).split(separator: ",")
        let folder = try TemporaryFolder()
        try await Program.ffmpeg([
            "-i", path.string, "-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo",
            folder["raw"].string,
        ])
        let bytes = try MaskSet.bytes(of: folder["raw"])
        let (width, height) = (try #require(Int(parts[0])), try #require(Int(parts[1])))
        (self.width, self.height, rate) = (width, height, String(parts[2]))
        images = stride(from: 0, to: bytes.count, by: width * height).map { start in
            let pixels = Array(bytes[start..<start + width * height])
            return GrayImage(width: width, height: height, pixels: pixels)
        }
    }

    /// How well what is bright in a frame of this video agrees with another one: the IoU.
    func agreement(with other: GrayVideo, at frame: Int) -> Double {
        var (both, either) = (0, 0)
        for (one, two) in zip(images[frame].pixels, other.images[frame].pixels) {
            both += one >= 128 && two >= 128 ? 1 : 0
            either += one >= 128 || two >= 128 ? 1 : 0
        }
        return Double(both) / Double(max(1, either))
    }
}
