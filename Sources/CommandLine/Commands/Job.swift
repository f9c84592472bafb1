import ArgumentParser
import Diagnostics
import Progress

/// Runs the work of a command: makes Ctrl-C cancel it, and turns how it ends into the last
/// event, a message and the exit status.
enum Job {
    /// Does the work.
    ///
    /// - Parameters:
    ///   - options: how to tell about it.
    ///   - reporter: who is told; nil for whom the options name.
    ///   - body: does it and tells how it ended; it reports everything but the end.
    /// - Throws: `ExitCode` unless the exit status is 0.
    static func run(
        _ options: ProgressOptions,
        reportingTo reporter: (any ProgressReporter)? = nil,
        _ body: @escaping @Sendable (any ProgressReporter) async throws -> ProgressEvent.Finished
    ) async throws {
        let reporter = reporter ?? options.makeReporter()
        let status: Int32
        do {
            let end = try await withInterruption {
                let end = try await body(reporter)
                try reporter.report(.finished(end))
                return end
            }
            status = end.exitStatus
        } catch let interruption as Interrupted {
            try? reporter.report(.failed(interruption.error))
            options.log.note("\(interruption.error)")
            status = interruption.exitStatus
        } catch let error as EightCutError {
            try? reporter.report(.failed(error))
            writeLine("8cut: error: \(error)", to: 2)
            status = error.code.exitStatus
        } catch {
            let fault = EightCutError(
                .internalFault,
                "cannot go on",
                because: "\(error)",
                remedy: "Please report this, with the command that you ran."
            )
            try? reporter.report(.failed(fault))
            writeLine("8cut: error: \(fault)", to: 2)
            status = fault.code.exitStatus
        }
        if status != 0 { throw ExitCode(status) }
    }
}
