import ArgumentParser
import Diagnostics
import Progress

/// A command that reports progress while it works.
protocol JobCommand: AsyncParsableCommand {
    var progress: ProgressOptions { get }
    /// What standard output is for.
    static var outputUse: OutputUse { get }
}

extension JobCommand {
    static var outputUse: OutputUse { .progress }

    /// Does the work of the command: Ctrl-C cancels it, and its end becomes the last event.
    ///
    /// - Parameters:
    ///   - reporter: receives the events; nil for the one that the options choose.
    ///   - body: does the work, and reports everything but the end.
    /// - Throws: `JobFailure`, or `ExitCode` when the work is done, but its exit status is not 0.
    func runJob(
        reporter: (any ProgressReporter)? = nil,
        _ body: @escaping @Sendable (any ProgressReporter) async throws -> ProgressEvent.Finished
    ) async throws {
        let reporter = reporter ?? progress.makeReporter(Self.outputUse)
        let end: ProgressEvent.Finished
        do {
            end = try await withInterruption {
                let end = try await body(reporter)
                try reporter.report(.finished(end))
                return end
            }
        } catch {
            let failure = JobFailure(Self.named(error), of: Self.self, log: progress.log)
            try? reporter.report(.failed(failure.error))
            throw failure
        }
        if end.exitStatus != 0 { throw ExitCode(end.exitStatus) }
    }
}

extension JobCommand {
    /// Options that turn out to be wrong once the job has begun, as with a clip of the library, are
    /// a mistake of the command line all the same.
    private static func named(_ error: any Error) -> any Error {
        guard let error = error as? ValidationError else { return error }
        return EightCutError(.usage, "cannot use these options", because: error.message)
    }
}

/// A job that has failed, which its reporter knows already.
struct JobFailure: Error {
    let error: EightCutError
    var exitStatus: Int32
    /// Whether a signal ended the job, or the closed standard output.
    let isInterruption: Bool
    let log: Log

    init(_ error: any Error, of command: any ParsableCommand.Type, log: Log) {
        self.error = Remedies.of(command).advise(EightCutError(ending: error))
        exitStatus = (error as? Interrupted)?.exitStatus ?? self.error.code.exitStatus
        isInterruption = error is Interrupted
        self.log = log
    }
}

extension ProgressEvent.Finished {
    /// The end of a job that has begun when the meter was made.
    init(
        _ meter: ProgressMeter,
        frames: Int = 0,
        exitStatus: Int32 = 0,
        summary: (_ seconds: Double) -> String
    ) {
        let seconds = (meter.elapsed * 10).rounded() / 10
        self.init(
            frames: frames,
            seconds: seconds,
            exitStatus: exitStatus,
            summary: summary(seconds)
        )
    }
}
