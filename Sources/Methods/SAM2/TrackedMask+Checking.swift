import Diagnostics
import Tracking

extension TrackedMask {
    /// Itself, when all in it are numbers.
    ///
    /// - Throws: `EightCutError`.
    func checked() throws -> TrackedMask {
        guard presence.isFinite, score.isFinite, logits.allSatisfy(\.isFinite) else {
            throw EightCutError(
                .inputUnusable,
                "cannot use the masks that the model gives",
                because: "there are values in them that are infinite or no numbers",
                remedy: "Try --precision fp32; if that does not help, check the checkpoint: "
                    + "8cut models verify."
            )
        }
        return self
    }
}
