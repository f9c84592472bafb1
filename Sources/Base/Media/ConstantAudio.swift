import Diagnostics
import Processes
import SystemPackage

/// An audio stream that is decoded into one form, whatever changes in mid-file: sample rate,
/// channels or layout.
///
/// ffmpeg builds its filters anew at every change; then they count and fill gaps from the start. So
/// it only decodes and mixes here, and `AudioTimeline` puts the frames where they belong.
package struct ConstantAudio: Sendable {
    private let arguments: [String]
    private let path: FilePath
    private let rate: Int
    private let channels: Int
    private let mask: UInt32
    private let first: Int
    private let jitter: Double

    private static let filter = "ashowinfo@in"
    private static let beginning = "[\(filter) @ "

    /// - Parameters:
    ///   - source: the file.
    ///   - stream: which stream of it.
    ///   - input: ffmpeg's options for the input, with its name; timestamps are those of the file.
    ///   - layout: FFmpeg's name of the channels to mix to.
    ///   - channels: how many these are.
    ///   - mask: the speakers, as a WAV file has them.
    ///   - first: number of the first sample, counted from timestamp 0 at the stream's sample rate,
    ///     which is that of all samples.
    package init(
        _ source: MediaSource,
        _ stream: AudioStream,
        input: [String],
        layout: String,
        channels: Int,
        mask: UInt32,
        first: Int
    ) {
        path = source.path
        rate = stream.sampleRate
        self.channels = channels
        self.mask = mask
        self.first = first
        // These have timestamps in milliseconds.
        let isCoarse = ["matroska", "flv", "asf"].contains {
            source.container.hasPrefix(exactly: $0)
        }
        jitter = isCoarse ? 0.0011 : 0
        arguments =
            FFmpegRun.commonArguments + input + [
                "-map", "0:\(stream.index)", "-af",
                // The rate is only a name at the end: samples are neither added nor left out. And
                // aresample keeps ffmpeg from mixing before the frames are reported.
                "\(Self.filter),aresample,aformat=sample_fmts=flt:channel_layouts=\(layout),"
                    + "asetrate=\(rate)",
                "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1",
            ]
    }

    /// Decodes, and writes the samples as a WAV file to a program's standard input, which is closed
    /// at the end. A program that reads only the first of them is no error.
    ///
    /// - Throws: `EightCutError` when ffmpeg cannot be run; `CancellationError`.
    package func write(to input: ChildInput) async throws {
        do {
            _ = try await FFmpegProgram.ffmpeg.child(arguments).run(
                output: .piped,
                errors: .piped
            ) { child in
                let (frames, writer) = AsyncStream<AudioTimeline.Frame>.makeStream()
                async let messages: Void = Self.read(child.errors, into: writer)
                try await write(child.output, frames, to: input)
                try await messages
            }
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffmpeg.startError(error, on: path)
        }
    }

    private static func read(
        _ errors: ChildOutput,
        into frames: AsyncStream<AudioTimeline.Frame>.Continuation
    ) async throws {
        defer { frames.finish() }
        for try await line in errors.lines {
            guard line.hasPrefix(exactly: beginning), let frame = frame(line) else { continue }
            frames.yield(frame)
        }
    }

    /// Reads `n:0 pts:1152 pts_time:0.024 … channels:2 chlayout:stereo rate:48000 nb_samples:1152`.
    static func frame(_ line: String) -> AudioTimeline.Frame? {
        func value(_ key: String) -> Substring? {
            line.firstRange(exactly: " " + key + ":").flatMap {
                line[$0.upperBound...].split(exactly: " ", maxSplits: 1).first
            }
        }
        func number(_ key: String) -> Int? { value(key).flatMap { Int($0) } }
        guard let rate = number("rate"), (1...10_000_000).contains(rate),
            let count = number("nb_samples"), (1...1 << 24).contains(count)
        else { return nil }
        let limit = Int(MediaLimits.seconds) * rate
        return AudioTimeline.Frame(
            timestamp: number("pts").flatMap { abs($0) <= limit ? $0 : nil },
            rate: rate,
            count: count,
            layout: "\(value("channels") ?? "") \(value("chlayout") ?? "")"
        )
    }

    private func write(
        _ output: ChildOutput,
        _ frames: AsyncStream<AudioTimeline.Frame>,
        to input: ChildInput
    ) async throws {
        var timeline = AudioTimeline(rate: rate, channels: channels, first: first, jitter: jitter)
        var frames = frames.makeAsyncIterator()
        var next: AudioTimeline.Frame?
        var bytes: [UInt8] = []
        var isOpen = await Self.write(header, to: input)
        // What is not wanted any more is read all the same, so that ffmpeg ends by itself.
        for try await piece in output where isOpen {
            bytes += piece
            while true {
                if next == nil { next = await frames.next() }
                guard let frame = next else { break }
                let size = frame.count * channels * 4
                guard bytes.count >= size else { break }
                let samples = timeline.add(frame, Self.samples(bytes[..<size]))
                bytes.removeFirst(size)
                next = nil
                if isOpen { isOpen = await Self.write(Self.bytes(samples), to: input) }
            }
        }
        if isOpen { isOpen = await Self.write(Self.bytes(timeline.finish()), to: input) }
        if isOpen { try? await input.close() }
    }

    /// - Returns: whether the other program still reads.
    private static func write(_ bytes: [UInt8], to input: ChildInput) async -> Bool {
        guard !bytes.isEmpty else { return true }
        do {
            try await input.write(bytes)
            return true
        } catch {
            return false
        }
    }

    private static func samples(_ bytes: ArraySlice<UInt8>) -> [Float] {
        bytes.withUnsafeBytes { buffer in
            stride(from: 0, to: buffer.count, by: 4).map {
                Float(
                    bitPattern: UInt32(
                        littleEndian: buffer.loadUnaligned(fromByteOffset: $0, as: UInt32.self)
                    )
                )
            }
        }
    }

    private static func bytes(_ samples: [Float]) -> [UInt8] {
        samples.flatMap { littleEndian($0.bitPattern) }
    }

    private static func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// The beginning of a WAV file of unknown length, in 32-bit floating point.
    private var header: [UInt8] {
        let frame = channels * 4
        let format =
            Self.littleEndian(UInt16(0xFFFE)) + Self.littleEndian(UInt16(channels))
            + Self.littleEndian(UInt32(rate)) + Self.littleEndian(UInt32(rate * frame))
            + Self.littleEndian(UInt16(frame)) + Self.littleEndian(UInt16(32))
            + Self.littleEndian(UInt16(22)) + Self.littleEndian(UInt16(32))
            + Self.littleEndian(mask)
            // KSDATAFORMAT_SUBTYPE_IEEE_FLOAT
            + [3, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        return Array("RIFF".utf8) + Self.littleEndian(UInt32.max) + Array("WAVEfmt ".utf8)
            + Self.littleEndian(UInt32(format.count)) + format + Array("data".utf8)
            + Self.littleEndian(UInt32.max)
    }
}
