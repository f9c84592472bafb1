import Diagnostics
import Files
import Synchronization
import SystemPackage

/// A video whose content is elsewhere. On the disk there is a stand-in of the same size, with holes,
/// of which only the ends have their content, so that its fingerprint is that of the video; ffmpeg and
/// ffprobe read all of it from an address on loopback.
package final class RelayedFile: Sendable {
    /// The stand-in.
    package let path: FilePath

    private static let addresses = Mutex<[FilePath: String]>([:])

    /// Creates the stand-in, or replaces it.
    ///
    /// - Parameters:
    ///   - path: where.
    ///   - url: the http address that ffmpeg reads.
    ///   - bytes: the size of the video.
    ///   - head: the first `FileFingerprint.partLength` bytes, or all.
    ///   - tail: as many at the end, or all.
    /// - Throws: `EightCutError` when it cannot be created.
    package init(
        _ path: FilePath,
        readFrom url: String,
        bytes: Int,
        head: [UInt8],
        tail: [UInt8]
    ) throws {
        self.path = path.absolute
        try AtomicFile.write(to: self.path, permissions: .privateFile) { file in
            try file.writeAll(head)
            try file.seek(offset: Int64(bytes - tail.count), from: .start)
            try file.writeAll(tail)
        }
        Self.addresses.withLock { $0[self.path] = url }
    }

    /// Deletes the stand-in.
    deinit {
        Self.addresses.withLock { $0[path] = nil }
        guard let name = path.lastComponent else { return }
        _ = try? OpenFolder(path.removingLastComponent()).removeFile(name)
    }

    /// Where ffmpeg reads a file that is elsewhere; nil for all others.
    static func url(of path: FilePath) -> String? {
        addresses.withLock { $0.isEmpty ? nil : $0[path.absolute] }
    }
}
