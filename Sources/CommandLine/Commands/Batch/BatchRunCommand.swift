import ArgumentParser
import BatchList
import BatchRun
import Diagnostics
import Dispatch
import Files
import FoundationEssentials
import Glibc
import Methods
import Progress
import SystemPackage

/// `8cut batch run`.
struct BatchRunCommand: JobCommand, AdvisingCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Make the masks of every row of a list.",
        usage: "8cut batch run --list <file> [<options>]",
        discussion: """
            Keeps models loaded, and writes a result for each row: ID.json in the folder of results, \
            and the same as a line on standard output. A row that fails does not end the run. The \
            same command again does what is left, and tries again what has failed.

            The exit status is 0 when all rows are done, 65 when some cannot be done, and 75 when \
            another try may help, also after a signal.

            Examples:
              8cut batch run --list clips.jsonl
              8cut batch run --list clips.jsonl --shard 3/16 --done shard-3.done
              8cut batch run --list clips.jsonl --allow-failed 5
              8cut batch run --list - --results results < clips.jsonl
            """
    )

    static let outputUse = OutputUse.result

    static let remedies = Remedies(
        output: "--results",
        byCode: [.outputUnusable: "Choose a folder that you may write to, with --results."]
    )

    @Option(
        help: ArgumentHelp(
            "The list: a JSON object in each line; - for standard input.",
            valueName: "file"
        ),
        completion: .file()
    )
    var list: String

    @OptionGroup(title: "Shards") var shards: ShardOptions

    @Option(
        help: ArgumentHelp(
            "Rows that are worked on at the same time. (default: 2 for each copy of a model, or "
                + "half of the CPU's cores, but 2 at least, where no row needs a model)",
            valueName: "count"
        )
    )
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Copies of a model that work side by side, each on its share of the cores. (default: "
                + "one for every eight cores, as many as fit into memory; on a GPU one)",
            valueName: "count"
        )
    )
    var copies: Int?

    @Option(
        help: ArgumentHelp(
            "The folder for the results. (default: results beside the list)",
            valueName: "folder"
        ),
        completion: .directory
    )
    var results: String?

    @Option(
        help: ArgumentHelp("End with 0 although as many rows have failed.", valueName: "count")
    )
    var allowFailed = 0

    @Option(
        help: ArgumentHelp(
            "A file to write in the end, when the exit status is 0. Until then it is not there.",
            valueName: "file"
        ),
        completion: .file()
    )
    var done: String?

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        try list.checkedNotEmpty(named: "--list")
        try results?.checkedNotEmpty(named: "--results")
        try done?.checkedNotEmpty(named: "--done")
        try jobs?.checked(in: 1...256, named: "--jobs")
        try copies?.checked(in: 1...256, named: "--copies")
        try allowFailed.checked(in: 0...1_000_000_000, named: "--allow-failed")
    }

    func run() async throws {
        do {
            try await runJob { reporter in
                try await withTaskCancellationHandler {
                    try await work(reporter)
                } onCancel: {
                    // What cannot be cancelled, such as loading a model, is given up: all that
                    // has ended is on the disk.
                    DispatchQueue.global().asyncAfter(deadline: .now() + 0.8) {
                        _exit(ErrorCode.outputBusy.exitStatus)
                    }
                }
            }
        } catch let failure as JobFailure {
            throw failure.folded
        }
    }

    private func work(_ reporter: any ProgressReporter) async throws -> ProgressEvent.Finished {
        let meter = ProgressMeter()
        let list = try BatchList(self.list)
        let places = Array(list.rows(of: try shards.chosen()))
        let folder = list.results(results)
        try reporter.report(
            .started(.init(job: "batch", input: list.name, output: folder.string))
        )
        let done = try self.done.map { try DoneFile(FilePath($0)) }
        let rows = RowCommands(
            list,
            copies: copies,
            quiet: progress.quiet,
            verbose: progress.verbose
        )
        let order = try rows.check(places) { try done?.check($0) }
        let results = try ResultFolder(creating: folder)
        try rows.openStore(for: places, scratch: folder.appending(".8cut-scratch"), reporter)
        try done?.remove()

        let width = jobs ?? rows.usualWidth
        let run = BatchRun(
            list,
            results,
            width: width,
            reporter: reporter,
            look: rows.fingerprint,
            work: rows.work
        )
        var (summary, rest) = try await run.finished(of: order)
        try await rows.prepare(rest, width: width, progress.log)
        if !rest.isEmpty { summary = try await run.run(rest, after: summary) }
        await rows.closeStore()

        let status = summary.exitStatus(allowingFailed: allowFailed)
        let finished = ProgressEvent.Finished(
            meter,
            frames: summary.frames,
            exitStatus: status
        ) { summary.text(seconds: $0, models: rows.loadCount) }
        if status == 0 { try done?.write(finished.summary) }
        return finished
    }
}

extension JobFailure {
    /// The failure with the exit status that engines try again by.
    fileprivate var folded: JobFailure {
        guard BatchResult.Status(of: error.code) == .again else { return self }
        var failure = self
        failure.exitStatus = ErrorCode.outputBusy.exitStatus
        return failure
    }
}

/// Which part of a list is worked on.
struct ShardOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Work on shard I of N, counted from 0. (default: what Slurm, Kubernetes or AWS Batch "
                + "have set, else all rows)",
            valueName: "i/n"
        )
    )
    var shard: String?

    @Option(
        help: ArgumentHelp(
            "How many shards there are, where only the number of this one is set, as in Kubernetes.",
            valueName: "n"
        )
    )
    var shards: Int?

    /// - Throws: `EightCutError` when it is no shard, or an engine has set only a part of it.
    func chosen() throws -> BatchShard {
        try BatchShard(
            option: shard,
            count: shards,
            environment: ProcessInfo.processInfo.environment
        )
    }
}
