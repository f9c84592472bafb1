import ArgumentParser
import Diagnostics
import Glibc
import Progress

/// How a command reports its progress.
struct ProgressOptions: ParsableArguments {
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case auto, bar, plain, json, none
    }

    @Option(
        help: ArgumentHelp(
            "Progress output; auto is a bar on a terminal and plain lines elsewhere.",
            valueName: "form"
        )
    )
    var progress: Form = .auto

    @Flag(name: .shortAndLong, help: "Print only errors, and alerts such as a damaged list.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Print more details on standard error.")
    var verbose = false

    func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
    }

    /// Messages for people.
    var log: Log {
        Log(
            level: quiet ? .quiet : verbose ? .verbose : .normal,
            advises: progress != .json && progress != .none
        )
    }

    /// What receives the events of a job whose standard output is for `use`.
    func makeReporter(_ use: OutputUse = .progress) -> any ProgressReporter {
        switch progress {
        case .json: JSONReporter()
        case .none: WarningReporter(log: log, use)
        case _ where quiet: WarningReporter(log: log, use)
        case .bar: BarReporter(log: log, use)
        case .plain: PlainReporter(log: log, use)
        case .auto:
            isatty(STDERR_FILENO) == 1
                ? BarReporter(log: log, use) : PlainReporter(log: log, use)
        }
    }
}
