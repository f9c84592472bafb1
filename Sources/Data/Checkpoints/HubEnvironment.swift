import Diagnostics
import Files
import Glibc
import SystemPackage

/// The variables that steer every program that uses the hub.
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
        if value.hasPrefix("~/") { return home.appending(String(value.dropFirst(2))) }
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
