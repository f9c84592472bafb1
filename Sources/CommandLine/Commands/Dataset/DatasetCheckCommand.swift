import ArgumentParser
import DatasetExport
import DatasetProfiles
import Diagnostics
import Files
import Processes
import Progress
import Synchronization
import SystemPackage

/// `8cut dataset check`.
struct DatasetCheckCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find what the loader of a data set would reject.",
        usage: "8cut dataset check <folder> --profile <name> [<options>]",
        discussion: """
            Reads the tables, the clips and the masks of a data set as its consumer does, whoever \
            wrote it. A clip without a row, and a video in two splits, are rejected as well. The \
            rejected rows are written to standard output, also with --quiet, and the exit status \
            is 65 if there are any.

            Examples:
              8cut dataset check train-set --profile mmaudio-16k
              8cut dataset check train-set --profile hf --json
            """
    )

    static let outputUse = OutputUse.result

    @Argument(
        help: ArgumentHelp("Folder of the data set.", valueName: "folder"),
        completion: .directory
    )
    var folder: String

    @OptionGroup var profile: DatasetProfileOption

    @Flag(help: "Print a JSON array of all rejected rows.")
    var json = false

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws { try folder.checkedNotEmpty(named: "<folder>") }

    func run() async throws {
        let found = Mutex<[DatasetCheck.Row]>([])
        var status: ExitCode?
        do {
            try await runJob { reporter in
                let path = FilePath(folder).absolute.string
                try reporter.report(.started(.init(job: "dataset check", input: path, output: "")))
                let meter = ProgressMeter()
                let rows = try await check(reporter)
                found.withLock { $0 = rows }
                // Standard output has events then, and nothing else.
                if progress.progress == .json {
                    for line in try text(rows).split(exactly: "\n") {
                        try reporter.report(.output(.init(line: String(line))))
                    }
                }
                let isWhole = rows.allSatisfy(\.rejections.isEmpty)
                return ProgressEvent.Finished(
                    meter,
                    exitStatus: isWhole ? 0 : ErrorCode.inputUnusable.exitStatus
                ) { seconds in "\(rows.count) \(Self.rows(rows.count)) checked in \(seconds) s" }
            }
        } catch let code as ExitCode {
            status = code
        }
        if progress.progress != .json { try Listing.write(try text(found.withLock(\.self))) }
        if let status { throw status }
    }

    private func check(_ reporter: any ProgressReporter) async throws -> [DatasetCheck.Row] {
        let rows = try await DatasetCheck(
            try profile.value,
            FilePath(folder).absolute,
            width: AvailableCores.count,
            reporter: reporter
        ).run()
        for row in rows {
            for warning in row.warnings {
                try reporter.warn("dataset", "\(row.row.place): \(warning)")
            }
        }
        return rows
    }

    /// The result: rows that are rejected, and how many there are.
    private func text(_ rows: [DatasetCheck.Row]) throws -> String {
        let rejected = rows.filter { !$0.rejections.isEmpty }.map(Row.init)
        if json { return try JSONText.pretty(rejected) }
        let table = rejected.isEmpty ? [] : [TextTable.lines([Row.heading] + rejected.map(\.cells))]
        let count = "\(rows.count) \(Self.rows(rows.count)), \(rejected.count) rejected"
        return (table + [count]).joined(separator: "\n")
    }

    private static func rows(_ count: Int) -> String { count == 1 ? "row" : "rows" }

    private struct Row: ListRow {
        let place: String
        let clip: String
        let rejections: [Rejection]

        static let heading = ["PLACE", "CLIP", "WHY"]

        init(_ checked: DatasetCheck.Row) {
            (place, clip) = (checked.row.place, checked.row.clip)
            rejections = checked.rejections
        }

        var cells: [String] { [visible(place), visible(clip), visible(rejections.sentence)] }
    }
}
