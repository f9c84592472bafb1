import Diagnostics
import MaskPipeline
import Methods
import Previews
import Progress
import Prompts
import SystemPackage

extension MasksMethodCommand {
    func readPrompts(_ label: ClipLabel) throws -> GivenPrompts { GivenPrompts() }

    func prepare(_ models: LoadedModels) {}

    func speedAdvice(_ models: LoadedModels) -> String? { nil }

    /// What every method's command does: generates the masks, and the preview and the video of them
    /// if these are asked for.
    ///
    /// - Throws: `JobFailure` or `ExitCode`.
    func generate() async throws {
        let log = progress.log
        try await runJob { reporter in
            let files = try await self.files.find()
            let prompts = try readPrompts(files.label)
            let views = try MaskViews(self.files, files, reading: prompts.files)
            // Not after all the masks are made.
            try views.check()
            let video = try await ProbedVideo(
                files.input,
                self.files.video.reading(of: files.input)
            )
            let (models, advisor) = (LoadedModels(), SpeedAdvisor(reporter, log))
            let run = try await maskRun(of: video, files, prompts, models, advisor)
            advisor.set(try await speedAdvice(models))
            let summary = try await run.run()
            try await files.record(summary)
            try summary.report(to: reporter)
            try await views.make(of: video, summary, reporter)
            run.logCosts(frames: summary.frameCount, log)
            if let failure = summary.failure { throw failure }
            return summary.finished
        }
    }

    /// The run that makes the masks of a video.
    ///
    /// - Parameters:
    ///   - video: the video.
    ///   - files: where it is, and the folder for the masks.
    ///   - prompts: what selects the objects.
    ///   - models: keeps models loaded.
    ///   - reporter: receives the run's events.
    /// - Returns: the run, which has not begun.
    /// - Throws: `EightCutError` or `CancellationError`.
    func maskRun(
        of video: ProbedVideo,
        _ files: MaskFiles,
        _ prompts: GivenPrompts,
        _ models: LoadedModels,
        _ reporter: any ProgressReporter
    ) async throws -> MaskRun {
        MaskRun(
            video,
            output: files.output,
            inputs: prompts.files,
            method: try await method(for: video, prompts.list, models, reporter),
            inverts: self.files.invert,
            replaces: self.files.overwrite,
            reporter: reporter
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
