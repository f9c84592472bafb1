import Diagnostics

/// Finds out from what `venv` or pip wrote why it failed.
package enum PipFailure {
    /// The error that says what to do.
    ///
    /// - Parameters:
    ///   - lines: the last lines of its output.
    ///   - status: its exit status.
    ///   - freeBytes: what is left on the disk, nil when that is not known.
    ///   - subject: the environment.
    /// - Returns: an error of code `inputOutput`, `toolMissing`, `networkFailed` or `toolFailed`.
    package static func error(
        lines: [String],
        status: Int32,
        freeBytes: Int?,
        on subject: String
    ) -> EightCutError {
        let said = { (words: [String]) in
            lines.last { line in words.contains { line.contains($0) } }
        }
        // On a full disk pip may say no more than that a download has broken off.
        let isFull = freeBytes.map { $0 < leastRoom } ?? false
        if let line = said(diskWords) ?? (isFull ? lines.last : nil) {
            return EightCutError(
                .inputOutput,
                "cannot install the tools into",
                on: subject,
                because: "the disk is full (\(line))",
                remedy: "Make room, or set EIGHTCUT_HOME to a folder on another disk."
            )
        }
        if let line = said(moduleWords) { return PythonCheck.missingModule(line) }
        if let line = said(networkWords) {
            return EightCutError(
                .networkFailed,
                "cannot download the packages",
                because: line,
                remedy: "Check the network, and pip's mirror and proxy: pip config list"
            )
        }
        return EightCutError(
            .toolFailed,
            "cannot install the tools into",
            on: subject,
            because: "a step ended with status \(status):\n    "
                + lines.suffix(6).joined(separator: "\n    "),
            remedy: remedy(lines)
        )
    }

    private static func remedy(_ lines: [String]) -> String {
        guard lines.contains(where: { $0.contains("No matching distribution found") }) else {
            return "What it wrote before tells more: run the same command again to see all of it."
        }
        return "There may be no such package for this Python or this processor: see "
            + "python3 --version, and try another Python, first in PATH as python3."
    }

    /// Less than one package needs while it is unpacked.
    private static let leastRoom = 64_000_000
    private static let diskWords = ["No space left on device", "Disk quota exceeded"]
    private static let moduleWords = ["ensurepip is not available", "No module named venv"]
    private static let networkWords = [
        "after connection broken by", "Could not fetch URL", "Failed to establish a new connection",
        "Temporary failure in name resolution", "Max retries exceeded", "Read timed out",
        "ReadTimeoutError", "ProxyError", "connection error", "IncompleteRead",
        "not enough bytes were received", "Connection refused", "Connection reset", "HTTPError: 5",
    ]
}
