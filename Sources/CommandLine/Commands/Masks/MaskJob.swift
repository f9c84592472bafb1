import Diagnostics
import MaskPipeline
import Previews
import Progress
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
            for warning in result.warnings(on: input) { try reporter.report(.warning(warning)) }
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
            return result.finished
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
}
