import Diagnostics

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
        switch try await ShortChild.run(.name("python3"), ["-I", "-c", script]) {
        case .notFound:
            throw error(.toolMissing, "the program python3 is not installed", remedy: packages)
        case .failed(let why): throw error(.toolFailed, "python3 does not work: \(why)")
        case .ended(let status, let output, let errors):
            let numbers = output.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
            if numbers.count >= 2, (numbers[0], numbers[1]) < (3, minimum) {
                throw error(
                    .toolMissing,
                    "python3 is Python \(numbers[0]).\(numbers[1]), "
                        + "and 3.\(minimum) or newer is needed",
                    remedy: "Install a newer Python and put it first in PATH as python3."
                )
            }
            if status == 0 { return }
            let last = errors.split(separator: "\n").last.map { visible(String($0)) } ?? ""
            if last.contains("No module named") { throw missingModule(last) }
            throw error(.toolFailed, "python3 ended with status \(status) and said: \(last)")
        }
    }

    /// The error for a Python whose distribution ships `venv` as a package of its own.
    static func missingModule(_ words: String) -> EightCutError {
        error(
            .toolMissing,
            "python3 cannot make environments (\(words))",
            remedy: "Install its module venv (on Debian and Ubuntu: sudo apt install python3-venv)."
        )
    }

    private static let packages =
        "Install Python (on Debian and Ubuntu: sudo apt install python3 python3-venv)."

    private static func error(
        _ code: ErrorCode,
        _ why: String,
        remedy: String = "Check that python3 works: try python3 --version."
    ) -> EightCutError {
        EightCutError(code, "cannot install the tools", because: why, remedy: remedy)
    }
}
