import Diagnostics
import Files
import SystemPackage

/// An array of a Slurm cluster whose tasks work on the shards of a list.
package struct SlurmJob: Sendable {
    /// The program; absolute, since the nodes have another working folder.
    package let program: FilePath
    /// The list; absolute.
    package let list: FilePath
    /// The folder of the results; absolute.
    package let results: FilePath
    /// How many tasks the array has.
    package let shards: Int
    /// The most tasks that run at a time; nil for all.
    package var most: Int?
    /// How often a task that ends with 75 is queued again.
    package var retries = 10
    /// Options of `sbatch` that choose where the tasks run: "--partition=gpu".
    package var options: [String] = []
    /// More options of `8cut batch run`.
    package var runOptions: [String] = []

    package init(program: FilePath, list: FilePath, results: FilePath, shards: Int) {
        self.program = program
        self.list = list
        self.results = results
        self.shards = shards
    }

    /// The job's name, by which its tasks are found in the queue: that of the results' folder.
    package var name: String { Self.name(of: results) }

    /// The name of all jobs that write to a folder of results.
    package static func name(of results: FilePath) -> String {
        let digest = Digest()
        var path = results.string
        path.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        return "8cut-" + digest.finish().prefix(12)
    }

    /// Where the script and the logs of the tasks are: beside the results, whose folder has
    /// nothing else.
    package var folder: FilePath { Self.folder(of: results) }

    static func folder(of results: FilePath) -> FilePath {
        results.removingLastComponent().appending((results.lastComponent?.string ?? "") + "-slurm")
    }

    /// Whether a word may be in a line of options, where spaces, quotes, `\` and `#` mean something
    /// to Slurm.
    package static func allows(_ option: String) -> Bool {
        !option.isEmpty
            && option.utf8.allSatisfy {
                (0x21...0x7e).contains($0) && !Array("\"'\\#".utf8).contains($0)
            }
    }

    /// The job script, for bash.
    ///
    /// Slurm sends a signal to the script and not to its children (`--signal=B:`), so the program
    /// runs in the background, where a trap does not wait for it. Slurm does not queue a failed
    /// task again by itself, unless a cluster is set up so (`RequeueExit`): the script asks for it.
    package var script: String {
        let limit = most.map { "%\($0)" } ?? ""
        let header =
            [
                "--job-name=\(name)", "--array=0-\(shards - 1)\(limit)", "--nodes=1", "--ntasks=1",
                "--requeue", "--open-mode=append", "--output=%A_%a.log", "--signal=B:TERM@60",
            ] + options
        let command =
            [program.string, "batch", "run", "--list", list.string, "--results", results.string]
            + runOptions
        return """
            #!/bin/bash
            # Written by 8cut batch submit: task i of the array works on shard i of \(shards).
            \(header.map { "#SBATCH " + $0 }.joined(separator: "\n"))

            shards=\(shards)
            retries=\(retries)
            command=(
            \(command.map { "    " + shellWord($0) }.joined(separator: "\n"))
            )
            \(Self.body)
            """
    }

    private static let body = #"""
        task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
        restarts=${SLURM_RESTART_COUNT:-0}
        note() { echo "task $task, run $((restarts + 1)): $*" >&2; }

        # Before the time limit, and when the job is cancelled: the program ends with 75, nothing is
        # lost.
        pass_on() {
            stopped=1
            [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
        }
        stopped= child=
        trap pass_on TERM

        note "shard $SLURM_ARRAY_TASK_ID/$shards on ${SLURMD_NODENAME:-?}"
        "${command[@]}" --shard "$SLURM_ARRAY_TASK_ID/$shards" &
        child=$!
        [ -z "$stopped" ] || kill -TERM "$child" 2>/dev/null
        # A trap ends a wait early; the last one has the status of the program.
        wait "$child"
        while kill -0 "$child" 2>/dev/null; do wait "$child"; done
        wait "$child"
        status=$?

        case $status in
        0) note "done" ;;
        65) note "some rows cannot be done: their results have the reasons" ;;
        75 | 137 | 143)
            # 137: the program was killed, as when memory is short. 143: before it had begun.
            if [ -n "$stopped" ] && [ "$(squeue --noheader --format=%T --job="$task")" != RUNNING ]; then
                # Slurm would queue it again even so, and some clusters do whenever a task ends
                # with 75.
                note "cancelled, ended with $status"
                exit 143
            fi
            if [ "$restarts" -lt "$retries" ]; then
                note "ended with $status, is queued again"
                # Slurm ends this script then. The job's number alone would mean every task.
                trap 'exit 75' TERM
                if scontrol requeue "$task"; then
                    sleep 60 >/dev/null 2>&1 &
                    wait $!
                fi
                exit 75
            fi
            note "ended with $status, $retries times queued again: no more tries"
            # Not 75, for the same reason.
            exit 1
            ;;
        *) note "ended with $status" ;;
        esac
        exit "$status"

        """#
}
