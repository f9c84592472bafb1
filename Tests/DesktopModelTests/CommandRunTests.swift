import DesktopModel
import Diagnostics
import Files
import Glibc
import Progress
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Whatever becomes of a child, the app is told what it was and lives on.
@Suite struct CommandRunTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A shell script in the place of `8cut`.
    private func program(_ script: String) throws -> CommandLineProgram {
        let path = folder["8cut"]
        try AtomicFile.write("#!/bin/sh\n" + script + "\n", to: path)
        chmod(path.string, 0o755)
        return CommandLineProgram(path)
    }

    private func error(
        of script: String,
        silenceLimit: Double = 60
    ) async throws -> EightCutError? {
        let run = CommandRun(
            program: try program(script),
            arguments: ["masks", "depth"],
            silenceLimit: silenceLimit
        )
        do {
            try await run.run { _ in }
            return nil
        } catch let error as EightCutError {
            return error
        }
    }

    @Test func eventsAreToldInTheirOrder() async throws {
        let script = """
            echo '{"v":1,"event":"started","job":"j","input":"i","output":"o"}'
            echo 'not an event'
            echo '{"v":1,"event":"output","line":"one"}'
            echo '{"v":1,"event":"output","line":"two"}'
            echo '{"v":1,"event":"finished","frames":7,"seconds":1,"exitStatus":3,"summary":"s"}'
            exit 3
            """
        let lines = Mutex<[String]>([])
        let run = CommandRun(program: try program(script), arguments: [])
        let end = try await run.run { event in
            if case .output(let output) = event { lines.withLock { $0.append(output.line) } }
        }
        #expect(lines.withLock { $0 } == ["one", "two"])
        #expect(end.frames == 7)
        #expect(end.exitStatus == 3)
    }

    @Test func theErrorThatAChildTellsIsThrown() async throws {
        let error = try await error(
            of: """
                echo '{"v":1,"event":"failed","code":"outputBusy","what":"w","why":"y"}'
                exit 75
                """
        )
        #expect(error?.code == .outputBusy)
        #expect(error?.why == "y")
    }

    @Test func aChildThatIsKilledIsTold() async throws {
        let error = try await error(of: "kill -KILL $$")
        #expect(error?.code == .toolFailed)
        #expect(error?.why.contains("signal 9") == true)
        #expect(error?.remedy != nil)
    }

    @Test func aChildThatCrashesWithoutAWordIsTold() async throws {
        let error = try await error(of: "echo 'something broke' >&2; exit 42")
        #expect(error?.why.contains("status 42") == true)
        #expect(error?.why.contains("something broke") == true)
    }

    @Test func aChildThatHangsIsEnded() async throws {
        let clock = ContinuousClock.now
        let error = try await error(of: "exec sleep 600", silenceLimit: 1)
        #expect(error?.why.contains("no sign of life") == true)
        #expect(clock.duration(to: .now) < .seconds(30))
    }

    @Test func aProgramThatIsNotThereIsTold() async throws {
        let run = CommandRun(program: CommandLineProgram(folder["none"]), arguments: ["export"])
        await #expect(throws: EightCutError.self) { try await run.run { _ in } }
    }

    /// Also one that does not listen to the request to end.
    @Test(arguments: ["exec sleep 600", "trap '' TERM; while true; do sleep 1; done"])
    func aCancelledChildEndsWithinASecond(_ script: String) async throws {
        let program = try program("echo $$ > \(folder["pid"].string); \(script)")
        let task = Task {
            try await CommandRun(program: program, arguments: []).run { _ in }
        }
        let pid = folder["pid"]
        while (try? Folder.kind(of: pid)) != .file { try await Task.sleep(for: .milliseconds(5)) }
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(start.duration(to: .now) < Program.stopLimit)
    }
}
