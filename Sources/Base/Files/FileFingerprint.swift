import COpenSSL
import Diagnostics
import Glibc
import SystemPackage

/// Identifies the content of a file without reading all of a long video.
package struct FileFingerprint: Sendable, Equatable, Codable {
    /// Size in bytes.
    package let bytes: Int
    /// Time of the last change, in seconds since 1970.
    package let modified: Double
    /// SHA-256, in hex, of the first and the last `partLength` bytes; of the whole file if it is
    /// not longer than that.
    package let headAndTailSHA256: String

    /// Bytes that are hashed at each end.
    package static let partLength = 1 << 20

    package init(bytes: Int, modified: Double, headAndTailSHA256: String) {
        self.bytes = bytes
        self.modified = modified
        self.headAndTailSHA256 = headAndTailSHA256
    }

    /// Reads the fingerprint of a file or an image sequence's folder.
    ///
    /// - Throws: `EightCutError` (`inputMissing`) when it cannot be read.
    package init(of path: FilePath) throws {
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly, options: .nonBlocking)
            self = try descriptor.closeAfter { () throws -> FileFingerprint in
                var info = stat()
                guard fstat(descriptor.rawValue, &info) == 0 else {
                    throw Errno(rawValue: errno)
                }
                if info.st_mode & S_IFMT == S_IFDIR { return try Self.ofFolder(path) }
                let hash = Digest()
                let size = Int(info.st_size)
                try Self.hashEnds(of: descriptor, size, Self.partLength, into: hash)
                return FileFingerprint(
                    bytes: size,
                    modified: Self.seconds(info),
                    headAndTailSHA256: hash.finish()
                )
            }
        } catch let error as Errno {
            throw EightCutError(
                .inputMissing,
                "cannot read",
                on: path.string,
                because: "\(error)"
            )
        }
    }

    private static func seconds(_ info: stat) -> Double {
        Double(info.st_mtim.tv_sec) + Double(info.st_mtim.tv_nsec) / 1e9
    }

    private static func hashEnds(
        of file: FileDescriptor,
        _ size: Int,
        _ length: Int,
        into hash: Digest
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
        defer { buffer.deallocate() }
        let head = try file.read(fromAbsoluteOffset: 0, into: buffer)
        hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<head]))
        let tailStart = max(head, size - length)
        guard tailStart < size else { return }
        let tail = try file.read(fromAbsoluteOffset: Int64(tailStart), into: buffer)
        hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<tail]))
    }

    /// Bytes that are hashed at each end of an image. What is compressed differs there if it differs
    /// at all, and an image of few colours is not longer.
    private static let imagePartLength = 1 << 15

    /// The fingerprint of an image sequence: names, sizes and content of all images.
    private static func ofFolder(_ path: FilePath) throws -> FileFingerprint {
        let hash = Digest()
        var (bytes, modified) = (0, 0.0)
        for name in try OpenFolder(path).names() where ImageFileName.isImage(name) {
            let file = try FileDescriptor.open(
                path.appending(name),
                .readOnly,
                options: .nonBlocking
            )
            defer { try? file.close() }
            var info = stat()
            guard fstat(file.rawValue, &info) == 0 else { throw Errno(rawValue: errno) }
            guard info.st_mode & S_IFMT == S_IFREG else { continue }
            bytes += Int(info.st_size)
            modified = max(modified, seconds(info))
            var line = "\(name.string) \(info.st_size)\n"
            line.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
            try hashEnds(of: file, Int(info.st_size), imagePartLength, into: hash)
        }
        return FileFingerprint(bytes: bytes, modified: modified, headAndTailSHA256: hash.finish())
    }

    /// Whether both identify the same content. The time of change is not compared: copies are equal.
    package func hasSameContent(as other: FileFingerprint) -> Bool {
        bytes == other.bytes && headAndTailSHA256 == other.headAndTailSHA256
    }
}

/// An incremental message digest, computed by OpenSSL's libcrypto.
package final class Digest {
    package enum Algorithm: Sendable {
        /// 64 hex digits.
        case sha256
        /// 40 hex digits; for git object names, not against forgery.
        case sha1
        /// 32 hex digits; to recognize what a store has, not against forgery.
        case md5
    }

    private let context: OpaquePointer?

    package init(_ algorithm: Algorithm = .sha256) {
        context = EVP_MD_CTX_new()
        switch algorithm {
        case .sha256: EVP_DigestInit_ex(context, EVP_sha256(), nil)
        case .sha1: EVP_DigestInit_ex(context, EVP_sha1(), nil)
        case .md5: EVP_DigestInit_ex(context, EVP_md5(), nil)
        }
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// Takes in a file from its current offset to its end.
    ///
    /// - Parameters:
    ///   - descriptor: the open file.
    ///   - onPiece: called with the size of each piece that was read.
    /// - Throws: `Errno`, `CancellationError`, or what `onPiece` throws.
    package func update(reading descriptor: FileDescriptor, onPiece: (Int) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            try Task.checkCancellation()
            let count = try descriptor.read(into: buffer)
            if count == 0 { return }
            update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            try onPiece(count)
        }
    }

    /// The digest in lower-case hex digits. Do not call `update` afterwards.
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
