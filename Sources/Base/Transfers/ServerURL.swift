import Diagnostics

/// An http or https address, parsed as far as following redirects needs it.
package struct ServerURL: Sendable, Equatable {
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
    package func hasSameOrigin(as other: ServerURL) -> Bool {
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
    package func redirected(to location: String) -> ServerURL? {
        let origin = "\(scheme)://\(authority)"
        let next: ServerURL?
        if location.contains(exactly: "://") && !location.hasPrefix(exactly: "/") {
            next = ServerURL(location)
        } else if location.hasPrefix(exactly: "//") {
            next = ServerURL(scheme + ":" + location)
        } else if location.hasPrefix(exactly: "/") {
            next = ServerURL(origin + location)
        } else {
            let path = target.divided(atFirst: "?")?.0 ?? target[...]
            let folder = path.divided(atLast: "/")?.0 ?? ""
            next = ServerURL(origin + folder + "/" + location)
        }
        return scheme == "https" && next?.scheme == "http" ? nil : next
    }
}
