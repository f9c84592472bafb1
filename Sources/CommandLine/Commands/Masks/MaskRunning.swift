import Diagnostics
import MaskPipeline
import Previews
import Progress
import SystemPackage

extension MasksMethodCommand {
    /// What every method's command does: generates the masks, and the preview if one is asked for.
    ///
    /// - Parameters:
    ///   - options: the video and the output.
    ///   - inputs: what is read besides the video, which is never replaced.
    ///   - makeMethod: makes the method for a video.
    /// - Throws: `JobFailure` or `ExitCode`.
    func runMasks(
        _ options: MaskFileOptions,
        reading inputs: @escaping @Sendable () throws -> [FilePath] = { [] },
        _ makeMethod: @escaping @Sendable (ProbedVideo) async throws -> any MaskMethod
    ) async throws {
        let log = progress.log
        try await runJob { reporter in
            let files = try await options.find()
            let (input, output) = (files.input, files.output)
            let preview = try options.preview.map { name in
                try PreviewOutput(
                    FilePath(name),
                    inputs: [input] + inputs(),
                    masks: output,
                    overwrites: options.overwrite
                )
            }
            // Not after all the masks are made.
            try await advisingAboutPreview { try preview?.check() }
            let video = try await ProbedVideo(input, options.video.reading)
            let run = MaskRun(
                video,
                output: output,
                inputs: try inputs(),
                method: try await makeMethod(video),
                inverts: options.invert,
                replaces: options.overwrite,
                reporter: reporter
            )
            let summary = try await run.run()
            try await files.record(summary)
            try summary.report(to: reporter)
            if let preview {
                let work = try Preview(
                    input: input,
                    masks: output,
                    output: preview,
                    reporter: reporter
                )
                try await advisingAboutPreview { _ = try await work.make(video.stream) }
                try reporter.report(.artifact(.init(kind: "preview", path: preview.path.string)))
            }
            run.logCosts(frames: summary.frameCount, log)
            return summary.finished
        }
    }
}

/// Names the options that choose a preview: `--output` is the one for masks.
private func advisingAboutPreview(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as EightCutError where error.code == .outputUnusable {
        throw error.advising(
            "Give --preview another name; --overwrite allows it to replace files of others."
        )
    }
}

extension MaskRun {
    /// Where time and memory went, for `--verbose`.
    fileprivate func logCosts(frames: Int, _ log: Log) {
        let rounded = { (value: Double) in "\((value * 100).rounded() / 100)" }
        for stage in clock.milliseconds(perFrameOf: frames) {
            log.detail("\(stage.name): \(rounded(stage.milliseconds)) ms a frame")
        }
        let mebibytes = { (bytes: Int) in rounded(Double(bytes) / 1_048_576) + " MiB" }
        log.detail("peak memory: \(mebibytes(PeakMemory.ofProgram))")
        log.detail("peak memory of the largest child: \(mebibytes(PeakMemory.ofLargestChild))")
    }
}
