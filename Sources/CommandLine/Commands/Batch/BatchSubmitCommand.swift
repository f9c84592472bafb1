import ArgumentParser
import BatchList
import BatchSubmission
import Diagnostics
import Files
import Glibc
import Methods
import SystemPackage

/// `8cut batch submit`.
struct BatchSubmitCommand: AsyncParsableCommand, AdvisingCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Run a list on a Slurm cluster.",
        usage: """
            8cut batch submit --slurm --list <file> --shards <count> [<options>]
            """,
        discussion: """
            Writes a job script and submits it with sbatch: an array with a task for each shard. A \
            task that ends with 75 is queued again, and so are those of a node that fails. The \
            script and the logs are in a folder beside the results, named after it: results-slurm. \
            List, clips, results and the program must have the same paths on all nodes. Submitting \
            the same list again does what is left.

            Examples:
              8cut batch submit --slurm --list clips.jsonl --shards 100
              8cut batch submit --slurm --list clips.jsonl --shards 100 --dry-run
              8cut batch submit --slurm --list clips.jsonl --shards 9 --gres gpu:1
              8cut batch submit --slurm --list a.jsonl --shards 9 --sbatch=--account=lab
              8cut batch submit --slurm --list a.jsonl --shards 9 -- --allow-failed 3
            """
    )

    static let remedies = Remedies(output: "--results")

    @Flag(help: "Submit to Slurm, the only queue that is known.")
    var slurm = false

    @Option(
        help: ArgumentHelp("The list: a JSON object in each line.", valueName: "file"),
        completion: .file()
    )
    var list: String

    @Option(
        help: ArgumentHelp(
            "How many tasks the list is divided among; a task should have minutes of work.",
            valueName: "count"
        )
    )
    var shards: Int

    @Option(
        help: ArgumentHelp("The most tasks that run at a time. (default: all)", valueName: "count")
    )
    var max: Int?

    @Option(
        help: ArgumentHelp(
            "How often a task is queued again when it ends with 75 or is killed.",
            valueName: "count"
        )
    )
    var retries = 10

    @Option(
        help: ArgumentHelp(
            "The folder for the results. (default: results beside the list)",
            valueName: "folder"
        ),
        completion: .directory
    )
    var results: String?

    @OptionGroup(title: "Nodes, as sbatch has these options") var nodes: NodeOptions

    @Flag(help: "Print the job script, and submit nothing.")
    var dryRun = false

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("Options of 8cut batch run, after --.", valueName: "options")
    )
    var runOptions: [String] = []

    func validate() throws {
        guard slurm else {
            throw ValidationError("Name the queue to submit to: --slurm.")
        }
        guard !list.isExactly("-") else {
            throw ValidationError("--list - cannot be submitted: write the list into a file.")
        }
        try list.checkedNotEmpty(named: "--list")
        try results?.checkedNotEmpty(named: "--results")
        try shards.checked(in: BatchShard.counts, named: "--shards")
        try max?.checked(in: BatchShard.counts, named: "--max")
        try retries.checked(in: 0...1000, named: "--retries")
        try checkRunOptions()
    }

    /// A mistake in what every task is given would fail them all.
    private func checkRunOptions() throws {
        let list = "list"
        let run: BatchRunCommand
        do {
            run = try BatchRunCommand.parse(["--list", list] + runOptions)
        } catch {
            let message = BatchRunCommand.message(for: error)
            throw ValidationError("After --, for 8cut batch run: \(message)")
        }
        let isOurs = [
            run.list.isExactly(list) ? nil : "--list", run.results.map { _ in "--results" },
            run.shards.shard.map { _ in "--shard" }, run.shards.shards.map { _ in "--shards" },
            run.done.map { _ in "--done" },
        ]
        guard let name = isOurs.compactMap(\.self).first else { return }
        throw ValidationError("\(name) is not for all tasks: leave it out after --.")
    }

    func run() async throws {
        let list = try BatchList(self.list)
        let rows = RowCommands(list, quiet: true, verbose: false)
        _ = try rows.check(Array(0..<list.count)) { _ in }
        // A shard without a row would be queued for nothing.
        let count = Swift.min(shards, list.count)
        var job = SlurmJob(
            program: try Self.program(),
            list: FilePath(self.list).absolute.lexicallyNormalized(),
            results: list.results(results),
            shards: count
        )
        job.most = max
        job.retries = retries
        job.options = nodes.options
        job.runOptions = runOptions
        if dryRun { return try Listing.write(job.script) }
        let number = try await SlurmQueue.submit(job)
        Log(level: .normal).note(
            "\(list.count) row\(list.count == 1 ? "" : "s") in \(count) task\(count == 1 ? "" : "s"); logs are in "
                + quoted(job.folder.string)
        )
        try Listing.write("Submitted job \(number)")
    }

    /// The path of this program, which is the same on all nodes.
    private static func program() throws -> FilePath {
        let link = "/proc/self/exe"
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard readlink(link, &buffer, buffer.count - 1) > 0 else {
            throw fileError(
                "cannot find the program: cannot read",
                FilePath(link),
                Errno(rawValue: errno)
            )
        }
        return FilePath(platformString: buffer)
    }
}

/// Options of sbatch that choose where tasks run.
struct NodeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Partition.", valueName: "name"))
    var partition: String?

    @Option(help: ArgumentHelp("Devices of each task, such as gpu:1.", valueName: "list"))
    var gres: String?

    @Option(help: ArgumentHelp("The most time that a task may take.", valueName: "time"))
    var time: String?

    @Option(help: ArgumentHelp("CPUs of each task.", valueName: "count"))
    var cpusPerTask: Int?

    @Option(help: ArgumentHelp("Memory of each task, such as 8G.", valueName: "size"))
    var mem: String?

    @Option(
        help: ArgumentHelp(
            "Another option of sbatch, such as --sbatch=--account=lab; may be repeated.",
            valueName: "option"
        )
    )
    var sbatch: [String] = []

    func validate() throws {
        try cpusPerTask?.checked(in: 1...4096, named: "--cpus-per-task")
        for option in sbatch where option.removing(prefix: "-") == nil {
            throw ValidationError("--sbatch \(option) is no option: write --sbatch=--name=value.")
        }
        guard let odd = options.first(where: { !SlurmJob.allows($0) }) else { return }
        throw ValidationError(
            "\(odd) cannot be given to Slurm: it has spaces, quotes, \\, # or special characters."
        )
    }

    /// As words of sbatch.
    var options: [String] {
        let named = [
            ("partition", partition), ("gres", gres), ("time", time),
            ("cpus-per-task", cpusPerTask.map(String.init)), ("mem", mem),
        ]
        return named.compactMap { name, value in value.map { "--\(name)=\($0)" } } + sbatch
    }
}
