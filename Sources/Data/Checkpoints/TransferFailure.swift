import Diagnostics

/// A transfer that may succeed when it is tried again.
struct TransferFailure: Error {
    /// What to say when it does not.
    let error: EightCutError
    /// Seconds that the server asks to wait.
    var retryAfter: Int?
}
