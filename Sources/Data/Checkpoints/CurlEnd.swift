import Diagnostics
import Processes

/// What curl's exit status means.
enum CurlEnd {
    /// Statuses that no second try changes: the server's certificate is not trusted, curl lacks
    /// what it needs. All else is the weather of the network.
    private static let lasting: Set<Int32> = [1, 2, 3, 4, 27, 48, 51, 53, 58, 59, 60, 66, 77]

    /// The error for a curl that has failed.
    static func failure(
        _ exit: ChildExit,
        message: String?,
        on url: HubURL
    ) -> any Error {
        switch exit {
        case .exited(let status):
            let error = EightCutError(
                .networkFailed,
                "cannot download from",
                on: url.authority,
                because: message ?? "curl ended with status \(status) before an answer had come",
                remedy: status == 60 || status == 77
                    ? "Check the system's certificates (package ca-certificates) and its clock."
                    : "Check the connection and run the same command again: "
                        + "what has come is kept."
            )
            return lasting.contains(status) ? error : TransferFailure(error: error)
        case .signaled(let signal):
            return EightCutError(
                .toolFailed,
                "cannot download from",
                on: url.authority,
                because: "curl was ended by signal \(signal)",
                remedy: "Run the same command again: what has come is kept."
            )
        }
    }

    /// The error for a server that speaks another language.
    static func noHTTP(_ url: HubURL) -> EightCutError {
        EightCutError(
            .networkFailed,
            "cannot download from",
            on: url.authority,
            because: "its answer is not HTTP"
        )
    }

    /// The error for a curl that could not be started.
    static func startError(_ error: ChildProcessError) -> EightCutError {
        error.error(
            "cannot download",
            on: nil,
            remedy: "Install curl (on Debian and Ubuntu: sudo apt install curl)."
        )
    }
}
