import Diagnostics
import Files
import FoundationEssentials
import Subprocess

/// The variables that a child inherits.
///
/// They are taken apart by bytes: to a `String`, the `=` before a combining mark is another
/// character, and a variable with such a value could neither be removed nor replaced.
package enum ChildEnvironment {
    /// The names of all our variables.
    package static var names: [String] { Array(own.keys) }

    /// Words that a secret's name has one of: `HF_TOKEN`, `AWS_SECRET_ACCESS_KEY`.
    private static let secretWords: Set<String> = [
        "APIKEY", "COOKIE", "COOKIES", "CREDENTIAL", "CREDENTIALS", "PASSWD", "PASSWORD", "SECRET",
        "TOKEN",
    ]

    /// Whether a variable holds a secret, by its name. No program that we start needs any, but for
    /// 8cut itself.
    package static func isSecret(_ name: String) -> Bool {
        let words = name.uppercased().split(exactly: "_").map(String.init)
        return words.last.map { $0.isExactly("KEY") } == true
            || words.contains(where: secretWords.contains)
    }

    /// Our variables with changes.
    ///
    /// - Parameters:
    ///   - changes: new values; nil removes a variable.
    ///   - keepsSecrets: whether secrets are inherited too.
    /// - Returns: the variables of the child.
    static func inherited(_ changes: [String: String?], keepsSecrets: Bool) -> Environment {
        var variables = own
        if !keepsSecrets { variables = variables.filter { !isSecret($0.key) } }
        for (name, value) in changes { variables[name] = value }
        var result: [Environment.Key: String] = [:]
        for (name, value) in variables {
            if let key = Environment.Key(rawValue: name) { result[key] = value }
        }
        return .custom(result)
    }

    /// As they were when the program started. It changes none that matters to a child.
    private static let own: [String: String] = {
        guard let bytes = try? SmallFile.read("/proc/self/environ", limit: 64 << 20) else {
            return ProcessInfo.processInfo.environment
        }
        return parse(bytes)
    }()

    /// Takes apart what `/proc/self/environ` has: `NAME=value`, each with a zero byte after it.
    package static func parse(_ bytes: [UInt8]) -> [String: String] {
        var variables: [String: String] = [:]
        for entry in bytes.split(separator: 0) {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")), equals > entry.startIndex
            else { continue }
            let name = String(decoding: entry[..<equals], as: UTF8.self)
            variables[name] = String(decoding: entry[(equals + 1)...], as: UTF8.self)
        }
        return variables
    }
}
