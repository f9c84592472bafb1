import Diagnostics
import Files
import Glibc
import SystemPackage
import Transfers

/// Which hub is used, how, and where the cache of all programs is.
package struct HubSettings: Sendable {
    /// The cache that every program shares.
    package let cache: FilePath
    /// Whether no network may be used.
    package let isOffline: Bool
    /// The hub's address, without a slash at its end.
    package let endpoint: String
    /// Seconds to wait for a connection or a head.
    let connectSeconds: Int
    /// Seconds after which a transfer that is too slow is given up.
    let stallSeconds: Int
    private let secret: Secret
    private let tokenFile: FilePath

    /// A token, kept out of everything that describes a value.
    struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
        fileprivate let text: String?
        var description: String { text == nil ? "none" : "secret" }
        var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// The settings in the environment: `HF_HOME`, `HF_HUB_CACHE`, `HF_ENDPOINT`, `HF_TOKEN`,
    /// `HF_TOKEN_PATH`, `HF_HUB_OFFLINE`, `HF_HUB_ETAG_TIMEOUT`, `HF_HUB_DOWNLOAD_TIMEOUT`.
    ///
    /// - Throws: `EightCutError` with code `usage` when a variable cannot be used.
    package static func ofProcess() throws -> HubSettings {
        try HubSettings(HubEnvironment.ofProcess())
    }

    package init(_ environment: HubEnvironment) throws {
        cache = environment.cache
        isOffline = environment.isOn("HF_HUB_OFFLINE")
        var endpoint = environment["HF_ENDPOINT"] ?? "https://huggingface.co"
        while let rest = endpoint.removing(suffix: "/") { endpoint = String(rest) }
        guard ServerURL(endpoint) != nil, !endpoint.contains(exactly: "?"),
            !endpoint.contains(exactly: "#")
        else {
            throw EightCutError(
                .usage,
                "cannot use the hub",
                on: endpoint,
                because: "HF_ENDPOINT is not an http or https address"
            )
        }
        self.endpoint = endpoint
        connectSeconds = environment.seconds("HF_HUB_ETAG_TIMEOUT", fallback: 10)
        stallSeconds = environment.seconds("HF_HUB_DOWNLOAD_TIMEOUT", fallback: 10)
        let file = environment.path("HF_TOKEN_PATH") ?? environment.hubHome.appending("token")
        tokenFile = file
        secret = Secret(text: environment["HF_TOKEN"] ?? Self.content(of: file))
    }

    /// Makes sure that the token can be sent to a server. Downloaded checkpoints are used without
    /// one, so nobody else calls this.
    ///
    /// - Throws: `EightCutError` with code `usage`.
    package func checkToken() throws {
        // What has other characters would become a part of the request.
        guard secret.text?.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) == false else { return }
        throw EightCutError(
            .usage,
            "cannot use the token for the hub",
            because: "it has characters in it that no token has",
            remedy: "Check HF_TOKEN, or the file \(quoted(tokenFile.string))."
        )
    }

    /// The secret for the hub's own server; nil for every other one, and for all if it would cross
    /// a network without encryption.
    package func token(for url: ServerURL) -> String? {
        guard let hub = ServerURL(endpoint), url.hasSameOrigin(as: hub), hub.keepsSecrets else {
            return nil
        }
        return secret.text
    }

    /// Whether there is a token that is not sent, because the hub's address is not encrypted.
    package var withholdsToken: Bool {
        hasToken && ServerURL(endpoint)?.keepsSecrets == false
    }

    /// Whether there is a token.
    var hasToken: Bool { secret.text != nil }

    /// The page of a repository, for people.
    func page(of repository: String) -> String { "\(endpoint)/\(repository)" }

    private static func content(of path: FilePath) -> String? {
        guard let bytes = try? SmallFile.read(path, limit: 1 << 16) else { return nil }
        let text = trimmed(String(decoding: bytes, as: UTF8.self))
        return text.isEmpty ? nil : text
    }
}

/// The variables that configure every program that uses the hub.
package struct HubEnvironment: Sendable {
    private let variables: [String: String]

    /// Made up, for tests.
    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// Those of the process.
    ///
    /// - Throws: `EightCutError` when one is not UTF-8: another place would be meant than the
    ///   one that Swift's strings can name.
    package static func ofProcess() throws -> HubEnvironment {
        var variables: [String: String] = [:]
        for name in names {
            guard let value = getenv(name) else { continue }
            let bytes = UnsafeRawBufferPointer(start: value, count: strlen(value))
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw EightCutError(
                    .usage,
                    "cannot use the variable",
                    on: name,
                    because: "its value is not valid UTF-8"
                )
            }
            variables[name] = text
        }
        return HubEnvironment(variables)
    }

    private static let names = [
        "HOME", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN",
        "HF_TOKEN_PATH", "HF_HUB_OFFLINE", "HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT",
    ]

    /// A value without white space around it; nil when it is not set or empty.
    package subscript(name: String) -> String? {
        guard let value = variables[name].map({ trimmed($0) }), !value.isEmpty else { return nil }
        return value
    }

    /// Whether a switch is on, in the words of the hub's own client.
    package func isOn(_ name: String) -> Bool {
        ["1", "ON", "YES", "TRUE"].contains(self[name]?.uppercased())
    }

    /// A number of seconds; `fallback` when there is none that makes sense.
    package func seconds(_ name: String, fallback: Int) -> Int {
        guard let value = self[name].flatMap({ Double($0) }), value > 0, value <= 86_400 else {
            return fallback
        }
        return max(1, Int(value.rounded(.up)))
    }

    /// A folder or file; `~` at the start is the user's home.
    package func path(_ name: String) -> FilePath? {
        guard let value = self[name] else { return nil }
        if value == "~" { return home }
        if let rest = value.removing(prefix: "~/") { return home.appending(String(rest)) }
        return FilePath(value).absolute
    }

    private var home: FilePath {
        self["HOME"].map { FilePath($0).absolute } ?? EightCutHome.userHome
    }

    /// Where the hub's programs keep everything.
    package var hubHome: FilePath {
        if let named = path("HF_HOME") { return named }
        return (path("XDG_CACHE_HOME") ?? home.appending(".cache")).appending("huggingface")
    }

    /// The cache of downloads.
    package var cache: FilePath { path("HF_HUB_CACHE") ?? hubHome.appending("hub") }
}

/// A text without white space at its ends.
func trimmed(_ text: some StringProtocol) -> String {
    let start = text.unicodeScalars.drop { $0.properties.isWhitespace }
    let end = start.lastIndex { !$0.properties.isWhitespace }
    return end.map { String(String.UnicodeScalarView(start[...$0])) } ?? ""
}
