import Diagnostics
import Processes

/// Finds out from the output of `venv` or pip why it failed.
package enum PipFailure {
    /// The error, with a remedy.
    ///
    /// - Parameters:
    ///   - lines: the last lines of its output.
    ///   - status: its exit status.
    ///   - freeBytes: what is left on the disk, nil when that is not known.
    ///   - subject: the environment, or what was to be downloaded.
    ///   - what: what failed.
    /// - Returns: an error of code `inputOutput`, `toolMissing`, `networkFailed` or `toolFailed`.
    package static func error(
        lines: [String],
        status: Int32,
        freeBytes: Int?,
        on subject: String,
        what: MessageText = "cannot install the tools into"
    ) -> EightCutError {
        let line = { (words: [String]) in
            lines.last { line in words.contains { line.contains(exactly: $0) } }
        }
        // On a full disk pip may report no more than an interrupted download.
        let isFull = freeBytes.map { $0 < minimumSpace } ?? false
        if let line = line(diskWords) ?? (isFull ? lines.last : nil) {
            return EightCutError(
                .inputOutput,
                what,
                on: subject,
                because: "the disk is full (\(line))",
                remedy: "Free some disk space, or set EIGHTCUT_HOME to a folder on another disk."
            )
        }
        if let line = line(moduleWords) { return PythonCheck.missingModule(line) }
        if let line = line(networkWords) {
            return EightCutError(
                .networkFailed,
                "cannot download the packages",
                because: line,
                remedy: "Check the network, and pip's mirror and proxy: pip config list"
            )
        }
        return EightCutError(
            .toolFailed,
            what,
            on: subject,
            because: "a step ended with status \(status):\n    "
                + lines.suffix(6).joined(separator: "\n    "),
            remedy: remedy(lines)
        )
    }

    private static func remedy(_ lines: [String]) -> String {
        guard lines.contains(where: { $0.contains(exactly: "No matching distribution found") })
        else {
            return "Run the same command again to see all of its output."
        }
        return "There may be no such package for this Python or this CPU: see "
            + "python3 --version, and try another Python, first in PATH as python3."
    }

    /// Less than one package needs while it is unpacked.
    private static let minimumSpace = 64_000_000
    private static let diskWords = ["No space left on device", "Disk quota exceeded"]
    private static let moduleWords = ["ensurepip is not available", "No module named venv"]
    private static let networkWords = [
        "after connection broken by", "Could not fetch URL", "Failed to establish a new connection",
        "Temporary failure in name resolution", "Max retries exceeded", "Read timed out",
        "ReadTimeoutError", "ProxyError", "connection error", "IncompleteRead",
        "not enough bytes were received", "Connection refused", "Connection reset", "HTTPError: 5",
    ]
}

/// Whether the `python3` of this system can make environments.
enum PythonCheck {
    /// Asks it.
    ///
    /// - Parameter minimum: the oldest 3.x that will do.
    /// - Throws: `EightCutError` of code `toolMissing` that says what to install.
    static func require(minimum: Int) async throws {
        let script = """
            import sys
            print(sys.version_info[0], sys.version_info[1], flush=True)
            import venv, ensurepip
            """
        switch try await ShortChild.run(
            .name("python3"),
            ["-I", "-c", script],
            environment: ToolEnvironment.changes
        ) {
        case .notFound:
            throw error(
                .toolMissing,
                "the program python3 is not installed",
                remedy: PackageManager.current.advice(on: .python)
            )
        case .failed(let why): throw error(.toolFailed, "python3 does not work: \(why)")
        case .ended(let status, let output, let errors):
            let numbers = output.exactLines.flatMap { $0.split(exactly: " ") }.compactMap {
                Int($0)
            }
            if numbers.count >= 2, (numbers[0], numbers[1]) < (3, minimum) {
                throw error(
                    .toolMissing,
                    "python3 is Python \(numbers[0]).\(numbers[1]), "
                        + "and 3.\(minimum) or newer is needed",
                    remedy: "Install a newer Python and put it first in PATH as python3."
                )
            }
            if status == 0 { return }
            let last = errors.split(exactly: "\n").last.map { visible(String($0)) } ?? ""
            if last.contains(exactly: "No module named") { throw missingModule(last) }
            throw error(.toolFailed, "python3 ended with status \(status) and said: \(last)")
        }
    }

    /// The error for a Python whose distribution ships `venv` as a package of its own.
    static func missingModule(_ words: String) -> EightCutError {
        error(
            .toolMissing,
            "python3 cannot make environments (\(words))",
            remedy: PackageManager.current.advice(on: .python)
        )
    }

    private static func error(
        _ code: ErrorCode,
        _ why: MessageText,
        remedy: MessageText = "Check that python3 works: try python3 --version."
    ) -> EightCutError {
        EightCutError(code, "cannot install the tools", because: why, remedy: remedy)
    }
}
