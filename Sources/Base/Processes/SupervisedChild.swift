import Diagnostics
import Dispatch
import Files
import Glibc
import SystemPackage

/// Runs a long child process, reports its output line by line, and leaves none of its processes
/// running, even when this process is killed: see `ChildSupervisor`.
package struct SupervisedChild: Sendable {
    /// The program `8cut`, which supervises.
    private let program: FilePath
    /// The working directory of the child.
    private let folder: FilePath
    /// Changes to our own environment; nil removes a variable.
    private let environment: [String: String?]

    package init(program: FilePath, folder: FilePath, environment: [String: String?]) {
        self.program = program
        self.folder = folder
        self.environment = environment
    }

    /// How a child ended.
    package struct End: Sendable, Equatable {
        /// The exit status, or 128 + the number of the signal that ended it.
        package let status: Int32
        /// The last lines that it wrote, at most 400.
        package let lines: [String]
    }

    /// Runs a program until it exits.
    ///
    /// - Parameters:
    ///   - command: its path, or a name for PATH, and its arguments.
    ///   - onLine: called with every line of output and errors, as it comes.
    /// - Returns: how it ended.
    /// - Throws: `CancellationError`; `EightCutError` if it cannot be started; what `onLine`
    ///   throws. The child and all its children have then been killed.
    package func run(
        _ command: [String],
        onLine: @escaping @Sendable (String) throws -> Void = { _ in }
    ) async throws -> End {
        let supervisor = ChildProcess(
            .path(program),
            ["tools", "supervise", "--"] + command,
            environment: environment,
            folder: folder
        )
        do {
            // The supervisor kills everything as soon as its input ends, so it stays open.
            let (end, exit) = try await supervisor.run(
                input: .piped,
                output: .piped,
                errors: .merged
            ) { child in
                do {
                    return (id: child.id, lines: try await Self.read(child.output, onLine))
                } catch {
                    ChildSession.kill(child.id)
                    throw error
                }
            }
            // If somebody has killed the supervisor, nobody else looks after the rest.
            if case .signaled = exit { ChildSession.kill(end.id) }
            return End(status: exit.shellStatus, lines: end.lines)
        } catch let error as ChildProcessError {
            throw EightCutError(
                .toolFailed,
                "cannot run",
                on: command.first,
                because: error.reason
            )
        }
    }

    private static func read(
        _ output: ChildOutput,
        _ onLine: @Sendable (String) throws -> Void
    ) async throws -> [String] {
        var last: [String] = []
        for try await text in output.terminalLines {
            let line = visible(text)
            if line.isEmpty { continue }
            last.append(line)
            if last.count > 400 { last.removeFirst(200) }
            try onLine(line)
        }
        try Task.checkCancellation()
        return last
    }
}

/// A process between `8cut` and a long child process. It leads the child's session, and its
/// standard input is a pipe whose other end only `8cut` holds. When that pipe closes, `8cut` has
/// ended, for whatever reason, and the supervisor kills the whole session. So no pip goes on writing
/// into an environment that the next command already repairs.
package enum ChildSupervisor {
    /// Runs a program under supervision.
    ///
    /// - Parameter command: its path, or a name for PATH, and its arguments.
    /// - Returns: its exit status, 127 if it cannot be started, or 128 + the number of the signal
    ///   that ended it.
    package static func run(_ command: [String]) async -> Int32 {
        guard let name = command.first else { return ErrorCode.usage.exitStatus }
        watchStandardInput()
        let child = ChildProcess(
            ChildProcess.Program(name),
            Array(command.dropFirst()),
            hasOwnSession: false
        )
        do {
            return try await child.run(output: .inherited, errors: .inherited).shellStatus
        } catch {
            let reason = (error as? ChildProcessError)?.reason ?? "\(error)"
            writeLine("cannot run \(quoted(name)): \(reason)", to: STDERR_FILENO)
            return 127
        }
    }

    private static func watchStandardInput() {
        DispatchQueue.global().async {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count > 0 || (count < 0 && errno == EINTR) { continue }
                break
            }
            // Somebody who runs this by hand must not lose their own session.
            guard getpgrp() == getpid() else { _exit(ErrorCode.interrupted.exitStatus) }
            kill(0, SIGKILL)
        }
    }
}

/// The processes of a session that we have started.
private enum ChildSession {
    /// Kills all of them, and waits a little until none can write any more.
    ///
    /// - Parameter leader: the process ID of the one that leads the session.
    static func kill(_ leader: pid_t) {
        for _ in 0..<60 {
            guard Glibc.kill(-leader, SIGKILL) == 0, isAlive(leader) else { return }
            // Not Task.sleep: the task may be cancelled, and that would return at once.
            usleep(5000)
        }
    }

    /// Whether one of a group still runs. Those that have ended are listed until somebody reaps
    /// them, which not every container does.
    private static func isAlive(_ group: pid_t) -> Bool {
        let names = (try? Folder.names(in: "/proc")) ?? []
        return names.contains { name in
            guard name.first?.isNumber == true, let text = stat(of: name),
                let end = text.lastIndex(of: ")")
            else { return false }
            // After the name, which may hold anything: state, parent, group.
            let fields = text[text.index(after: end)...].split(exactly: " ")
            guard fields.count > 2, pid_t(fields[2]) == group else { return false }
            return fields[0] != "Z" && fields[0] != "X"
        }
    }

    private static func stat(of process: String) -> String? {
        let path = FilePath("/proc").appending(process).appending("stat")
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
        defer { try? file.close() }
        return try? String(unsafeUninitializedCapacity: 512) { buffer in
            try file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
