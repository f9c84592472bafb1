import BatchList
import Diagnostics
import SystemPackage

/// How far a list is, by the files of the results: whatever runs it, they are the truth.
package struct ListState: Sendable, Equatable {
    /// Rows of the list.
    package private(set) var rows = 0
    /// Their masks are there.
    package private(set) var done = 0
    /// They cannot be done.
    package private(set) var failed = 0
    /// Their last try ended early.
    package private(set) var again = 0
    /// Why rows failed, in the order of the list.
    package private(set) var failures: [Failure] = []
    /// Rows without a result, or changed since.
    package var waiting: Int { rows - done - failed - again }

    /// A row that cannot be done.
    package struct Failure: Sendable, Equatable, Encodable {
        package let id: String
        package let error: String
    }

    /// Reads the results of a list.
    ///
    /// - Parameters:
    ///   - list: its rows.
    ///   - results: their folder; nothing need be there.
    /// - Throws: `EightCutError` when a folder or a file cannot be read; `CancellationError`.
    package init(of list: BatchList, in results: FilePath) throws {
        let folder = try ResultFolder(at: results)
        for place in 0..<list.count {
            try Task.checkCancellation()
            rows += 1
            let row = try list.row(place)
            guard let result = try folder?.result(of: row.id), result.row.isExactly(row.digest)
            else { continue }
            switch result.status {
            case .done: done += 1
            case .again: again += 1
            case .failed:
                failed += 1
                let error = result.error.map { "\($0.error.advisingCommandLine(nil))" }
                failures.append(Failure(id: row.id, error: error ?? "unknown"))
            }
        }
    }
}
