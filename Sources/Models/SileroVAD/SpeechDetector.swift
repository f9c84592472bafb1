import Diagnostics
import OnnxEngine
import SystemPackage
import Weights

/// Silero VAD at work: how probable speech is in each 32 ms of audio.
///
/// Sung voice is no speech to it.
package final class SpeechDetector: Sendable {
    /// The sample rate that it takes, in Hz.
    package static let sampleRate = SpeechGraph.sampleRate
    /// Samples that a probability is for.
    package static let step = SpeechGraph.step

    /// What it remembers from one step to the next.
    package struct Memory: Sendable, Equatable {
        /// The last samples of the step before.
        var context = [Float](repeating: 0, count: SpeechGraph.context)
        /// What the step before has given.
        var hidden = [Float](repeating: 0, count: SpeechGraph.width)
        /// The network's memory.
        var cell = [Float](repeating: 0, count: SpeechGraph.width)

        /// There were no samples before.
        package init() {}
    }

    /// Steps of a run, at most: 16 s, which take 4 MB.
    private static let mostSteps = 512

    private let session: Session

    /// Loads the weights.
    ///
    /// - Parameters:
    ///   - file: `silero_vad_16k_op15.onnx` of the package `silero-vad`. Its file of
    ///     safetensors has other ones.
    ///   - library: runs the model.
    ///   - settings: device, threads and warnings.
    /// - Throws: `EightCutError`: `inputMissing` or `inputUnusable` when the weights are not what
    ///   they should be, `toolFailed` when the library refuses.
    package init(weights file: FilePath, library: RuntimeLibrary, settings: SessionSettings) throws
    {
        let weights = try OnnxWeights(file: file)
        session = try Session(
            try SpeechGraph(weights: weights).build(),
            library: library,
            settings: settings
        )
    }

    /// Takes the next samples.
    ///
    /// - Parameters:
    ///   - samples: those of one channel at 16 kHz, from −1 to 1. Where they end in the middle of a
    ///     step, silence follows: only at the end of the audio.
    ///   - memory: of the samples before; afterwards of these as well.
    ///   - mostSteps: steps that are run at once, at most; the result does not depend on it.
    /// - Returns: a probability for each step, from 0 to 1.
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`. `memory` is
    ///   then of no use.
    package func probabilities(
        of samples: [Float],
        _ memory: inout Memory,
        mostSteps: Int = SpeechDetector.mostSteps
    ) async throws -> [Float] {
        let step = Self.step
        var probabilities: [Float] = []
        probabilities.reserveCapacity((samples.count + step - 1) / step)
        for start in stride(from: 0, to: samples.count, by: mostSteps * step) {
            let part = samples[start..<min(start + mostSteps * step, samples.count)]
            probabilities += try await run(part, &memory)
        }
        return probabilities
    }

    /// One run.
    private func run(_ samples: ArraySlice<Float>, _ memory: inout Memory) async throws -> [Float] {
        let (step, context) = (Self.step, SpeechGraph.context)
        let count = (samples.count + step - 1) / step
        // The context, all samples, and the silence that fills the last step.
        let silence = [Float](repeating: 0, count: count * step - samples.count)
        let line = memory.context + samples + silence
        let rows = (0..<count).flatMap { line[$0 * step..<($0 + 1) * step + context] }
        let width = SpeechGraph.width
        let outputs = try await session.run(
            [
                "samples": try tensor([count, context + step], rows),
                "hidden": try tensor([1, 1, width], memory.hidden),
                "cell": try tensor([1, 1, width], memory.cell),
            ],
            outputs: ["probabilities": .host, "hidden_after": .host, "cell_after": .host]
        )
        memory.context = Array(line.suffix(context))
        memory.hidden = try floats("hidden_after", of: outputs)
        memory.cell = try floats("cell_after", of: outputs)
        return try floats("probabilities", of: outputs)
    }

    private func tensor(_ shape: [Int], _ values: [Float]) throws -> Tensor {
        try Tensor(.float32, shape, library: session.library) { target in
            values.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }

    private func floats(_ name: String, of outputs: [String: Tensor]) throws -> [Float] {
        guard let output = outputs[name] else {
            throw EightCutError(
                .internalFault,
                "cannot run the model",
                because: "it gives no \(name)"
            )
        }
        return try output.withFloats { Array($0) }
    }
}
