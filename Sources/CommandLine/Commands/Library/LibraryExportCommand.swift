import ArgumentParser
import ClipLibrary
import DatasetProfiles
import Diagnostics

/// `8cut library export`.
struct LibraryExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the records of all finished clips, as JSON or as CSV.",
        usage: "8cut library export [<options>]",
        discussion: """
            Examples:
              8cut library export > clips.json
              8cut library export --csv --folder clips > clips.csv
            """
    )

    @OptionGroup var folder: ClipFolderOption

    @OptionGroup var table: ClipTableOptions

    func run() async throws {
        var filter = ClipFilter()
        filter.folder = folder.path
        try await table.write(filter, asJSON: true) { clips in
            for warning in Self.warnings(of: clips) { Log(level: .normal).warning(warning) }
        }
    }

    /// What the labels become in a program that reads the table with pandas, as most trainers do.
    private static func warnings(of clips: [LibraryClip]) -> [String] {
        let missing = clips.filter { LabelTable.isMissing($0.label ?? "") }
        let broken = clips.filter { clip in
            clip.label.map { LabelTable.lines.objection(to: $0) != nil } ?? false
        }
        return [
            list(missing).map { "pandas reads the labels of \($0) as missing values" },
            list(broken).map { "the labels of \($0) have tabs or line breaks" },
        ].compactMap { $0.map { $0 + ". 8cut library relabel changes labels." } }
    }

    /// "clip 3 (no label)", "clips 3 ("NA") and 4 ("None")"; nil for no clip.
    private static func list(_ clips: [LibraryClip]) -> String? {
        guard !clips.isEmpty else { return nil }
        let most = 10
        let names = clips.prefix(most).map { clip in
            let label = clip.label ?? ""
            return "\(clip.id) (\(label.isEmpty ? "no label" : quoted(label)))"
        }
        let rest = clips.count > most ? " and \(clips.count - most) more" : ""
        return (clips.count == 1 ? "clip " : "clips ") + names.joined(separator: ", ") + rest
    }
}
