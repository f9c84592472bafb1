import Diagnostics
import Files
import Processes
import SystemPackage

/// The queue of a Slurm cluster, through its own programs.
package enum SlurmQueue {
    private static let scriptName: FilePath.Component = "job.sh"

    /// Writes the script of a job and submits it.
    ///
    /// - Returns: the job's number.
    /// - Throws: `EightCutError`: `toolMissing` where there is no Slurm, `toolFailed` when it
    ///   refuses the job; of writing. `CancellationError`.
    package static func submit(_ job: SlurmJob) async throws -> String {
        let folder = try OpenFolder.creating(job.folder)
        let script = job.folder.appending(scriptName)
        try folder.write(job.script, to: scriptName)
        // The log's name is relative to the working folder: in a path, Slurm replaces `%`.
        let output = try await run(
            "sbatch",
            ["--parsable", "--chdir=" + job.folder.string, script.string],
            what: "cannot submit the job"
        )
        guard let output else { throw missing }
        // "number" or "number;cluster".
        let number = output.split(exactly: ";").first?.trimmed ?? ""
        guard !number.isEmpty else {
            throw EightCutError(
                .toolFailed,
                "cannot submit the job",
                because: "sbatch printed no number of a job"
            )
        }
        return String(number)
    }

    /// How many tasks of a job there are.
    package struct Tasks: Sendable, Equatable, Encodable {
        package var running = 0
        package var pending = 0

        package init() {}

        /// - Parameter states: the state of a task in each line, as `squeue` has it.
        package init(states: String) {
            for line in states.split(exactly: "\n") {
                switch line.trimmed {
                case "": continue
                case "PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED": pending += 1
                default: running += 1
                }
            }
        }
    }

    /// Looks for the tasks that write to a folder of results. Nobody is asked about a list that was
    /// not submitted: where there is no cluster, Slurm's programs look for one in the network.
    ///
    /// - Returns: nil where there is no Slurm, or no job was submitted.
    /// - Throws: `EightCutError` of code `toolFailed` when it does not answer;
    ///   `CancellationError`.
    package static func tasks(writingTo results: FilePath) async throws -> Tasks? {
        let script = SlurmJob.folder(of: results).appending(scriptName)
        guard FileStatus(following: script)?.kind == .file else { return nil }
        let states = try await run(
            "squeue",
            ["--noheader", "--array", "--format=%T", "--name=" + SlurmJob.name(of: results)],
            what: "cannot read Slurm's queue"
        )
        return states.map { Tasks(states: $0) }
    }

    /// Runs one of Slurm's programs, which give up by themselves when nobody answers.
    ///
    /// What sbatch queues inherits its variables, is 8cut, and outlives us: so secrets are passed
    /// on, and not the mark by which the guard ends what we have started.
    ///
    /// - Returns: what it prints; nil when it is not installed.
    private static func run(_ program: String, _ arguments: [String], what: String) async throws
        -> String?
    {
        var child = ChildProcess(.name("env"), ["-u", "EIGHTCUT_RUN", program] + arguments)
        child.keepsSecrets = true
        let ended: CollectedChild
        do {
            ended = try await child.collect(outputLimit: 64 << 20, errorLimit: 1 << 16)
        } catch ChildProcessError.notFound {
            return nil
        } catch let error as ChildProcessError {
            throw EightCutError(.toolFailed, what, because: "\(program): \(error.reason)")
        }
        let status = ended.exit.shellStatus
        if status == 0 { return String(decoding: ended.output, as: UTF8.self) }
        // What env ends with when there is no such program.
        if status == 127 { return nil }
        // Its messages begin with its name.
        let errors = ended.errors.trimmed
        let why = errors.isEmpty ? "\(program): it ended with \(status)" : String(errors)
        throw EightCutError(
            .toolFailed,
            what,
            because: why,
            remedy: why.contains(exactly: "array")
                ? "Choose fewer shards: scontrol show config has the limit, MaxArraySize." : nil
        )
    }

    private static let missing = EightCutError(
        .toolMissing,
        "cannot submit the job",
        because: "the program sbatch is not installed",
        remedy: "Run this where jobs are submitted to Slurm, a login node; or run the list here, "
            + "with 8cut batch run."
    )
}
