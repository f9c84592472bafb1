/// What is asked of a server.
package struct HubRequest: Sendable {
    /// Where.
    package var url: HubURL
    /// Whether only the head of the answer is wanted.
    package var isHead: Bool
    /// The first byte that is wanted.
    package var offset = 0
    /// Seconds within which a connection must stand, or a head be there.
    package var connectSeconds: Int
    /// Seconds without a byte after which the transfer is given up.
    package var stallSeconds: Int

    /// What curl is told.
    ///
    /// - Parameter token: the secret that goes along; nil for servers that must not see it.
    /// - Returns: the options, to be given on standard input.
    /// - Throws: `EightCutError` when a value cannot be told.
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
        if let token { try config.set("header", "Authorization: Bearer " + token) }
        try config.set("connect-timeout", "\(connectSeconds)")
        if isHead {
            config.set("head")
            try config.set("max-time", "\(connectSeconds)")
        } else {
            try config.set("speed-limit", "1")
            try config.set("speed-time", "\(stallSeconds)")
            // Asked for the first byte on, some servers answer 206 and others 200.
            if offset > 0 { try config.set("range", "\(offset)-") }
        }
        return config
    }
}
