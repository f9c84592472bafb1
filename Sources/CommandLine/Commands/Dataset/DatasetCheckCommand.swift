import ArgumentParser
import DatasetExport
import DatasetProfiles
import Diagnostics
import Files
import Glibc
import SystemPackage

/// `8cut dataset check`.
struct DatasetCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find what the loader of a data set would reject.",
        discussion: """
            Reads the tables, the clips and the masks of a data set as its consumer does, whoever \
            wrote it. A clip without a row, and a video in two splits, are rejected as well. The \
            exit status is 65 if a row is rejected.

            Examples:
              8cut dataset check train-set --profile mmaudio-16k
              8cut dataset check train-set --profile hf --json
            """
    )

    @Argument(
        help: ArgumentHelp("Folder of the data set.", valueName: "folder"),
        completion: .directory
    )
    var folder: String

    @OptionGroup var profile: DatasetProfileOption

    @Flag(help: "Print a JSON array of all rejected rows.")
    var json = false

    func validate() throws { try folder.checkedNotEmpty(named: "<folder>") }

    func run() async throws {
        let width = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let check = DatasetCheck(try profile.value, FilePath(folder).absolute, width: width)
        let rows = try await check.run()
        let rejected = rows.filter { !$0.rejections.isEmpty }.map(Row.init)
        if json {
            try Listing.write(json: rejected)
        } else {
            if !rejected.isEmpty { try Listing.write(table: rejected) }
            try Listing.write("\(rows.count) rows, \(rejected.count) rejected")
        }
        let log = Log(level: .normal)
        for row in rows {
            if let warning = row.warning { log.warning("\(row.row.place): \(warning)") }
        }
        guard rejected.isEmpty else { throw ExitCode(ErrorCode.inputUnusable.exitStatus) }
    }

    private struct Row: ListRow {
        let place: String
        let clip: String
        let rejections: [Rejection]

        static let heading = ["PLACE", "CLIP", "WHY"]

        init(_ checked: DatasetCheck.Row) {
            (place, clip) = (checked.row.place, checked.row.clip)
            rejections = checked.rejections
        }

        var cells: [String] {
            [
                visible(place), visible(clip),
                rejections.map { visible($0.why) }.joined(separator: "; "),
            ]
        }
    }
}
