/// The licence of a checkpoint, by its SPDX identifier.
package enum CheckpointLicence: String, Sendable, Codable {
    /// Free for every use.
    case apache = "Apache-2.0"
    /// Not for commercial use.
    case nonCommercial = "CC-BY-NC-4.0"

    /// Whether it must be accepted before the checkpoint is fetched, because it forbids what
    /// this program's own licence allows.
    package var needsYes: Bool { self == .nonCommercial }
}
