import Diagnostics
import Files
import SystemPackage
import Transfers

/// What the hub reports about a file before it is downloaded.
package struct HubFile: Sendable, Equatable, Codable {
    /// Its name in the repository.
    package let name: String
    /// The hash of its content, which is also the blob's name in the cache: 64 hex digits of
    /// SHA-256, or 40 of git's SHA-1.
    package let etag: String
    /// How many bytes it has.
    package let bytes: Int

    /// The largest file that the hub hands out in this way.
    package static let largest = 50_000_000_000

    package init(name: String, etag: String, bytes: Int) {
        self.name = name
        self.etag = etag
        self.bytes = bytes
    }

    /// Reads the answer to a HEAD request.
    ///
    /// - Throws: `EightCutError` with code `downloadDamaged` if something is missing or malformed:
    ///   names of files are made from it, so nothing is trusted.
    package init(name: String, head: HTTPHead, on subject: String) throws {
        let etag = Self.plain(head["x-linked-etag"] ?? head["etag"] ?? "")
        // A redirect's own length is that of a page about it.
        let length = head["x-linked-size"] ?? (head.isRedirect ? nil : head["content-length"]) ?? ""
        guard Self.isHash(etag) else {
            throw Self.error(subject, "the server does not give the hash of \(quoted(name))")
        }
        guard let bytes = Int(length), (0...Self.largest).contains(bytes) else {
            throw Self.error(subject, "the server does not give the size of \(quoted(name))")
        }
        self.init(name: name, etag: etag, bytes: bytes)
    }

    /// The commit of an answer.
    ///
    /// - Throws: `EightCutError` if it has none.
    package static func commit(head: HTTPHead, on subject: String) throws -> String {
        guard let commit = head["x-repo-commit"], isCommit(commit) else {
            throw error(subject, "the server does not give the commit")
        }
        return commit
    }

    /// Whether a text is a commit: 40 hex digits.
    package static func isCommit(_ text: String) -> Bool { text.utf8.count == 40 && isHex(text) }

    /// Whether a text is a hash that can be checked.
    package static func isHash(_ text: String) -> Bool {
        (text.utf8.count == 40 || text.utf8.count == 64) && isHex(text)
    }

    /// A digest that has taken in what precedes the content.
    package func makeDigest() -> Digest {
        guard etag.utf8.count == 40 else { return Digest(.sha256) }
        let digest = Digest(.sha1)
        Array("blob \(bytes)\0".utf8).withUnsafeBytes { digest.update($0) }
        return digest
    }

    private static func isHex(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// An entity tag without the sign of weakness and the quotes.
    private static func plain(_ etag: String) -> String {
        let strong = etag.removing(prefix: "W/") ?? etag[...]
        return String(strong.removing(prefix: "\"")?.removing(suffix: "\"") ?? strong)
    }

    private static func error(_ subject: String, _ why: String) -> EightCutError {
        EightCutError(
            .downloadDamaged,
            "cannot download",
            on: subject,
            because: why,
            remedy: "Check HF_ENDPOINT; a proxy between may have changed the answer."
        )
    }
}
