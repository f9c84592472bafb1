import ArgumentParser
import ClipLibrary
import Diagnostics
import Files
import FoundationEssentials
import Glibc

/// How clips are listed.
struct ClipTableOptions: ParsableArguments {
    @Flag(help: "As a JSON array.")
    var json = false

    @Flag(help: "As CSV.")
    var csv = false

    @Option(help: "How many at most; the latest come first.")
    var limit: Int?

    @Option(help: "How many to leave out first.")
    var offset = 0

    func validate() throws {
        if json, csv { throw ValidationError("--json and --csv exclude each other.") }
        guard offset >= 0 else { throw ValidationError("--offset must be 0 or more.") }
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 or more.") }
    }

    /// Finds clips and writes them on standard output.
    func write(_ filter: ClipFilter) async throws {
        let library = try await Library.openExisting()
        let clips = try await library?.clips(filter, limit: limit, offset: offset) ?? []
        try write(clips.map(ClipRow.init))
    }

    private func write(_ rows: [ClipRow]) throws {
        let text: String
        if json {
            text = try JSONText.pretty(rows)
        } else if csv {
            text = ([ClipRow.csvHeading] + rows.map(\.csvCells)).map(CSVText.line)
                .joined(separator: "\n")
        } else {
            text = TextTable.lines([ClipRow.heading] + rows.map(\.cells))
        }
        guard writeLine(text, to: STDOUT_FILENO) else { throw ExitCode(128 + SIGPIPE) }
    }
}
