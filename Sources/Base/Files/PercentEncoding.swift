import Glibc
import SystemPackage

extension FilePath {
    /// The path as part of a URI (RFC 3986): by bytes, with all but unreserved characters and
    /// slashes as `%` and two digits.
    package var percentEncoded: String {
        withPlatformString { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) }
            .map(UInt8.init(bitPattern:)).percentEncoded(keepsSlashes: true)
    }
}

extension Sequence<UInt8> {
    /// Bytes as part of a URI (RFC 3986): all but unreserved characters as `%` and two digits.
    ///
    /// - Parameter keepsSlashes: whether a slash stays as it is, as in a path.
    /// - Returns: the text.
    package func percentEncoded(keepsSlashes: Bool) -> String {
        map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
                || (0x61...0x7a).contains(byte) || "-_.~".utf8.contains(byte)
                || (keepsSlashes && byte == UInt8(ascii: "/"))
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain
                ? String(UnicodeScalar(byte)) : "%" + (digits.utf8.count < 2 ? "0" : "") + digits
        }.joined()
    }
}
