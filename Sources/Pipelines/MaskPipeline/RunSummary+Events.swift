import Diagnostics
import MaskStore
import Progress
import SystemPackage

extension RunSummary {
    /// What the user should know of the masks.
    ///
    /// - Parameter input: the video.
    /// - Returns: a warning for each kind of thing.
    package func warnings(on input: FilePath) -> [ProgressEvent.Warning] {
        var warnings: [ProgressEvent.Warning] = []
        let count = manifest.frameCount
        if let problem = manifest.inputProblem {
            warnings.append(
                .init(
                    code: ErrorCode.inputDamaged.rawValue,
                    message: "\(quoted(input.string)) is damaged or cut off: \(problem). "
                        + "There are masks for the \(count) frames that decode."
                )
            )
        }
        let meanings: [(MaskFlag, String)] = [
            (.empty, "show no object"), (.full, "are all object"),
            (.jump, "are somewhere else than the one before"),
        ]
        for (flag, meaning) in meanings {
            guard let flagged = flagCounts[flag] else { continue }
            warnings.append(
                .init(
                    code: flag.rawValue + "Masks",
                    message: "\(flagged) of \(count) masks \(meaning)."
                )
            )
        }
        return warnings
    }

    /// How the run has ended.
    package var finished: ProgressEvent.Finished {
        let count = manifest.frameCount
        let seconds = (seconds * 10).rounded() / 10
        return ProgressEvent.Finished(
            frames: count,
            seconds: seconds,
            exitStatus: manifest.inputProblem == nil ? 0 : ErrorCode.inputDamaged.exitStatus,
            summary: wasComplete
                ? "all \(count) masks were there already"
                : "\(count) masks in \(seconds) s"
        )
    }
}
