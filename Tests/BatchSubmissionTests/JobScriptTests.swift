import BatchSubmission
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// The job script, run by bash with stand-ins for 8cut and for Slurm's programs.
@Suite struct JobScriptTests {
    @Test func aTaskRunsItsShardAndEndsAsTheProgramDoes() async throws {
        for status: Int32 in [0, 65, 64] {
            let cluster = try StandIn(program: "exit \(status)")
            #expect(try await cluster.run(task: 3).status == status)
            #expect(try cluster.calls("8cut").last == "--shard 3/8")
            #expect(try cluster.calls("scontrol").isEmpty)
        }
    }

    @Test func namesReachTheProgramAsTheyAre() async throws {
        let names = [
            "it's", "a b", "$(touch x)", "`id`", "\\n\"", "é\n\u{202e}", "*", "#", "-x", "~",
        ]
        for name in names {
            let cluster = try StandIn(program: "exit 0", name: name)
            #expect(try await cluster.run().status == 0, "\(name)")
            let words = try cluster.arguments
            #expect(
                words.contains("/list/\(name)") && words.contains("/results/\(name)"),
                "\(name)"
            )
            #expect(words.prefix(2) == ["batch", "run"] && words.contains("--note=\(name)"))
        }
    }

    @Test(arguments: ["exit 75", "kill -KILL $$"])
    func whatMayWorkNextTimeIsQueuedAgain(program: String) async throws {
        let cluster = try StandIn(program: program)
        let result = try await cluster.run(task: 2, variables: ["SLURM_RESTART_COUNT": "1"])
        #expect(result.status == 75)
        // Not 41, which would mean all tasks of the array.
        #expect(try cluster.calls("scontrol") == ["requeue 41_2"])
    }

    /// Some clusters queue a task again for ever that ends with 75.
    @Test func afterTheLastRetryTheTaskFailsWithAnotherStatus() async throws {
        let cluster = try StandIn(program: "exit 75")
        let result = try await cluster.run(variables: ["SLURM_RESTART_COUNT": "2"])
        #expect(result.status == 1 && result.errors.contains("no more tries"))
        #expect(try cluster.calls("scontrol").isEmpty)
    }

    @Test func aSignalReachesTheProgramWhoseStatusCounts() async throws {
        let program =
            "trap 'sleep 0.3; exit 75' TERM; : >\"$CALLS/started\"; "
            + "sleep 60 >/dev/null 2>&1 & wait"
        for (state, status, requeued) in [
            ("RUNNING", 75 as Int32, ["requeue 41_0"]), ("COMPLETING", 143, []),
        ] {
            let cluster = try StandIn(program: program, state: state)
            let started = cluster.folder["calls"].appending("started")
            let result = try await cluster.run { script in
                try await waitForFile(started)
                kill(script, SIGTERM)
            }
            #expect(result.status == status)
            #expect(try cluster.calls("scontrol") == requeued, "\(state)")
        }
    }

    @Test func theHeaderHasWhatSlurmNeeds() {
        var job = SlurmJob(program: "/8cut", list: "/l", results: "/data/r", shards: 8)
        job.most = 3
        job.options = ["--partition=gpu"]
        let lines = job.script.split(separator: "\n").map(String.init)
        #expect(lines.first == "#!/bin/bash")
        for option in [
            "--array=0-7%3", "--requeue", "--open-mode=append", "--signal=B:TERM@60",
            "--partition=gpu", "--job-name=\(job.name)",
        ] { #expect(lines.contains("#SBATCH \(option)"), "\(option)") }
        #expect(job.folder == "/data/r-slurm")
        #expect(
            SlurmJob.name(of: "/data/r") == job.name && SlurmJob.name(of: "/data/s") != job.name
        )
    }

    @Test func onlyWordsThatSlurmTakesAsOneAreOptions() {
        for word in ["--gres=gpu:a100:2", "--time=1-02:00:00", "--constraint=a|b", "-Alab"] {
            #expect(SlurmJob.allows(word), "\(word)")
        }
        for word in ["", "a b", "a\n#SBATCH --x", "a\"b", "a'b", "a\\b", "a#b", "é", "a\u{7f}"] {
            #expect(!SlurmJob.allows(word), "\(word)")
        }
    }

    @Test func tasksInTheQueueAreCounted() {
        var tasks = SlurmQueue.Tasks()
        (tasks.running, tasks.pending) = (2, 3)
        let states = "PENDING\nRUNNING\n PENDING \nCOMPLETING\nREQUEUED\n\n"
        #expect(SlurmQueue.Tasks(states: states) == tasks)
        #expect(SlurmQueue.Tasks(states: "") == SlurmQueue.Tasks())
    }
}

/// A node of a cluster without Slurm.
private struct StandIn {
    let folder: TemporaryFolder
    private let script: FilePath

    /// - Parameters:
    ///   - program: what stands for 8cut, in sh.
    ///   - name: the last part of paths, and the value of an option.
    ///   - state: that of the job, as squeue has it.
    /// - Throws: when a file cannot be written.
    init(program: String, name: String = "name", state: String = "RUNNING") throws {
        folder = try TemporaryFolder()
        try Folder.create(folder["bin"])
        try Folder.create(folder["calls"])
        let record = #"printf '%s\0' "$@" >"$CALLS/arguments"; echo "$@" >>"$CALLS/8cut""#
        try Self.add(folder["bin"].appending("8cut"), record + "\n" + program)
        let requeue = #"echo "$@" >>"$CALLS/scontrol"; kill -TERM "$PPID""#
        try Self.add(folder["bin"].appending("scontrol"), requeue)
        try Self.add(folder["bin"].appending("squeue"), "echo \(state)")
        var job = SlurmJob(
            program: folder["bin"].appending("8cut"),
            list: FilePath("/list").appending(name),
            results: FilePath("/results").appending(name),
            shards: 8
        )
        job.retries = 2
        job.runOptions = ["--note=\(name)"]
        script = folder["job.sh"]
        try AtomicFile.write(job.script, to: script)
    }

    private static func add(_ path: FilePath, _ text: String) throws {
        try AtomicFile.write("#!/bin/sh\n\(text)\n", to: path)
        chmod(path.string, 0o755)
    }

    func run(
        task: Int = 0,
        variables: [String: String] = [:],
        whileRunning: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        let bin = folder["bin"].string
        let own = [
            "PATH": "\(bin):/usr/bin:/bin", "CALLS": folder["calls"].string,
            "SLURM_ARRAY_JOB_ID": "41", "SLURM_JOB_ID": "41", "SLURM_ARRAY_TASK_ID": "\(task)",
        ]
        return try await Program.run(
            "bash",
            [script.string],
            environment: own.merging(variables) { $1 },
            in: folder.path,
            whileRunning: whileRunning
        )
    }

    /// What a program was called with, the last words of each call only for 8cut.
    func calls(_ program: String) throws -> [String] {
        let path = folder["calls"].appending(program)
        guard let bytes = try? SmallFile.read(path, limit: 1 << 16) else { return [] }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        return program == "8cut"
            ? lines.map { $0.split(separator: " ").suffix(2).joined(separator: " ") } : lines
    }

    /// The words of the last call of 8cut.
    var arguments: [String] {
        get throws {
            try SmallFile.read(folder["calls"].appending("arguments"), limit: 1 << 16)
                .split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
