import BatchList
import Diagnostics

/// How a run over the rows of a list has ended.
package struct BatchSummary: Sendable {
    /// How many rows there are.
    package let total: Int
    /// How many of them are done.
    package private(set) var doneCount = 0
    /// How many of these were done before.
    package private(set) var doneBefore = 0
    /// How many masks the rows have that were done just now.
    package private(set) var frames = 0
    /// How many rows have a damaged input.
    package private(set) var damagedCount = 0
    /// The rows that cannot be done.
    package private(set) var failed: [String] = []
    /// The rows that another try may do.
    package private(set) var again: [String] = []

    package init(total: Int) { self.total = total }

    mutating func add(_ result: BatchResult, wasDone: Bool = false) {
        switch result.status {
        case .failed: failed.append(result.id)
        case .again: again.append(result.id)
        case .done:
            doneCount += 1
            if result.error?.code == .inputDamaged { damagedCount += 1 }
            if wasDone { doneBefore += 1 } else { frames += result.frames ?? 0 }
        }
    }

    /// The exit status.
    ///
    /// - Parameter allowed: how many rows may fail.
    /// - Returns: that of `outputBusy` where another try may help, that of `inputUnusable` where
    ///   rows cannot be done, else 0.
    package func exitStatus(allowingFailed allowed: Int) -> Int32 {
        if !again.isEmpty { return ErrorCode.outputBusy.exitStatus }
        return failed.count > allowed ? ErrorCode.inputUnusable.exitStatus : 0
    }

    /// The end of the run for people.
    ///
    /// - Parameters:
    ///   - seconds: how long it has taken.
    ///   - models: how many models were loaded.
    /// - Returns: a sentence.
    package func text(seconds: Double, models: Int) -> String {
        guard doneBefore < total else {
            return total == 1 ? "the row was done already" : "all \(total) rows were done already"
        }
        var parts = ["\(doneCount) of \(total) rows done in \(seconds) s"]
        if doneBefore > 0 { parts.append("\(doneBefore) of them before") }
        if damagedCount > 0 { parts.append("\(damagedCount) of them from a damaged input") }
        if models > 0 { parts.append("\(models) \(models == 1 ? "model" : "models") loaded") }
        if !failed.isEmpty { parts.append("\(failed.count) failed: \(Self.names(failed))") }
        if !again.isEmpty { parts.append("\(again.count) to try again: \(Self.names(again))") }
        return parts.joined(separator: "; ")
    }

    private static func names(_ ids: [String]) -> String {
        ids.prefix(10).map { quoted($0) }.joined(separator: ", ") + (ids.count > 10 ? ", …" : "")
    }
}
