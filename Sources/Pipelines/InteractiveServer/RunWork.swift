import Diagnostics
import MaskPipeline
import MaskStore
import Media
import Methods
import Progress
import SAM2
import SystemPackage

/// Makes the masks of the whole video with the loaded model.
struct RunWork: Sendable {
    let input: FilePath
    /// How the video is read.
    let options: VideoOptions
    let checkpoint: CheckpointModel
    let model: Sam2Model
    /// What the model was loaded with.
    let modelOptions: Sam2Options

    /// Makes the masks; finished ones are kept if it is cancelled.
    ///
    /// - Returns: the last event, which is not reported yet.
    /// - Throws: `OutputClosed`.
    func run(_ task: RunTask, _ reporter: any ProgressReporter) async throws -> ProgressEvent {
        do {
            return .finished(try await make(task, reporter))
        } catch let error as OutputClosed {
            throw error
        } catch {
            return .failed(EightCutError(ending: error))
        }
    }

    private func make(_ task: RunTask, _ reporter: any ProgressReporter) async throws
        -> ProgressEvent.Finished
    {
        let output = task.output ?? MaskFolder.defaultPath(for: input)
        let video = try await ProbedVideo(input, options)
        let prompts =
            task.prompts.isEmpty
            ? nil : try await task.prompts.resolve(for: video.stream, of: input)
        var settings = task.drawing.settings(prompts)
        settings.options = modelOptions
        let summary = try await MaskRun(
            video,
            output: output,
            inputs: task.prompts.files,
            method: SamMethod(
                settings,
                model: checkpoint,
                loaded: model,
                onFound: { found in
                    if let warning = found.warning { try reporter.report(.warning(warning)) }
                }
            ),
            inverts: task.inverts,
            replaces: task.replaces,
            reporter: reporter
        ).run()
        try summary.report(to: reporter)
        if let failure = summary.failure { throw failure }
        return summary.finished
    }
}
