import Diagnostics
import Processes
import Synchronization
import Transfers

/// The curl that is installed: older ones cannot sign requests as stores want them.
enum SigningCurl {
    private static let isChecked = Mutex(false)

    /// Checks its version, once.
    ///
    /// - Throws: `EightCutError` with code `toolMissing` when it is too old or not installed.
    static func check() async throws {
        if isChecked.withLock({ $0 }) { return }
        let result: CollectedChild
        do {
            result = try await ChildProcess(Curl.program, ["--disable", "--version"])
                .collect(outputLimit: 1 << 16, errorLimit: nil)
        } catch let error as ChildProcessError {
            throw error.error(
                "cannot use the object store",
                on: nil,
                remedy: PackageManager.current.advice(on: .curl)
            )
        }
        if let version = version(in: String(decoding: result.output, as: UTF8.self)),
            version < Curl.leastSigningVersion
        {
            throw EightCutError(
                .toolMissing,
                "cannot use the object store",
                because: "curl \(version.0).\(version.1) cannot sign the requests",
                remedy:
                    "Install curl \(Curl.leastSigningVersion.0).\(Curl.leastSigningVersion.1) or later."
            )
        }
        isChecked.withLock { $0 = true }
    }

    /// The version in the first line; nil where there is none, as in builds of one's own.
    private static func version(in text: String) -> (Int, Int)? {
        let words = text.split(exactly: " ", maxSplits: 2)
        guard words.count > 1, words[0].isExactly("curl") else { return nil }
        let numbers = words[1].split(exactly: ".").prefix(2).compactMap { Int($0) }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
    }
}
