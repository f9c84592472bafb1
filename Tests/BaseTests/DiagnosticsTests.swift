import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

@Suite struct DiagnosticsTests {
    @Test func noTwoErrorsShareAnExitStatus() {
        let statuses = ErrorCode.allCases.map(\.exitStatus)
        #expect(Set(statuses).count == statuses.count)
        #expect(statuses.allSatisfy { $0 > 0 && $0 < 256 })
    }

    @Test func theDocumentedTableIsTheRealOne() throws {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent()
        let text = String(
            decoding: try MaskSet.bytes(of: root.appending("docs/reference/exit-status.md")),
            as: UTF8.self
        )
        // The first table: that of `8cut batch run` has the statuses of batches.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let table = lines.drop { !$0.hasPrefix("| ") }.prefix { $0.hasPrefix("| ") }
        let rows = table.dropFirst(2)
        let expected = ErrorCode.allCases.sorted { $0.exitStatus < $1.exitStatus }
            .map { "| \($0.exitStatus) | \($0.rawValue) | \($0.meaning) |" }
        #expect(Array(rows.dropFirst()).map(String.init) == expected)
        #expect(rows.first == "| 0 | | all went well |")
    }

    @Test func namesCannotBreakALineOrSteerATerminal() {
        #expect(quoted("a\nb\u{1b}[31m") == "'a\\nb\\u{1b}[31m'")
        #expect(quoted("ünï ' \"x\"") == "'ünï ' \"x\"'")
    }

    @Test func anInternalFaultAsksForAReport() {
        let error = EightCutError.internalFault(because: "why")
        #expect(error.code == .internalFault)
        let place = issueTracker.isEmpty ? "" : " at \(issueTracker)"
        #expect(error.remedy == "Please report this\(place), with the command that you ran.")
    }

    @Test func anErrorSaysAllOfIt() {
        let error = EightCutError(.usage, "cannot", on: "/x", because: "why", remedy: "Do this.")
        #expect("\(error)" == "cannot '/x': why\n  Do this.")
    }
}
