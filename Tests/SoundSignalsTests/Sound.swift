import Glibc
import SoundSignals
import TestSupport

/// Samples that tests make or have ffmpeg make.
struct Sound {
    let rate: Int
    let layout: String
    /// Of each channel.
    var channels: [[Float]]

    /// Functions of the time in seconds, one a channel.
    init(
        seconds: Double,
        rate: Int = 48_000,
        layout: String = "mono",
        _ channels: [(Double) -> Double]
    ) {
        self.rate = rate
        self.layout = layout
        self.channels = channels.map { channel in
            (0..<Int((seconds * Double(rate)).rounded())).map {
                Float(channel(Double($0) / Double(rate)))
            }
        }
    }

    /// The same in all channels.
    init(_ samples: [Float], rate: Int = 48_000, layout: String = "mono", count: Int = 1) {
        self.rate = rate
        self.layout = layout
        channels = Array(repeating: samples, count: count)
    }

    /// What ffmpeg makes of a filter graph.
    static func made(
        by graph: String,
        rate: Int = 48_000,
        layout: String = "mono",
        count: Int = 1
    ) async throws -> Sound {
        let folder = try TemporaryFolder()
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", graph + ",aformat=channel_layouts=\(layout):sample_rates=\(rate)",
            "-c:a", "pcm_f32le", "-f", "f32le", folder["samples"].string,
        ])
        return try read(folder, rate, layout, count)
    }

    /// The same after it was coded by ffmpeg.
    func coded(_ options: [String], extension name: String) async throws -> Sound {
        let folder = try TemporaryFolder()
        try await Program.ffmpeg(try input(folder) + options + [folder["coded." + name].string])
        try await Program.ffmpeg([
            "-i", folder["coded." + name].string, "-c:a", "pcm_f32le", "-f", "f32le",
            folder["samples"].string,
        ])
        return try Self.read(folder, rate, layout, channels.count)
    }

    private static func read(
        _ folder: TemporaryFolder,
        _ rate: Int,
        _ layout: String,
        _ count: Int
    ) throws -> Sound {
        let samples = try MaskSet.bytes(of: folder["samples"]).withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
            }
        }
        var sound = Sound([], rate: rate, layout: layout, count: count)
        sound.channels = (0..<count).map { channel in
            stride(from: channel, to: samples.count, by: count).map { samples[$0] }
        }
        return sound
    }

    /// Channel after channel, sample by sample.
    var interleaved: [Float] {
        let count = channels.count
        var samples = [Float](repeating: 0, count: count * (channels.first ?? []).count)
        for (channel, values) in channels.enumerated() {
            for (index, value) in values.enumerated() { samples[index * count + channel] = value }
        }
        return samples
    }

    /// Two sounds, one after the other.
    static func + (first: Sound, second: Sound) -> Sound {
        var sound = first
        for index in sound.channels.indices { sound.channels[index] += second.channels[index] }
        return sound
    }

    /// Both at once.
    func mixed(with other: Sound) -> Sound {
        var sound = self
        for index in sound.channels.indices {
            sound.channels[index] = zip(channels[index], other.channels[index]).map { $0 + $1 }
        }
        return sound
    }

    /// What is measured of it, in blocks of so many samples.
    func record(block: Int = 4096) -> SoundRecord {
        var analyzer = SoundAnalyzer(
            sampleRate: rate,
            layout: SoundLayout(name: layout, channels: channels.count)
        )
        var record = SoundRecord()
        let samples = interleaved
        samples.withUnsafeBufferPointer { samples in
            for start in stride(from: 0, to: samples.count, by: block * channels.count) {
                let end = min(start + block * channels.count, samples.count)
                record.append(analyzer.add(UnsafeBufferPointer(rebasing: samples[start..<end])))
            }
        }
        record.append(analyzer.finish())
        return record
    }

    /// What an audio filter of ffmpeg reports of it.
    ///
    /// - Returns: standard output and standard error.
    func report(of filter: String) async throws -> (output: [String], errors: String) {
        let folder = try TemporaryFolder()
        let result = try await Program.run(
            "ffmpeg",
            ["-hide_banner", "-nostdin", "-nostats"] + (try input(folder))
                + ["-af", filter, "-f", "null", "-"]
        )
        guard result.status == 0 else { throw SoundFailure.notMeasured(result.errors) }
        return (result.lines, result.errors)
    }

    /// Writes the samples, and names them as ffmpeg's input.
    private func input(_ folder: TemporaryFolder) throws -> [String] {
        let path = folder["input"].string
        let samples = interleaved
        guard let file = fopen(path, "w") else { throw SoundFailure.cannotWrite }
        let count = fwrite(samples, 4, samples.count, file)
        guard fclose(file) == 0, count == samples.count else { throw SoundFailure.cannotWrite }
        return [
            "-f", "f32le", "-ar", "\(rate)", "-ac", "\(channels.count)", "-channel_layout", layout,
            "-i", path,
        ]
    }

    // MARK: - Kinds of sound

    /// A sine of a peak in dBFS.
    static func sine(_ frequency: Double, _ decibels: Double) -> (Double) -> Double {
        let amplitude = pow(10, decibels / 20)
        return { amplitude * sin(2 * Double.pi * frequency * $0) }
    }

    /// White noise within ± a level.
    static func noise(
        _ level: Float,
        seconds: Double,
        rate: Int = 48_000,
        seed: UInt64
    ) -> [Float] {
        var random = RandomSource(seed: seed)
        return (0..<Int(seconds * Double(rate))).map { _ in level * random.signed() }
    }

    /// Short decaying noise at moments in seconds, of a level in dBFS when it begins.
    static func knocks(
        at moments: [Double],
        seconds: Double,
        level: Double,
        rate: Int = 48_000
    ) -> [Float] {
        var random = RandomSource(seed: 7)
        var samples = [Float](repeating: 0, count: Int(seconds * Double(rate)))
        for moment in moments {
            let start = Int(moment * Double(rate))
            for index in 0..<rate / 20 where start + index < samples.count {
                let seconds = Float(index) / Float(rate)
                samples[start + index] +=
                    random.signed() * Float(pow(10, level / 20)) * exp(-seconds / 0.01)
            }
        }
        return samples
    }
}

enum SoundFailure: Error {
    case cannotWrite
    /// What ffmpeg wrote.
    case notMeasured(String)
}
