import Diagnostics
import Transfers

/// Asks the hub, and whatever servers it sends us to.
struct HubClient: Sendable {
    /// Which hub.
    let settings: HubSettings
    /// Called with what is worth a line: that something is retried.
    let note: @Sendable (String) -> Void

    /// No chain of redirects is longer when all is well.
    private static let redirectLimit = 5

    /// The address of a file.
    private func url(_ repository: String, _ revision: String, _ name: String) throws -> ServerURL {
        let text = "\(settings.endpoint)/\(repository)/resolve/\(revision)/\(name)"
        guard let url = ServerURL(text) else {
            throw EightCutError(.usage, "cannot download", on: text, because: "it is no address")
        }
        return url
    }

    /// Asks for the head of a file. Redirects are followed on the hub's own server only: where
    /// another server has the content, the hub has already given size and hash.
    ///
    /// - Returns: what all answers together give; nil if there is no such file.
    /// - Throws: `EightCutError`.
    func head(_ repository: String, _ revision: String, _ name: String) async throws
        -> (file: HubFile, commit: String)?
    {
        var url = try url(repository, revision, name)
        var commit: String?
        for _ in 0...Self.redirectLimit {
            let request = HubRequest(
                url: url,
                isHead: true,
                connectSeconds: settings.connectSeconds,
                stallSeconds: settings.stallSeconds
            )
            let head = try await Retry(note: note).run {
                let token = settings.token(for: request.url)
                let head = try await Curl.run(try request.curl(token: token)) { _ in nil }
                try checkForTransientFailure(head, on: request.url)
                return head
            }
            if head["x-repo-commit"] != nil {
                commit = try HubFile.commit(head: head, on: repository)
            }
            if head.isRedirect, let next = head["location"].flatMap({ url.redirected(to: $0) }),
                next.hasSameOrigin(as: url)
            {
                url = next
                continue
            }
            if head.status == 404, head["x-error-code"] != "RepoNotFound" { return nil }
            if !head.isRedirect { try check(head, repository, name) }
            let file = try HubFile(name: name, head: head, on: repository)
            let found = try commit ?? HubFile.commit(head: head, on: repository)
            // Files of two states would not fit each other.
            guard !HubFile.isCommit(revision) || found == revision else {
                throw otherCommit(repository, name)
            }
            return (file, found)
        }
        throw tooManyRedirects(url)
    }

    /// Fetches a file from some byte on, once.
    ///
    /// - Parameters:
    ///   - repository: whose file.
    ///   - commit: of which state.
    ///   - name: the file.
    ///   - offset: the first byte that is wanted.
    ///   - reader: gets the head of an answer that has content; returns who reads it.
    /// - Throws: `TransferFailure` when trying again may help, else `EightCutError`.
    func get(
        _ repository: String,
        _ commit: String,
        _ name: String,
        from offset: Int,
        _ reader: (HTTPHead) throws -> Curl.BodyReader?
    ) async throws {
        var url = try url(repository, commit, name)
        for _ in 0...Self.redirectLimit {
            let request = HubRequest(
                url: url,
                isHead: false,
                offset: offset,
                connectSeconds: settings.connectSeconds,
                stallSeconds: settings.stallSeconds
            )
            // Only the hub itself gets the token, whatever it answers.
            let curl = try request.curl(token: settings.token(for: url))
            let head = try await Curl.run(curl) { head in
                [200, 206].contains(head.status) ? try reader(head) : nil
            }
            if head.isRedirect {
                guard let next = head["location"].flatMap({ url.redirected(to: $0) }) else {
                    throw HubError.error(head, repository, name, url, settings)
                }
                url = next
                continue
            }
            try checkForTransientFailure(head, on: url)
            // A range after the end is for the caller to decide on.
            if [200, 206, 416].contains(head.status) {
                if head.status == 416 { _ = try reader(head) }
                return
            }
            throw HubError.error(head, repository, name, url, settings)
        }
        throw tooManyRedirects(url)
    }

    private func check(_ head: HTTPHead, _ repository: String, _ name: String) throws {
        guard head.status != 200 else { return }
        throw HubError.error(head, repository, name, try url(repository, "main", name), settings)
    }

    /// Servers that are overloaded or being restarted will answer later.
    private func checkForTransientFailure(_ head: HTTPHead, on url: ServerURL) throws {
        guard [408, 425, 429, 500, 502, 503, 504].contains(head.status) else { return }
        throw TransferFailure(
            error: EightCutError(
                .networkFailed,
                "cannot download from",
                on: url.authority,
                because: "the server answers with status \(head.status)",
                remedy: "Try again later: what was downloaded is kept."
            ),
            retryAfter: head["retry-after"].flatMap { Int($0) }
        )
    }

    private func otherCommit(_ repository: String, _ name: String) -> EightCutError {
        EightCutError(
            .downloadDamaged,
            "cannot download",
            on: repository,
            because: "the server answers with another commit for \(name)",
            remedy: "Run the same command again."
        )
    }

    private func tooManyRedirects(_ url: ServerURL) -> EightCutError {
        EightCutError(
            .networkFailed,
            "cannot download from",
            on: url.authority,
            because: "one redirect leads to the next, more than \(Self.redirectLimit) times"
        )
    }
}

/// What an error status of a server means, and what can be done about it.
enum HubError {
    /// The error for an answer that is neither content nor a redirect that can be followed.
    static func error(
        _ head: HTTPHead,
        _ repository: String,
        _ name: String,
        _ url: ServerURL,
        _ settings: HubSettings
    ) -> EightCutError {
        let isHub = ServerURL(settings.endpoint)?.hasSameOrigin(as: url) == true
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
                ? "it redirects to an address that is not followed"
                : "it answers with status \(status)"
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
