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

    /// Of a long text on standard error the start and the end are kept.
    @Test func aFloodOnStandardErrorIsCut() async throws {
        let script = "echo first >&2; head -c 5000000 /dev/zero | tr '\\0' x >&2; echo last >&2"
        let result = try await shell(script).collect(outputLimit: 9, errorLimit: 1000)
        #expect(result.exit.isSuccess)
        #expect(result.errors.hasPrefix("first\nx") && result.errors.hasSuffix("xlast\n"))
        #expect(result.errors.utf8.count < 1100)
    }

    @Test func aLongLineIsCutAndTheNextOnesAreWhole() async throws {
        let script = "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo >&2; echo next >&2"
        let (lines, exit) = try await shell(script).run(errors: .piped) { child in
            var lines: [String] = []
            for try await line in child.errors.lines { lines.append(line) }
            return lines
        }
        #expect(exit.isSuccess)
        #expect(lines.map(\.utf8.count) == [LineSplitter.limit, 4] && lines.last == "next")
    }

    /// Neither in its session nor elsewhere does anything of an ended child go on writing.
    @Test func whatAChildLeavesInItsSessionIsKilled() async throws {
        let result = try await shell("sleep 300 >/dev/null 2>&1 & echo $!")
            .collect(outputLimit: 100, errorLimit: nil)
        let text = String(decoding: result.output, as: UTF8.self)
        let left = try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
        #expect(result.exit.isSuccess && !isRunning(left))
    }

    @Test func childrenAreMarked() async throws {
        let result = try await ChildProcess(.name("env"), [])
            .collect(outputLimit: 1 << 20, errorLimit: nil)
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        let mark = try #require(lines.first { $0.hasPrefix("EIGHTCUT_RUN=") })
        #expect(mark.utf8.count >= "EIGHTCUT_RUN=".utf8.count + 32)
        let nested = try await shell("env", environment: ["EIGHTCUT_RUN": "other"])
            .collect(outputLimit: 1 << 20, errorLimit: nil)
        #expect(String(decoding: nested.output, as: UTF8.self).contains("\(mark)\n"))
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

/// Lines out of pieces of any size.
@Suite struct LineSplitterTests {
    private func lines(
        _ text: String,
        _ end: LineSplitter.End,
        limit: Int = LineSplitter.limit,
        pieceSize: Int
    ) -> [String] {
        var splitter = LineSplitter(end, limit: limit)
        var lines: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieceSize) {
            splitter.add(Array(bytes[start..<min(bytes.count, start + pieceSize)]))
            while let line = splitter.next() { lines.append(line) }
        }
        if let line = splitter.rest() { lines.append(line) }
        return lines
    }

    @Test(arguments: 1...9)
    func piecesMakeNoDifference(size: Int) {
        let text = "one\rtwo\n\nthree\u{2028}four\r\nlast \u{301}"
        #expect(
            lines(text, .lineFeed, pieceSize: size)
                == ["one\rtwo", "", "three\u{2028}four\r", "last \u{301}"]
        )
        #expect(
            lines(text, .terminal, pieceSize: size)
                == ["one", "two", "three\u{2028}four", "last \u{301}"]
        )
    }

    @Test(arguments: 1...9)
    func longLinesAreCut(size: Int) {
        let text = "123456789\n12345\n\n1234567"
        #expect(
            lines(text, .lineFeed, limit: 5, pieceSize: size) == ["12345", "12345", "", "12345"]
        )
    }

    @Test func combiningMarksAfterALineEndBelongToTheNextLine() {
        #expect(lines("a\n\u{301}b\n", .lineFeed, pieceSize: 100) == ["a", "\u{301}b"])
    }
}
