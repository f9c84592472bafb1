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
        let audio = AudioSamples(of: source, stream, rate: sampleRate)
        var reported = ContinuousClock.now
        return try await audio.reduce(into: Collector()) { peaks, samples in
            for sample in samples { peaks.take(sample) }
            if reported.duration(to: .now) > .milliseconds(250) {
                reported = .now
                await report(peaks.result)
            }
        }.result
    }

    /// Turns samples into peaks.
    private struct Collector: Sendable {
        private var samplesPerStep = Waveform.sampleRate / 100
        private var values: [UInt8] = []
        private var peak: Int32 = 0
        private var count = 0

        mutating func take(_ sample: Int16) {
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
