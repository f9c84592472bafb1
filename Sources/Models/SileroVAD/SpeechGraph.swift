import NeuralGraph
import Weights

/// Silero VAD (https://github.com/snakers4/silero-vad) for 16 kHz: the spectrum of a step and a
/// little of the one before, four convolutions, a memory that lasts from step to step, and the
/// probability of speech.
///
/// Steps only share the memory, so a run takes any number of them.
package struct SpeechGraph {
    /// Sample rate, in Hz.
    static let sampleRate = 16_000
    /// New samples of a step: 32 ms.
    static let step = 512
    /// Samples of the step before that go in once more.
    static let context = 64
    /// Elements of the memory, and of what a step gives.
    static let width = 128

    /// Samples of a window of the spectrum, half of which are frequencies but for one more.
    private static let window = 256
    private static let frequencies = window / 2 + 1

    private let weights: any WeightSource

    /// The model with these weights, or with their names and shapes alone.
    package init(weights: any WeightSource) { self.weights = weights }

    /// Takes `samples` [steps, context + step], `hidden` and `cell` [1, 1, width]; gives
    /// `probabilities` [steps, 1, 1], and `hidden_after` and `cell_after` of the last step.
    ///
    /// - Throws: `EightCutError` of code `inputUnusable` when the weights are not those of the model.
    package func build() throws -> Graph {
        let parameters = Parameters(weights)
        let builder = GraphBuilder(parameters)
        let model = builder.root.model
        let samples = builder.input(
            "samples",
            .float32,
            ["steps", .fixed(Self.context + Self.step)]
        )
        let state: Shape = [1, 1, .fixed(Self.width)]
        let hidden = builder.input("hidden", .float32, state)
        let cell = builder.input("cell", .float32, state)

        // [steps, 129, 4]: four windows of a step.
        var x = spectrum(samples, model)
        let encoder = model.encoder
        // [steps, 128, 4] → [steps, 64, 2] → [steps, 64, 1] → [steps, 128, 1].
        x = Conv1d(encoder[0].reparam_conv, Self.frequencies, 128, kernel: 3, padding: 1)(x).relu()
        x = Conv1d(encoder[1].reparam_conv, 128, 64, kernel: 3, stride: 2, padding: 1)(x).relu()
        x = Conv1d(encoder[2].reparam_conv, 64, 64, kernel: 3, stride: 2, padding: 1)(x).relu()
        x = Conv1d(encoder[3].reparam_conv, 64, Self.width, kernel: 3, padding: 1)(x).relu()
        // [steps, 1, 128]: to the memory, steps follow one another.
        let memory = LSTMCell(model.decoder.rnn, Self.width, Self.width)(
            x.transposed([0, 2, 1]),
            hidden: hidden,
            cell: cell
        )
        let last = memory.steps.transposed([0, 2, 1]).relu()
        let probabilities = Conv1d(model.decoder.decoder[2], Self.width, 1, kernel: 1)(last)
            .sigmoid()

        builder.output("probabilities", probabilities)
        builder.output("hidden_after", memory.hidden)
        builder.output("cell_after", memory.cell)
        let graph = try builder.finish()
        try parameters.checkAllUsed()
        return graph
    }

    /// Magnitudes of the short-time Fourier transform, whose sines and cosines are weights.
    ///
    /// - Returns: [steps, frequencies, windows].
    private func spectrum(_ samples: Value, _ model: Scope) -> Value {
        let padded = samples.reflected(behind: Self.window / 4)
        let length = Self.context + Self.step + Self.window / 4
        let shape = [2 * Self.frequencies, 1, Self.window]
        let waves = padded.reshaped([padded.shape[0], 1, .fixed(length)]).convolvedAlongLast(
            with: model.stft.weight("forward_basis_buffer", shape),
            adding: nil,
            stride: Self.window / 2
        )
        let parts = waves.split(axis: 1, into: 2)
        return (parts[0] * parts[0] + parts[1] * parts[1]).squareRoot()
    }
}
