import Diagnostics
import Files
import Glibc
import Processes
import SystemPackage
import Testing

@Suite struct ProcessesTests {
    private func shell(_ script: String, environment: [String: String?] = [:]) -> ChildProcess {
        ChildProcess(.name("sh"), ["-c", script], environment: environment)
    }

    @Test func outputErrorsAndStatusAreCollected() async throws {
        let result = try await shell("echo out; echo err >&2; exit 3")
            .collect(outputLimit: 100, errorLimit: 100)
        #expect(result.exit == .exited(3) && result.exit.shellStatus == 3)
        #expect(String(decoding: result.output, as: UTF8.self) == "out\n")
        #expect(result.errors == "err\n")
    }

    @Test func aSignalIsReported() async throws {
        let exit = try await shell("kill -9 $$").run()
        #expect(exit == .signaled(9) && exit.shellStatus == 137 && !exit.isSuccess)
    }

    @Test func aMissingProgramHasItsOwnError() async throws {
        for program: ChildProcess.Program in [.name("8cut-no-such"), .path("/no/such/program")] {
            let error = await #expect(throws: ChildProcessError.self) {
                try await ChildProcess(program, []).run()
            }
            #expect(error == .notFound(program: program.description))
            let shown = error?.error("cannot test", on: nil, remedy: "Install it.")
            #expect(shown?.code == .toolMissing && shown?.remedy == "Install it.")
        }
    }

    @Test func moreOutputThanTheLimitIsAnError() async throws {
        await #expect(throws: ChildProcessError.self) {
            try await shell("while :; do echo more; done").collect(outputLimit: 9, errorLimit: nil)
        }
    }

    @Test func variablesAreSetAndRemoved() async throws {
        let child = ChildProcess(
            .name("env"),
            [],
            environment: ["EIGHTCUT_TEST": "a b", "HOME": nil]
        )
        let result = try await child.collect(outputLimit: 1 << 20, errorLimit: nil)
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        #expect(lines.contains("EIGHTCUT_TEST=a b") && lines.contains { $0.hasPrefix("PATH=") })
        #expect(!lines.contains { $0.hasPrefix("HOME=") })
    }

    @Test func inputIsWrittenAndEmptyByDefault() async throws {
        let (lines, exit) = try await ChildProcess(.name("cat"), []).run(
            input: .piped,
            output: .piped
        ) { child in
            try await child.input.write("one\rtwo\nthree")
            try await child.input.close()
            var lines: [String] = []
            for try await line in child.output.lines { lines.append(line) }
            return lines
        }
        #expect(lines == ["one\rtwo", "three"] && exit.isSuccess)
        let empty = try await ChildProcess(.name("cat"), [])
            .collect(outputLimit: 9, errorLimit: nil)
        #expect(empty.output.isEmpty && empty.exit.isSuccess)
    }

    @Test func errorsOfTheBodyEndTheChild() async throws {
        struct Stop: Error {}
        let start = ContinuousClock.now
        await #expect(throws: Stop.self) {
            try await shell("sleep 60").run(errors: .piped) { _ in throw Stop() }
        }
        #expect(start.duration(to: .now) < .seconds(30))
    }

    /// Not only the child, but also what it has started.
    @Test func cancellingKillsTheWholeSession() async throws {
        let (pids, writer) = AsyncStream<pid_t>.makeStream()
        let child = shell("sleep 300 & echo $!; wait")
        let task = Task {
            try await child.run(output: .piped) { child in
                for try await line in child.output.lines {
                    if let pid = pid_t(line) { writer.yield(pid) }
                }
            }
        }
        var started = pids.makeAsyncIterator()
        let grandchild = try #require(await started.next())
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        for _ in 0..<200 where isRunning(grandchild) {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(!isRunning(grandchild))
    }

    /// Whether a process runs. One that has ended may be listed until somebody reaps it.
    private func isRunning(_ process: pid_t) -> Bool {
        guard let bytes = try? SmallFile.read(FilePath("/proc/\(process)/stat"), limit: 4096) else {
            return false
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let state = text.split(separator: ") ").last?.first
        return state != "Z" && state != "X"
    }
}
