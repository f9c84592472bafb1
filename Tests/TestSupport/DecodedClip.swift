import SystemPackage

/// What is in a video that was made of a `CounterClip`.
package struct DecodedClip: Sendable {
    /// The number that each frame shows, in order.
    package let numbers: [Int]
    /// The samples of the sound, its channels mixed; empty without sound.
    package let samples: [Int16]

    /// Decodes a video.
    ///
    /// - Parameters:
    ///   - path: the file, or a folder with `frame_0001` and so on.
    ///   - audioPath: the file with the sound, when it is another.
    ///   - audioStream: which audio stream; nil for none.
    ///   - rate: the samples per second that it is to be read with; nil for its own.
    /// - Throws: `ProgramFailure` when it cannot be decoded.
    package init(
        _ path: FilePath,
        audioPath: FilePath? = nil,
        audioStream: Int? = 0,
        rate: Int? = nil
    ) async throws {
        let folder = try TemporaryFolder()
        let (width, height) = CounterClip.size
        try await Program.ffmpeg([
            "-i", path.string.contains("%") ? path.string : "file:" + path.string, "-map", "0:v:0",
            "-fps_mode", "passthrough", "-vf", "scale=\(width):\(height):flags=neighbor",
            "-pix_fmt", "gray", "-f", "rawvideo", folder["frames"].string,
        ])
        let frames = try MaskSet.bytes(of: folder["frames"])
        numbers = stride(from: 0, to: frames.count, by: width * height).map { start in
            (0..<16).reduce(0) { number, bit in
                let place = start + height / 2 * width + bit * 20 + 10
                return number | (frames[place] > 128 ? 1 << bit : 0)
            }
        }
        guard let audioStream else {
            samples = []
            return
        }
        try await Program.ffmpeg(
            ["-i", "file:" + (audioPath ?? path).string, "-map", "0:a:\(audioStream)", "-ac", "1"]
                + (rate.map { ["-ar", "\($0)"] } ?? [])
                + ["-f", "s16le", folder["samples"].string]
        )
        samples = try MaskSet.bytes(of: folder["samples"]).withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - 1, by: 2).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: Int16.self)
            }
        }
    }

    /// The place in `other` at which these samples lie.
    ///
    /// - Parameters:
    ///   - place: which of these samples to begin with.
    ///   - expected: where it should be.
    ///   - other: the sound that this one was cut out of.
    /// - Returns: the sample of `other` that fits best, within 1500 of `expected`; nil where
    ///   nothing fits.
    package func find(_ place: Int, near expected: Int, in other: DecodedClip) -> Int? {
        let count = min(3000, samples.count - place)
        guard count > 0, expected + 1500 >= 0 else { return nil }
        var best: (place: Int, error: Int)?
        for start in max(0, expected - 1500)...max(0, expected + 1500)
        where start + count <= other.samples.count {
            var error = 0
            for index in 0..<count {
                let difference = Int(samples[place + index]) - Int(other.samples[start + index])
                error += difference * difference
                if let best, error >= best.error { break }
            }
            if error < best?.error ?? .max { best = (start, error) }
        }
        let power = samples[place..<place + count].reduce(0) { $0 + Int($1) * Int($1) }
        guard let best, best.error * 5 < power else { return nil }
        return best.place
    }
}
