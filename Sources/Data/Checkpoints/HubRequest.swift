import Diagnostics

/// An http or https address, parsed as far as following redirects needs it.
package struct HubURL: Sendable, Equatable {
    /// `http` or `https`.
    package let scheme: String
    /// Host and port in lower case, the port always there.
    package let authority: String
    /// Path and query; starts with a slash.
    package let target: String

    /// Reads an address; nil when it is none, has a user's name in it or characters that
    /// addresses do not have.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            let mark = text.firstRange(exactly: "://")
        else { return nil }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[mark.upperBound...].unicodeScalars.prefix { $0 != "#" }
        // text: scalars
        let authority = String(rest.prefix { $0 != "/" && $0 != "?" }).lowercased()
        guard !authority.isEmpty, !authority.contains(exactly: "@"),
            !authority.hasPrefix(exactly: ":")
        else {
            return nil
        }
        self.scheme = scheme
        // A colon inside brackets is a part of an IPv6 address.
        let hasPort =
            (authority.divided(atLast: "]")?.1 ?? authority[...]).contains(exactly: ":")
        self.authority = hasPort ? authority : authority + (scheme == "http" ? ":80" : ":443")
        let target = String(rest.dropFirst(authority.unicodeScalars.count))
        self.target = target.hasPrefix(exactly: "/") ? target : "/" + target
    }

    /// The whole address.
    package var text: String { "\(scheme)://\(authority)\(target)" }

    /// Whether both are the same server, which may get the same secrets.
    package func hasSameOrigin(as other: HubURL) -> Bool {
        scheme == other.scheme && authority == other.authority
    }

    /// Whether nobody else can read what is sent there: it is encrypted, or stays on this machine.
    package var keepsSecrets: Bool { scheme == "https" || isLoopback }

    /// Whether the server is this machine, by its name or number.
    package var isLoopback: Bool {
        let host = authority.divided(atLast: ":")?.0 ?? authority[...]
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(exactly: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Where a `Location` leads to; nil when it is no address, or leads from https to http.
    package func redirected(to location: String) -> HubURL? {
        let origin = "\(scheme)://\(authority)"
        let next: HubURL?
        if location.contains(exactly: "://") && !location.hasPrefix(exactly: "/") {
            next = HubURL(location)
        } else if location.hasPrefix(exactly: "//") {
            next = HubURL(scheme + ":" + location)
        } else if location.hasPrefix(exactly: "/") {
            next = HubURL(origin + location)
        } else {
            let path = target.divided(atFirst: "?")?.0 ?? target[...]
            let folder = path.divided(atLast: "/")?.0 ?? ""
            next = HubURL(origin + folder + "/" + location)
        }
        return scheme == "https" && next?.scheme == "http" ? nil : next
    }
}

/// A request to a server.
package struct HubRequest: Sendable {
    /// Where.
    package var url: HubURL
    /// Whether only the head of the answer is wanted.
    package var isHead: Bool
    /// The first byte that is wanted.
    package var offset: Int
    /// Seconds to wait for a connection, or for a head.
    package var connectSeconds: Int
    /// Seconds after which a transfer that is slower than `leastSpeed` is given up.
    package var stallSeconds: Int

    package init(
        url: HubURL,
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

/// A configuration file of curl. It is given on standard input:
/// anybody can read a command line, and this contains a token.
package struct CurlConfig {
    /// The text.
    package private(set) var text = ""

    package init() {}

    /// Switches something on.
    package mutating func set(_ option: String) {
        text += option + "\n"
    }

    /// Gives an option its value.
    ///
    /// - Throws: `EightCutError` when the value has characters that could end the line: what
    ///   follows would be taken for another option.
    package mutating func set(_ option: String, _ value: String) throws {
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw EightCutError(
                .usage,
                "cannot ask the server",
                because: "a value for curl's option \(option) has control characters in it"
            )
        }
        let escaped = value.replacing(exactly: "\\", with: "\\\\").replacing(
            exactly: "\"",
            with: "\\\""
        )
        text += "\(option) = \"\(escaped)\"\n"
    }
}
