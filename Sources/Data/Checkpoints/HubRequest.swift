import Diagnostics
import Transfers

/// A request to a server.
package struct HubRequest: Sendable {
    /// Where.
    package var url: ServerURL
    /// Whether only the head of the answer is wanted.
    package var isHead: Bool
    /// The first byte that is wanted.
    package var offset: Int
    /// Seconds to wait for a connection, or for a head.
    package var connectSeconds: Int
    /// Seconds after which a transfer that is slower than `leastSpeed` is given up.
    package var stallSeconds: Int

    package init(
        url: ServerURL,
        isHead: Bool,
        offset: Int = 0,
        connectSeconds: Int,
        stallSeconds: Int
    ) {
        self.url = url
        self.isHead = isHead
        self.offset = offset
        self.connectSeconds = connectSeconds
        self.stallSeconds = stallSeconds
    }

    /// Bytes per second; a modem has more.
    package static let leastSpeed = 1000

    /// The request as curl sends it.
    ///
    /// - Parameter token: the secret that goes along; nil for servers that must not see it.
    /// - Returns: its configuration, and what errors say.
    /// - Throws: `EightCutError` if a value cannot be written.
    func curl(token: String?) throws -> CurlRequest {
        CurlRequest(
            config: try config(token: token),
            isHead: isHead,
            failures: CurlFailures(
                "cannot download from",
                url.authority,
                remedy: "Check the connection and run the same command again: "
                    + "what was downloaded is kept.",
                again: "Run the same command again: what was downloaded is kept."
            )
        )
    }

    /// The configuration of curl.
    ///
    /// - Parameter token: the secret that goes along; nil for servers that must not see it.
    /// - Returns: the options, to be given on standard input.
    /// - Throws: `EightCutError` if a value cannot be written.
    package func config(token: String?) throws -> CurlConfig {
        var config = CurlConfig()
        try config.set("url", url.text)
        config.set("globoff")
        config.set("silent")
        config.set("show-error")
        config.set("include")
        config.set("suppress-connect-headers")
        // What has come is to be ours at once, and not lost with curl when it is killed.
        config.set("no-buffer")
        try config.set("proto", "=http,https")
        try config.set("user-agent", "8cut")
        // A packed answer would have another size and another hash.
        try config.set("header", "Accept-Encoding: identity")
        if let token {
            try config.set("header", "Authorization: Bearer " + token)
            // A proxy would get it in clear.
            if url.scheme == "http" { try config.set("noproxy", "*") }
        }
        try config.set("connect-timeout", "\(connectSeconds)")
        if isHead {
            config.set("head")
            try config.set("max-time", "\(connectSeconds)")
        } else {
            try config.set("speed-limit", "\(Self.leastSpeed)")
            try config.set("speed-time", "\(stallSeconds)")
            // Asked for the first byte on, some servers answer 206 and others 200.
            if offset > 0 { try config.set("range", "\(offset)-") }
        }
        return config
    }
}
