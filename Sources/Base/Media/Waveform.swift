import Diagnostics
import Processes
import SystemPackage

/// The peaks of a video's audio over time, to be drawn.
package struct Waveform: Sendable, Equatable {
    /// Seconds per value.
    package let step: Double
    /// The largest sample of each step, from 0 to 255.
    package let values: [UInt8]

    package init(step: Double, values: [UInt8]) {
        self.step = step
        self.values = values
    }

    /// The most values; longer audio has longer steps, so memory is bounded.
    private static let most = 1 << 19
    private static let sampleRate = 8000

    /// Decodes the audio of a video.
    ///
    /// - Parameters:
    ///   - source: the video.
    ///   - report: called now and then with what is known so far.
    /// - Returns: the peaks; nil when there is no audio stream.
    /// - Throws: `CancellationError`, or `EightCutError` when ffmpeg is missing.
    package static func read(
        of source: MediaSource,
        _ report: @escaping @Sendable (Waveform) async -> Void = { _ in }
    ) async throws -> Waveform? {
        guard let stream = source.defaultAudioStream else { return nil }
        let decoder =
            FFmpegRun.commonArguments + ["-threads", "1"] + MediaInput.audioArguments(source.path)
            + [
                "-map", "0:\(stream.index)", "-vn", "-sn", "-ac", "1", "-ar", "\(sampleRate)",
                "-c:a", "pcm_s16le", "-f", "nut", "pipe:1",
            ]
        // Audio that begins late, or has gaps, keeps its place. In a program of its own, because
        // the decoder's filters begin anew where the audio changes in mid-file.
        let filler =
            FFmpegRun.commonArguments + [
                "-copyts", "-protocol_whitelist", "pipe", "-f", "nut", "-i", "pipe:0",
                "-af", "aresample=async=1:first_pts=0", "-f", "s16le", "pipe:1",
            ]
        do {
            return try await FFmpegProgram.ffmpeg.child(decoder).run(output: .piped) { decoder in
                try await FFmpegProgram.ffmpeg.child(filler).run(input: .piped, output: .piped) {
                    child in
                    async let relayed: Void = relay(decoder.output, to: child.input)
                    let peaks = try await collect(child.output, report)
                    try await relayed
                    return peaks
                }.result
            }.result
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffmpeg.startError(error, on: source.path)
        }
    }

    private static func relay(_ output: ChildOutput, to input: ChildInput) async throws {
        var isOpen = true
        for try await piece in output where isOpen {
            do {
                try await input.write(Array(piece))
            } catch ChildProcessError.inputClosed {
                isOpen = false
            }
        }
        if isOpen { try await input.close() }
    }

    private static func collect(
        _ output: ChildOutput,
        _ report: @Sendable (Waveform) async -> Void
    ) async throws -> Waveform {
        var peaks = Collector()
        var reported = ContinuousClock.now
        for try await samples in output {
            samples.withUnsafeBytes { peaks.take($0) }
            if reported.duration(to: .now) > .milliseconds(250) {
                reported = .now
                await report(peaks.result)
            }
        }
        return peaks.result
    }

    /// Turns samples into peaks. A sample may be split between two pieces.
    private struct Collector {
        private var samplesPerStep = Waveform.sampleRate / 100
        private var values: [UInt8] = []
        private var peak: Int32 = 0
        private var count = 0
        private var half: UInt8?

        mutating func take(_ bytes: UnsafeRawBufferPointer) {
            var rest = bytes[...]
            if let low = half, let high = rest.popFirst() {
                take(low, high)
                half = nil
            }
            while rest.count >= 2, let low = rest.popFirst(), let high = rest.popFirst() {
                take(low, high)
            }
            half = rest.first ?? half
        }

        private mutating func take(_ low: UInt8, _ high: UInt8) {
            let sample = Int16(truncatingIfNeeded: Int(low) | Int(high) << 8)
            peak = max(peak, abs(Int32(sample)))
            count += 1
            guard count == samplesPerStep else { return }
            values.append(UInt8(min(255, peak >> 7)))
            (peak, count) = (0, 0)
            guard values.count == Waveform.most else { return }
            values = stride(from: 0, to: values.count, by: 2).map {
                max(values[$0], values[$0 + 1])
            }
            samplesPerStep *= 2
        }

        var result: Waveform {
            Waveform(
                step: Double(samplesPerStep) / Double(Waveform.sampleRate),
                values: values
            )
        }
    }
}
