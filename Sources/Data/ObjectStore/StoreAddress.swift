import Diagnostics
import Files

/// Where an object, or all objects below a prefix, are in a store: `s3://bucket/key`.
///
/// The key is taken as it is written, byte for byte: `%20` and `+` in it are those characters.
package struct StoreAddress: Sendable, Hashable, CustomStringConvertible {
    /// The scheme of such addresses.
    package static let prefix = "s3://"
    /// The most bytes that a key may have.
    private static let keyLimit = 1024

    package let bucket: String
    /// The whole key, without a slash in front.
    package let key: String

    package init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// Whether a text is meant as an address in a store.
    package static func isAddress(_ text: String) -> Bool {
        text.lowercased().hasPrefix(exactly: prefix)
    }

    /// Reads an address.
    ///
    /// - Throws: `EightCutError` with code `usage` when there is no such bucket or key.
    package init(_ text: String) throws {
        guard Self.isAddress(text), let start = text.firstRange(exactly: "://") else {
            throw Self.failure(text, "it does not begin with s3://")
        }
        let rest = text[start.upperBound...]
        let (bucket, key) = rest.divided(atFirst: "/") ?? (rest, "")
        guard Self.isBucket(bucket) else {
            throw Self.failure(text, "\(quoted(String(bucket))) is no name of a bucket")
        }
        guard !key.isEmpty else { throw Self.failure(text, "there is no key after the bucket") }
        guard key.utf8.count <= Self.keyLimit else {
            throw Self.failure(text, "its key has more than \(Self.keyLimit) bytes")
        }
        self.init(bucket: String(bucket), key: String(key))
    }

    /// An object below this one, taken as a folder.
    package func appending(_ name: String) -> StoreAddress {
        StoreAddress(bucket: bucket, key: folderKey + name)
    }

    /// The key with one slash at its end: what all keys below it begin with.
    package var folderKey: String { key.hasSuffix(exactly: "/") ? key : key + "/" }

    /// What is after the last slash, without one at the end.
    package var name: String {
        let key = key.trimming { $0 == "/" }
        return String(key.divided(atLast: "/")?.1 ?? key)
    }

    /// The whole address.
    package var description: String { Self.prefix + bucket + "/" + key }

    package static func == (left: StoreAddress, right: StoreAddress) -> Bool {
        left.bucket.isExactly(right.bucket) && left.key.isExactly(right.key)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(ExactText(description))
    }

    /// Names of buckets, those of older buckets and of other makers' stores included.
    private static func isBucket(_ name: some StringProtocol) -> Bool {
        (3...255).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5a).contains($0)
                    || (0x61...0x7a).contains($0) || "-_.".utf8.contains($0)
            }
            && name.utf8.first != UInt8(ascii: ".") && !name.contains(exactly: "..")
    }

    private static func failure(_ text: String, _ why: String) -> EightCutError {
        EightCutError(
            .usage,
            "cannot use the address",
            on: text,
            because: why,
            remedy: "Write it as s3://BUCKET/KEY; the key is not percent-encoded."
        )
    }
}
