/// A set of trained weights that the program knows by name.
package struct Checkpoint: Sendable, Equatable {
    /// The name that `--model` takes.
    package let name: String
    /// Where it lies on the hub: `organisation/name`.
    package let repository: String
    /// How many numbers it consists of, in millions.
    package let parameters: Double
    /// About how many bytes the download has.
    package let bytes: Int
    /// What may be done with it.
    package let licence: CheckpointLicence

    init(
        _ name: String,
        _ repository: String,
        parameters: Double,
        megabytes: Int,
        _ licence: CheckpointLicence
    ) {
        self.name = name
        self.repository = repository
        self.parameters = parameters
        bytes = megabytes * 1_000_000
        self.licence = licence
    }
}
