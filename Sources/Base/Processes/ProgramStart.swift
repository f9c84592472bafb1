import CProcess
import Diagnostics
import Glibc

/// What a program does before anything else, and what it needs from the system.
///
/// Dispatch waits for ever where it gets no thread, and Swift aborts where it gets no memory.
/// So what they need is tried first, and errors name the limit.
package enum ProgramStart {
    /// Gives standard input, output and error a file if they are closed, and has writes that fail
    /// be errors instead of signals. To be called first of all.
    package static func openStreams() {
        process_limits_fill_streams()
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Starts the guard of the children and makes sure that Swift's tasks run. To be called on the
    /// main thread, before the first task.
    ///
    /// - Throws: `EightCutError` when the limits of the process are too low.
    package nonisolated(nonsending) static func prepare() async throws {
        try check()
        try startGuard()
        let message: StaticString = """
            8cut: error: cannot start: the system gives it no threads
              Raise the limits: ulimit -u, ulimit -v.

            """
        let text = UnsafeRawPointer(message.utf8Start).assumingMemoryBound(to: CChar.self)
        start_watch_begin(8, text, ErrorCode.toolFailed.exitStatus)
        await Task.detached {}.value
        start_watch_end()
    }

    /// Starts the guard that ends the children of this process, however it ends.
    package static func startGuard() throws {
        let error = child_guard_start()
        guard error == 0 else { throw failure(reason(noProcess: error)) }
    }

    private static func check() throws {
        guard let folder = getcwd(nil, 0) else {
            throw EightCutError(
                .inputMissing,
                "cannot start",
                because: "the working folder cannot be read: \(text(errno))",
                remedy: "Change to another folder: cd"
            )
        }
        free(folder)
        guard process_limits_try_memory(512 << 20, 192 << 20) == 0 else {
            throw failure(
                "the memory is limited to less than it needs",
                remedy: "Raise the limits to at least 1 GB: ulimit -v, ulimit -d."
            )
        }
        let files = process_limits_try_descriptors(24)
        guard files == 0 else { throw failure(reason(noDescriptor: files)) }
        // Dispatch makes one for each core; the others wait for files and children.
        let cores = Int32(min(64, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let threads = process_limits_try_threads(cores + 8)
        guard threads == 0 else {
            throw failure(
                "the system gives it too few threads: \(limit(of: __RLIMIT_NPROC))",
                remedy: "Raise the limit (ulimit -u), or close other programs."
            )
        }
    }

    /// Why a process cannot be made.
    static func reason(noProcess error: Int32) -> String {
        error == EMFILE || error == ENFILE
            ? reason(noDescriptor: error)
            : "no process can be made for it: \(text(error)) (ulimit -u: \(limit(of: __RLIMIT_NPROC)))"
    }

    /// Why a file cannot be opened.
    static func reason(noDescriptor error: Int32) -> String {
        error == EMFILE
            ? "too many open files: \(limit(of: RLIMIT_NOFILE)); raise it with ulimit -n"
            : "too many open files: \(text(error))"
    }

    private static func failure(_ why: String, remedy: String? = nil) -> EightCutError {
        EightCutError(.toolFailed, "cannot start", because: why, remedy: remedy)
    }

    private static func limit(of resource: __rlimit_resource) -> String {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return "" }
        // RLIM_INFINITY is all ones.
        return limit.rlim_cur == .max ? "there is no limit" : "the limit is \(limit.rlim_cur)"
    }

    private static func text(_ error: Int32) -> String { String(cString: strerror(error)) }
}
