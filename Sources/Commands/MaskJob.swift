import Diagnostics
import Jobs
import Masks
import Previews
import SystemPackage

/// What `8cut masks METHOD` does, whatever the method is.
struct MaskJob: Sendable {
    private let files: MaskFileOptions
    private let preview: FilePath?
    private let inverts: Bool
    private let replaces: Bool
    private let makeMethod: @Sendable (Log, FilePath) async throws -> any MaskMethod

    /// Plans the job.
    ///
    /// - Parameters:
    ///   - files: what it works on.
    ///   - makeMethod: makes the method for a video, and may tell the user about it.
    init(
        files: MaskFileOptions,
        _ makeMethod: @escaping @Sendable (Log, FilePath) async throws -> any MaskMethod
    ) {
        self.files = files
        preview = files.preview.map { FilePath($0).absolute }
        inverts = files.invert
        replaces = files.overwrite
        self.makeMethod = makeMethod
    }

    /// Makes the masks, and the preview when one is asked for.
    func run(_ options: ProgressOptions) async throws {
        let log = options.log
        try await Job.run(options) { reporter in
            let files = try await files.find()
            let (input, output) = (files.input, files.output)
            let run = MaskRun(
                input: input,
                output: output,
                method: try await makeMethod(log, input),
                inverts: inverts,
                replaces: replaces,
                reporter: reporter
            )
            let result = try await run.run()
            try await files.record(result.manifest)
            try reporter.report(.artifact(.init(kind: "masks", path: output.string)))
            for warning in warnings(result, input) { try reporter.report(.warning(warning)) }
            if let preview {
                _ = try await Preview(
                    input: input,
                    masks: output,
                    output: preview,
                    reporter: reporter
                ).make()
                try reporter.report(.artifact(.init(kind: "preview", path: preview.string)))
            }
            tellCosts(of: run, frames: result.manifest.frameCount, log)
            return finished(result)
        }
    }

    /// Where time and memory went, for `--verbose`.
    private func tellCosts(of run: MaskRun, frames: Int, _ log: Log) {
        let rounded = { (value: Double) in "\((value * 100).rounded() / 100)" }
        for stage in run.clock.milliseconds(perFrameOf: frames) {
            log.detail("\(stage.name): \(rounded(stage.milliseconds)) ms a frame")
        }
        let mebibytes = { (bytes: Int) in rounded(Double(bytes) / 1_048_576) + " MiB" }
        log.detail("peak memory: \(mebibytes(PeakMemory.ofProgram))")
        log.detail("peak memory of the largest child: \(mebibytes(PeakMemory.ofLargestChild))")
    }

    private func finished(_ result: MaskRunResult) -> JobEvent.Finished {
        let count = result.manifest.frameCount
        let seconds = (result.seconds * 10).rounded() / 10
        let isDamaged = result.manifest.inputProblem != nil
        return JobEvent.Finished(
            frames: count,
            seconds: seconds,
            exitStatus: isDamaged ? ErrorCode.inputDamaged.exitStatus : 0,
            summary: result.wasComplete
                ? "all \(count) masks were there already"
                : "\(count) masks in \(seconds) s"
        )
    }

    private func warnings(_ result: MaskRunResult, _ input: FilePath) -> [JobEvent.Warning] {
        var warnings: [JobEvent.Warning] = []
        let count = result.manifest.frameCount
        if let problem = result.manifest.inputProblem {
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
            guard let flagged = result.flagCounts[flag] else { continue }
            warnings.append(
                .init(
                    code: flag.rawValue + "Masks",
                    message: "\(flagged) of \(count) masks \(meaning)."
                )
            )
        }
        return warnings
    }
}
