import Diagnostics
import MaskPipeline
import MaskStore
import Methods
import Progress
import SAM2
import SystemPackage

/// A run over the whole video, with the model that is loaded.
struct RunWork: Sendable {
    let input: FilePath
    let checkpoint: CheckpointModel
    let model: Sam2Model
    /// What the model attends to of what it remembers.
    let memory: Sam2MemoryUse

    /// Makes the masks; what is done is kept when that is cut short.
    ///
    /// - Parameters:
    ///   - task: what is asked for.
    ///   - reporter: is told how it goes.
    /// - Returns: how it has ended, which is still to be told.
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
        let prompts = try await PromptCheck(task.prompts, input: input).resolve()
        var settings = task.drawing.settings(prompts)
        settings.memory = memory
        let result = try await MaskRun(
            input: input,
            output: output,
            method: SamMethod(settings, model: checkpoint, loaded: model),
            inverts: task.inverts,
            replaces: task.replaces,
            reporter: reporter
        ).run()
        try reporter.report(.artifact(.init(kind: "masks", path: output.string)))
        for warning in result.warnings(on: input) { try reporter.report(.warning(warning)) }
        return result.finished
    }

    private static let stopped = EightCutError(
        .interrupted,
        "stopped",
        because: "by request",
        remedy: "Send the same request again to go on where it stopped."
    )
}
