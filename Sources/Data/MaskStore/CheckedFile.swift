import Diagnostics
import Files
import Glibc
import SystemPackage

/// Files that tell whether they are as they were written: behind the content stands its SHA-256.
package enum CheckedFile {
    private static let digestLength = 64

    /// Puts bytes at `path`, replacing what was there.
    ///
    /// - Throws: `EightCutError` when they cannot be written.
    package static func write(_ bytes: [UInt8], to path: FilePath, isDurable: Bool = false) throws {
        let digest = digest(of: bytes)
        try AtomicFile.write(to: path, isDurable: isDurable) { descriptor in
            _ = try bytes.withUnsafeBytes { try descriptor.writeAll($0) }
            _ = try descriptor.writeAll(digest)
        }
    }

    /// The bytes that were written; nil when the file is not there, or not as it was.
    package static func read(_ path: FilePath) -> [UInt8]? {
        guard var bytes = try? SmallFile.read(path, limit: .max), bytes.count >= digestLength else {
            return nil
        }
        let digest = Array(bytes.suffix(digestLength))
        bytes.removeLast(digestLength)
        return Self.digest(of: bytes) == digest ? bytes : nil
    }

    /// Waits until what was written to files is on the disk.
    ///
    /// - Throws: `EightCutError` when that fails.
    package static func settle(_ paths: [FilePath]) throws {
        for path in paths {
            do {
                let file = try FileDescriptor.open(path, .readOnly)
                try file.closeAfter {
                    guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
                }
            } catch let error as Errno {
                throw fileError("cannot write", path, error)
            }
        }
    }

    private static func digest(of bytes: [UInt8]) -> [UInt8] {
        let digest = Digest()
        bytes.withUnsafeBytes { digest.update($0) }
        return Array(digest.finish().utf8)
    }
}
