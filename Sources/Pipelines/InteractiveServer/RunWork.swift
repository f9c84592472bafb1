import Diagnostics
import MaskPipeline
import MaskStore
import Methods
import Progress
import SAM2
import SystemPackage

/// Makes the masks of the whole video with the loaded model.
struct RunWork: Sendable {
    let input: FilePath
    let checkpoint: CheckpointModel
    let model: Sam2Model
    /// Which memories take part in memory attention.
    let memory: Sam2MemoryUse

    /// Makes the masks; finished ones are kept if it is cancelled.
    ///
    /// - Returns: the last event, which is not reported yet.
    /// - Throws: `OutputClosed`.
    func run(_ task: RunTask, _ reporter: any ProgressReporter) async throws -> ProgressEvent {
        do {
            return .finished(try await make(task, reporter))
        } catch let error as EightCutError {
            return .failed(error)
        } catch let error as OutputClosed {
            throw error
        } catch is CancellationError {
            return .failed(Self.stopped)
        } catch {
            return .failed(EightCutError(.internalFault, "cannot go on", because: "\(error)"))
        }
    }

    private func make(_ task: RunTask, _ reporter: any ProgressReporter) async throws
        -> ProgressEvent.Finished
    {
        let output = task.output ?? MaskFolder.defaultPath(for: input)
        let video = try await ProbedVideo(input)
        let prompts = try await task.prompts.resolve(for: video.stream, of: input)
        var settings = task.drawing.settings(prompts)
        settings.memory = memory
        let summary = try await MaskRun(
            video,
            output: output,
            method: SamMethod(settings, model: checkpoint, loaded: model),
            inverts: task.inverts,
            replaces: task.replaces,
            reporter: reporter
        ).run()
        try summary.report(to: reporter)
        return summary.finished
    }

    private static let stopped = EightCutError(
        .interrupted,
        "stopped",
        because: "by request",
        remedy: "Send the same request again to go on where it stopped."
    )
}
