import Diagnostics

/// What a server's refusal means, and what can be done about it.
enum HubRefusal {
    /// The error for an answer that is neither content nor a redirect that can be followed.
    static func error(
        _ head: HTTPHead,
        _ repository: String,
        _ name: String,
        _ url: HubURL,
        _ settings: HubSettings
    ) -> EightCutError {
        let isHub = HubURL(settings.endpoint)?.hasSameOrigin(as: url) == true
        let page = settings.page(of: repository)
        switch head.status {
        case 401 where isHub, 403 where isHub:
            return EightCutError(
                .notPermitted,
                "cannot download",
                on: repository,
                because: head["x-error-code"] == "GatedRepo" || head.status == 403
                    ? "its owner asks you to accept terms first (status \(head.status))"
                    : settings.hasToken
                        ? "the server does not know it, or does not take the token"
                        : "the server does not know it, or shows it only with a token",
                remedy: "Accept the terms at \(page), then set HF_TOKEN to a token of yours from "
                    + "\(settings.endpoint)/settings/tokens that may read it."
            )
        case 404, 410:
            return EightCutError(
                .networkFailed,
                "cannot download",
                on: repository,
                because: "the server has no \(quoted(name)) there (status \(head.status))",
                remedy: "Look at \(page), and check HF_ENDPOINT."
            )
        case let status:
            let why =
                head.isRedirect
                ? "it redirects to where we do not follow" : "it answers with status \(status)"
            return EightCutError(
                .networkFailed,
                "cannot download from",
                on: url.authority,
                because: why,
                remedy: "Try again later, and check HF_ENDPOINT."
            )
        }
    }
}
