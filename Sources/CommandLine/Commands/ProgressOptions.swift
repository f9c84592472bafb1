import ArgumentParser
import Diagnostics
import Glibc
import Progress

/// How a command tells what it does.
struct ProgressOptions: ParsableArguments {
    /// The forms of progress.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case auto, bar, plain, json, none
    }

    @Option(
        help: ArgumentHelp(
            "How to tell about progress: a bar on a terminal and plain lines elsewhere (auto), "
                + "or bar, plain, json, none.",
            valueName: "form"
        )
    )
    var progress: Form = .auto

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more, on standard error.")
    var verbose = false

    func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
    }

    /// Messages for people.
    var log: Log { Log(level: quiet ? .quiet : verbose ? .verbose : .normal) }

    /// Whoever is told about events.
    func makeReporter() -> any ProgressReporter {
        switch progress {
        case .json: JSONReporter()
        case .none: WarningReporter(log: log)
        case _ where quiet: WarningReporter(log: log)
        case .bar: BarReporter(log: log)
        case .plain: PlainReporter(log: log)
        case .auto: isatty(STDERR_FILENO) == 1 ? BarReporter(log: log) : PlainReporter(log: log)
        }
    }
}
