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
    private let makeMethod: MakeMethod

    /// Makes the method for a video, and may log what it does.
    typealias MakeMethod =
        @Sendable (Log, ProbedVideo) async throws -> any MaskMethod

    /// Plans the job.
    ///
    /// - Parameters:
    ///   - files: what it works on.
    ///   - makeMethod: makes the method.
    init(files: MaskFileOptions, _ makeMethod: @escaping MakeMethod) {
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
            let video = try await ProbedVideo(input)
            let run = MaskRun(
                video,
                output: output,
                method: try await makeMethod(log, video),
                inverts: inverts,
                replaces: replaces,
                reporter: reporter
            )
            let summary = try await run.run()
            try await files.record(summary)
            try summary.report(to: reporter)
            if let preview {
                _ = try await Preview(
                    input: input,
                    masks: output,
                    output: preview,
                    reporter: reporter
                ).make(video.stream)
                try reporter.report(.artifact(.init(kind: "preview", path: preview.string)))
            }
            tellCosts(of: run, frames: summary.frameCount, log)
            return summary.finished
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
