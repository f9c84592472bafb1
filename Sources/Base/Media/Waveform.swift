import Diagnostics
import Processes
import SystemPackage

/// How loud a video is over its length, to be drawn.
package struct Waveform: Sendable, Equatable {
    /// Seconds that a value stands for.
    package let step: Double
    /// The largest sample of each step, from 0 to 255.
    package let values: [UInt8]

    /// Puts it together.
    package init(step: Double, values: [UInt8]) {
        self.step = step
        self.values = values
    }

    /// Most values that are kept; a longer sound has longer steps, so memory has a bound.
    private static let most = 1 << 19
    private static let sampleRate = 8000

    /// Decodes the sound of a video.
    ///
    /// - Parameters:
    ///   - source: the video.
    ///   - tell: called now and then with what is known so far.
    /// - Returns: the peaks; nil when there is no sound.
    /// - Throws: `CancellationError`, or `EightCutError` when ffmpeg is missing.
    package static func read(
        of source: MediaSource,
        _ tell: @escaping @Sendable (Waveform) async -> Void = { _ in }
    ) async throws -> Waveform? {
        guard let sound = source.defaultAudioStream else { return nil }
        let arguments =
            FFmpegRun.commonArguments + ["-threads", "1"] + MediaInput.audioArguments(source.path)
            + [
                "-map", "0:\(sound.index)", "-vn", "-sn", "-ac", "1", "-ar", "\(sampleRate)",
                // Sound that begins late, or has gaps, stays where it belongs.
                "-af", "aresample=async=1:first_pts=0", "-f", "s16le", "pipe:1",
            ]
        do {
            return try await FFmpegProgram.ffmpeg.child(arguments).run(output: .piped) { child in
                var peaks = Collector()
                var told = ContinuousClock.now
                for try await samples in child.output {
                    samples.withUnsafeBytes { peaks.take($0) }
                    if told.duration(to: .now) > .milliseconds(250) {
                        told = .now
                        await tell(peaks.result)
                    }
                }
                return peaks.result
            }.result
        } catch let error as ChildProcessError {
            throw FFmpegProgram.ffmpeg.startError(error, on: source.path)
        }
    }

    /// Turns samples into peaks. Samples may be cut apart between two pieces.
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
