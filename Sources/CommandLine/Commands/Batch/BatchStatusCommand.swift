import ArgumentParser
import BatchList
import BatchSubmission
import Diagnostics
import SystemPackage

/// `8cut batch status`.
struct BatchStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Report how far a list is, and which rows cannot be done.",
        discussion: """
            Counts the results, whatever runs the list: done, failed (they cannot be done), again \
            (their last try ended early) and waiting. Where Slurm is installed, the tasks in its \
            queue are counted too. The exit status is 0.

            Examples:
              8cut batch status --list clips.jsonl
              8cut batch status --list clips.jsonl --results /scratch/results --json
            """
    )

    @Option(
        help: ArgumentHelp("The list: a JSON object in each line.", valueName: "file"),
        completion: .file()
    )
    var list: String

    @Option(
        help: ArgumentHelp(
            "The folder of the results. (default: results beside the list)",
            valueName: "folder"
        ),
        completion: .directory
    )
    var results: String?

    @Flag(help: "Print a JSON object.")
    var json = false

    /// Failed rows that are listed for people.
    private static let mostFailures = 20

    func validate() throws {
        try list.checkedNotEmpty(named: "--list")
        try results?.checkedNotEmpty(named: "--results")
    }

    func run() async throws {
        let list = try BatchList(self.list)
        let results = list.results(self.results)
        let state = try ListState(of: list, in: results)
        var tasks: SlurmQueue.Tasks?
        do {
            tasks = try await SlurmQueue.tasks(writingTo: results)
        } catch let error as EightCutError {
            // The results are there all the same.
            Log(level: .normal).warning("\(error)")
        }
        let report = Report(state, tasks)
        if json { return try Listing.write(json: report) }
        try Listing.write(report.lines.joined(separator: "\n"))
        guard !state.failures.isEmpty else { return }
        try Listing.write(
            table: state.failures.prefix(Self.mostFailures).map { Row(failure: $0) }
        )
        let more = state.failures.count - Self.mostFailures
        if more > 0 { try Listing.write("and \(more) more: --json lists all") }
    }

    private struct Row: ListRow {
        let failure: ListState.Failure

        static let heading = ["FAILED", "WHY"]

        var cells: [String] { [visible(failure.id), visible(failure.error)] }
    }

    private struct Report: Encodable {
        let rows: Int
        let done: Int
        let failed: Int
        let again: Int
        let waiting: Int
        let failures: [ListState.Failure]
        let tasks: SlurmQueue.Tasks?

        init(_ state: ListState, _ tasks: SlurmQueue.Tasks?) {
            rows = state.rows
            (done, failed, again) = (state.done, state.failed, state.again)
            waiting = state.waiting
            failures = state.failures
            self.tasks = tasks
        }

        var lines: [String] {
            var lines = [
                "rows:     \(rows)", "done:     \(done)", "failed:   \(failed)",
                "again:    \(again)", "waiting:  \(waiting)",
            ]
            if let tasks {
                let isIdle = tasks.running + tasks.pending == 0
                let hint = isIdle && again + waiting > 0 ? ": submit the list again to go on" : ""
                lines.append(
                    "in Slurm: \(tasks.running) running, \(tasks.pending) pending\(hint)"
                )
            }
            return lines
        }
    }
}
