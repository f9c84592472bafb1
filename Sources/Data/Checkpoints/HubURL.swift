/// An http or https address, taken apart as far as following redirects needs it.
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
            let mark = text.firstRange(of: "://")
        else { return nil }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[mark.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }.lowercased()
        guard !authority.isEmpty, !authority.contains("@"), !authority.hasPrefix(":") else {
            return nil
        }
        self.scheme = scheme
        // A colon inside brackets is a part of an IPv6 address.
        let hasPort =
            authority.lastIndex(of: "]").map { authority[$0...] }?.contains(":")
            ?? authority.contains(":")
        self.authority = hasPort ? authority : authority + (scheme == "http" ? ":80" : ":443")
        let target = String(rest.dropFirst(authority.count))
        self.target = target.hasPrefix("/") ? target : "/" + target
    }

    /// The whole address.
    package var text: String { "\(scheme)://\(authority)\(target)" }

    /// Whether both are the same server, to which the same secrets may be told.
    package func hasSameOrigin(as other: HubURL) -> Bool {
        scheme == other.scheme && authority == other.authority
    }

    /// Where a `Location` leads to; nil when it is no address, or leads from https to http.
    package func redirected(to location: String) -> HubURL? {
        let origin = "\(scheme)://\(authority)"
        let next: HubURL?
        if location.contains("://") && !location.hasPrefix("/") {
            next = HubURL(location)
        } else if location.hasPrefix("//") {
            next = HubURL(scheme + ":" + location)
        } else if location.hasPrefix("/") {
            next = HubURL(origin + location)
        } else {
            let path = target.prefix { $0 != "?" }
            let end = path.lastIndex(of: "/") ?? path.startIndex
            next = HubURL(origin + path[..<end] + "/" + location)
        }
        return scheme == "https" && next?.scheme == "http" ? nil : next
    }
}
