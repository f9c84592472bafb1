import Diagnostics
import Files
import Glibc
import SystemPackage

/// A hidden folder beside the masks in which a method keeps what it needs to resume an interrupted
/// run. It exists only while the masks are not complete.
package struct Workspace: Sendable {
    static let name = ".8cut-work"

    package let path: FilePath

    /// Whether anything is in it.
    var isThere: Bool { (try? Folder.names(in: path))?.isEmpty == false }

    /// A file in it; creates the folder when it is missing.
    ///
    /// - Throws: `EightCutError` when it cannot be created.
    package func file(_ name: String) throws -> FilePath {
        try Folder.create(path)
        return path.appending(name)
    }

    /// Deletes it with its contents.
    ///
    /// - Throws: `EightCutError` when it cannot be deleted.
    package func remove() throws {
        do {
            try FolderTree.remove(path)
        } catch let error as Errno {
            throw fileError("cannot delete", path, error)
        }
    }
}

/// Files that detect damage: the content is followed by its SHA-256.
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

    /// The bytes that were written; nil when the file is missing or damaged.
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
    package static func fsync(_ paths: [FilePath]) throws {
        for path in paths {
            do {
                let file = try FileDescriptor.open(path, .readOnly)
                try file.closeAfter {
                    guard Glibc.fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
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
