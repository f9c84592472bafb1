import Diagnostics
import MaskPipeline
import Previews
import Progress
import SystemPackage

extension MasksMethodCommand {
    /// What every method's command does: generates the masks, and the preview and the video of them
    /// if these are asked for.
    ///
    /// - Parameters:
    ///   - options: the video and the output.
    ///   - inputs: what is read besides the video, which is never replaced.
    ///   - makeMethod: makes the method for a video; gets what receives the run's events.
    /// - Throws: `JobFailure` or `ExitCode`.
    func runMasks(
        _ options: MaskFileOptions,
        reading inputs: @escaping @Sendable () throws -> [FilePath] = { [] },
        _ makeMethod:
            @escaping @Sendable (ProbedVideo, any ProgressReporter) async throws
            -> any MaskMethod
    ) async throws {
        let log = progress.log
        try await runJob { reporter in
            let files = try await options.find()
            let views = try MaskViews(options, files, reading: inputs())
            // Not after all the masks are made.
            try views.check()
            let video = try await ProbedVideo(
                files.input,
                options.video.reading(of: files.input)
            )
            let run = MaskRun(
                video,
                output: files.output,
                inputs: try inputs(),
                method: try await makeMethod(video, reporter),
                inverts: options.invert,
                replaces: options.overwrite,
                reporter: reporter
            )
            let summary = try await run.run()
            try await files.record(summary)
            try summary.report(to: reporter)
            try await views.make(of: video, summary, reporter)
            run.logCosts(frames: summary.frameCount, log)
            if let failure = summary.failure { throw failure }
            return summary.finished
        }
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
