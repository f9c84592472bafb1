import Diagnostics
import MaskStore
import Progress
import SystemPackage

/// How a run has ended.
package struct RunSummary: Sendable {
    package let input: FilePath
    /// The folder of the masks.
    package let output: FilePath
    package let method: MaskManifest.Method
    /// How many masks there are.
    package let frameCount: Int
    /// How many masks have which flag.
    package let flagCounts: [MaskFlag: Int]
    /// How far the masks can be trusted, 0…1; nil where the method does not say.
    package let confidence: Double?
    /// An estimate of the IoU with the true masks, 0…1; nil where they were not judged.
    package let score: Double?
    /// What is wrong with the video, nil where nothing is.
    package let inputProblem: String?
    /// Whether all masks were there before.
    package let wasComplete: Bool
    /// What others have put into hidden folders of 8cut, and was left there.
    package let foreign: [FilePath]
    /// What the folder holds more than one mask for each frame; nil where that is nothing.
    package let excess: MaskSetProblem?
    /// Seconds from start to end.
    package let seconds: Double

    /// Reports the masks, and a warning for each kind of thing that may be wrong with them.
    ///
    /// - Throws: `OutputClosed`.
    package func report(to reporter: any ProgressReporter) throws {
        try reporter.report(.artifact(.init(kind: "masks", path: output.string)))
        for warning in warnings { try reporter.report(.warning(warning)) }
    }

    /// The error with which the work ends when everything else is done: the folder holds more than
    /// the masks of the run. Nil where it does not.
    package var failure: EightCutError? {
        let done = wasComplete ? "The masks of all frames are there." : "The masks are made."
        return MaskSetProblem.error(of: excess.map { [$0] } ?? [], done: done)
    }

    /// The event that ends the run.
    package var finished: ProgressEvent.Finished {
        let seconds = (seconds * 10).rounded() / 10
        return ProgressEvent.Finished(
            frames: frameCount,
            seconds: seconds,
            exitStatus: inputProblem == nil ? 0 : ErrorCode.inputDamaged.exitStatus,
            summary: wasComplete
                ? Self.wereThere(frameCount)
                : "\(counted(frameCount, "mask")) in \(seconds) s"
                    + (score.map { ", score \($0)" } ?? "")
        )
    }

    private static func wereThere(_ count: Int) -> String {
        count == 1 ? "the mask was there already" : "all \(count) masks were there already"
    }

    private var warnings: [ProgressEvent.Warning] {
        var warnings: [ProgressEvent.Warning] = []
        if let inputProblem {
            warnings.append(
                .init(
                    code: ErrorCode.inputDamaged.rawValue,
                    message:
                        "\(quoted(input.string)) is damaged or cut off: \(visible(inputProblem)). "
                        + "There are masks for the \(counted(frameCount, "frame")) that decode."
                )
            )
        }
        for path in foreign {
            warnings.append(
                .init(
                    code: "foreignFile",
                    message: "\(quoted(path.string)) was left: it was not made by 8cut."
                )
            )
        }
        let meanings: [(MaskFlag, MessageText)] = [
            (.empty, "show no object"), (.full, "are all object"),
            (.jump, "are somewhere else than the one before"),
            (.label, "are not where the detector sees what the text names"),
        ]
        for (flag, meaning) in meanings {
            guard let count = flagCounts[flag] else { continue }
            warnings.append(
                .init(
                    code: flag.rawValue + "Masks",
                    message: "\(count) of \(frameCount) masks \(meaning)."
                )
            )
        }
        if let confidence, confidence < MaskConfidence.level {
            warnings.append(
                .init(
                    code: "uncertainMasks",
                    message: "The masks are probably not right: confidence \(confidence) (below "
                        + "\(MaskConfidence.level)). Look at a preview; with SAM you can mark the "
                        + "object yourself."
                )
            )
        }
        return warnings
    }
}
