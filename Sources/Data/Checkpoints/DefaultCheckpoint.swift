/// Which checkpoint is used when the user has named none.
package enum DefaultCheckpoint {
    /// The preferred one where its licence has been accepted, else a free one.
    ///
    /// - Parameters:
    ///   - preferred: the best for the machine.
    ///   - free: what is used instead; its licence asks for nothing.
    ///   - licences: what the user has accepted.
    /// - Returns: the checkpoint, and a line for the user where it is not the preferred one.
    package static func choose(
        _ preferred: Checkpoint,
        else free: Checkpoint,
        licences: AcceptedLicences
    ) -> (checkpoint: Checkpoint, note: String?) {
        if licences.allow(preferred) { return (preferred, nil) }
        let note =
            "using \(free.name); \(preferred.name) is better, but its licence, "
            + "\(preferred.licence.rawValue), forbids commercial use: to accept that, run "
            + "8cut models download \(preferred.name) --accept-license"
        return (free, note)
    }
}
