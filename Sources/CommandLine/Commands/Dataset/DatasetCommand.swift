import ArgumentParser
import DatasetProfiles
import Diagnostics

/// `8cut dataset`: what trainers load.
struct DatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Write and check data sets that a trainer loads unchanged.",
        discussion: """
            Examples:
              8cut dataset export --profile mmaudio-16k --to train-set --dry-run
              8cut dataset check train-set --profile mmaudio-16k
            """,
        subcommands: [DatasetExportCommand.self, DatasetCheckCommand.self]
    )
}

/// The consumer of a data set.
struct DatasetProfileOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What loads the data set: \(DatasetProfile.datasetNames).",
            valueName: "name"
        )
    )
    var profile: String

    func validate() throws { _ = try value }

    /// The profile of the name.
    var value: DatasetProfile {
        get throws {
            let known = DatasetProfile.ofDatasets
            guard let profile = known.first(where: { $0.name.isSameName(as: profile) }) else {
                throw ValidationError(
                    "--profile \(profile): choose from \(DatasetProfile.datasetNames)."
                )
            }
            return profile
        }
    }
}

extension DatasetProfile {
    fileprivate static var datasetNames: String {
        ofDatasets.map(\.name).joined(separator: ", ")
    }
}
