import Diagnostics
import Files
import Glibc
import Transfers

/// Which store is used, and with which credentials: the variables that every program for such stores
/// reads.
package struct StoreSettings: Sendable {
    /// The region that requests are signed for.
    package let region: String
    /// The address of a store that is not Amazon's, without a slash at its end; buckets are a part
    /// of the path there.
    package let endpoint: String?
    /// The public part of the credentials.
    private let keyID: String
    private let secret: Secret
    private let token: Secret?

    /// What no log and no error may show.
    private struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
        let text: String
        var description: String { "secret" }
        var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// The settings in the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
    /// `AWS_SESSION_TOKEN`, `AWS_REGION` or `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_S3` or
    /// `AWS_ENDPOINT_URL`.
    ///
    /// - Throws: `EightCutError` with code `notPermitted` when credentials are missing, `usage` when
    ///   a variable cannot be used.
    package static func ofProcess() throws -> StoreSettings {
        try StoreSettings { name in
            guard let value = getenv(name) else { return nil }
            return String(validatingCString: value) ?? "\u{fffd}"
        }
    }

    /// - Parameter variable: the value of a variable; nil when it is not set.
    /// - Throws: as `ofProcess`.
    package init(_ variable: (String) -> String?) throws {
        func value(_ names: String...) -> (name: String, text: String)? {
            for name in names {
                let text = variable(name).map { String($0.trimmed) }
                if let text, !text.isEmpty { return (name, text) }
            }
            return nil
        }
        keyID = try Self.plain(value("AWS_ACCESS_KEY_ID"), "AWS_ACCESS_KEY_ID")
        secret = Secret(
            text: try Self.plain(value("AWS_SECRET_ACCESS_KEY"), "AWS_SECRET_ACCESS_KEY")
        )
        token = try value("AWS_SESSION_TOKEN").map { found in
            Secret(text: try Self.plain(found, "AWS_SESSION_TOKEN"))
        }
        let region = value("AWS_REGION", "AWS_DEFAULT_REGION")
        self.region = region?.text ?? "us-east-1"
        guard self.region.utf8.allSatisfy(Self.isOfRegion) else {
            throw Self.failure(region?.name ?? "", "it is no name of a region")
        }
        let endpoint = value("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
        self.endpoint = try endpoint.map { name, text in
            var text = text[...]
            while let rest = text.removing(suffix: "/") { text = rest }
            let address = String(text)
            guard ServerURL(address) != nil, !address.contains(exactly: "?"),
                !address.contains(exactly: "#")
            else { throw Self.failure(name, "it is not an http or https address") }
            return address
        }
    }

    /// A value that can be a part of a request.
    private static func plain(_ found: (name: String, text: String)?, _ name: String) throws
        -> String
    {
        guard let text = found?.text else {
            throw EightCutError(
                .notPermitted,
                "cannot use the object store",
                because: "\(name) is not set",
                remedy: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_REGION, and for a "
                    + "store that is not Amazon's AWS_ENDPOINT_URL."
            )
        }
        // What has other characters would become a part of the request.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw failure(name, "it has characters in it that no credentials have")
        }
        return text
    }

    private static func isOfRegion(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
            || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "-")
    }

    private static func failure(_ name: String, _ why: String) -> EightCutError {
        EightCutError(.usage, "cannot use the variable", on: name, because: why)
    }

    /// The server, for messages.
    package var server: String { endpoint ?? "Amazon S3, region \(region)" }

    /// The address of a bucket, or of an object in it, as curl gets it.
    ///
    /// The path is encoded as stores sign it: every byte but letters, digits, `-._~` and slashes.
    func url(_ bucket: String, _ key: String) -> String {
        let path = key.utf8.percentEncoded(keepsSlashes: true)
        if let endpoint { return "\(endpoint)/\(bucket)/\(path)" }
        let domain = region.hasPrefix(exactly: "cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        // A certificate for all buckets does not cover names with dots.
        return bucket.contains(exactly: ".")
            ? "https://s3.\(region).\(domain)/\(bucket)/\(path)"
            : "https://\(bucket).s3.\(region).\(domain)/\(path)"
    }

    /// Adds what signs a request.
    func sign(_ config: inout CurlConfig, bodySHA256: String) throws {
        try config.set("aws-sigv4", "aws:amz:\(region):s3")
        try config.set("user", "\(keyID):\(secret.text)")
        // Stores ask for it, and older versions of curl leave it out.
        try config.set("header", "x-amz-content-sha256: \(bodySHA256)")
        if let token { try config.set("header", "x-amz-security-token: \(token.text)") }
        // A proxy has nothing to do with a server on this machine.
        if let endpoint, ServerURL(endpoint)?.isLoopback == true { try config.set("noproxy", "*") }
    }
}
