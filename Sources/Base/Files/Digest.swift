import COpenSSL

/// A digest of bytes that come bit by bit, computed by OpenSSL's libcrypto.
package final class Digest {
    /// The ways to compute one.
    package enum Algorithm: Sendable {
        /// 64 hex digits.
        case sha256
        /// 40 hex digits. Tells whether a file is the one that git names, not whether somebody
        /// has forged it.
        case sha1
    }

    private let context: OpaquePointer?

    /// Begins with no bytes.
    package init(_ algorithm: Algorithm = .sha256) {
        context = EVP_MD_CTX_new()
        switch algorithm {
        case .sha256: EVP_DigestInit_ex(context, EVP_sha256(), nil)
        case .sha1: EVP_DigestInit_ex(context, EVP_sha1(), nil)
        }
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Takes in more bytes.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest of all that was taken in, in lower-case hex digits. Nothing can be taken in
    /// afterwards.
    package func finish() -> String {
        let capacity = Int(EVP_MAX_MD_SIZE)
        let digest = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var length: UInt32 = 0
            EVP_DigestFinal_ex(context, buffer.baseAddress, &length)
            count = Int(length)
        }
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
