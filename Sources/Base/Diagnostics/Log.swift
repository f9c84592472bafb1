import Glibc

/// Messages for the person at the terminal. They go to standard error only: standard output
/// belongs to results and progress events.
package struct Log: Sendable {
    package enum Level: Int, Sendable, Comparable {
        case quiet, normal, verbose

        package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    package let level: Level
    /// Whether advice is wanted: not where another program reads what happens.
    package let advises: Bool

    package init(level: Level, advises: Bool = true) {
        self.level = level
        self.advises = advises && level >= .normal
    }

    /// Writes something the user should know, except with `--quiet`.
    package func warning(_ message: String) {
        guard level >= .normal else { return }
        writeLine("8cut: warning: " + visibleLines(message), to: STDERR_FILENO)
    }

    /// Writes something that must not be missed: content that was set aside, or that is not there.
    package func alert(_ message: String) {
        writeLine("8cut: warning: " + visibleLines(message), to: STDERR_FILENO)
    }

    /// Writes something worth a line, except with `--quiet`.
    package func note(_ message: String) {
        guard level >= .normal else { return }
        writeLine("8cut: " + visibleLines(message), to: STDERR_FILENO)
    }

    /// Writes a detail, only with `--verbose`.
    package func detail(_ message: @autoclosure () -> String) {
        guard level >= .verbose else { return }
        writeLine("8cut: " + visibleLines(message()), to: STDERR_FILENO)
    }
}
