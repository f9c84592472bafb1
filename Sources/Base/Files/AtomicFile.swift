import Diagnostics
import Glibc
import SystemPackage

/// Writes files atomically: under a temporary name in the same folder, then renamed.
package enum AtomicFile {
    /// The prefix of all temporary names, by which leftovers of killed runs are found.
    package static let temporaryPrefix = ".8cut-tmp-"

    /// The prefix of clips that are being written.
    package static let clipPrefix = temporaryPrefix + "clip-"

    /// Writes or replaces a file.
    ///
    /// - Parameters:
    ///   - bytes: the content.
    ///   - path: the file.
    ///   - isDurable: whether to wait until the bytes are on the disk (fsync).
    /// - Throws: `EightCutError` when the folder is not writable or the disk is full; the old file
    ///   is then unchanged.
    package static func write(
        _ bytes: UnsafeRawBufferPointer,
        to path: FilePath,
        isDurable: Bool = false
    ) throws {
        try write(to: path, isDurable: isDurable) { descriptor in
            _ = try descriptor.writeAll(bytes)
        }
    }

    /// Writes or replaces a text file.
    package static func write(_ text: String, to path: FilePath, isDurable: Bool = false) throws {
        var text = text
        try text.withUTF8 { bytes in
            try write(UnsafeRawBufferPointer(bytes), to: path, isDurable: isDurable)
        }
    }

    /// Writes or replaces a file with the bytes that `body` writes.
    package static func write(
        to path: FilePath,
        isDurable: Bool = false,
        body: (FileDescriptor) throws -> Void
    ) throws {
        let temporary = temporaryPath(for: path)
        do {
            let descriptor = try FileDescriptor.open(
                temporary,
                .writeOnly,
                options: [.create, .truncate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            try descriptor.closeAfter {
                try body(descriptor)
                if isDurable, fsync(descriptor.rawValue) != 0 { throw Errno(rawValue: errno) }
            }
            try rename(temporary, to: path)
        } catch let error as Errno {
            unlink(temporary.string)
            throw fileError("cannot write", path, error)
        } catch {
            unlink(temporary.string)
            throw error
        }
    }

    /// The temporary path for a file, for child processes that write it.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - keepingExtension: whether to keep the extension, for programs that choose the format
    ///     by it.
    /// - Returns: a path in the same folder; the name stays within the limit of file systems.
    package static func temporaryPath(
        for path: FilePath,
        keepingExtension: Bool = false
    ) -> FilePath {
        let name = path.lastComponent?.string ?? "file"
        // File systems limit names to 255 bytes, so a long name is shortened by bytes.
        let start = String(decoding: name.utf8.prefix(80), as: UTF8.self)
        let ending = keepingExtension ? "." + (path.extension ?? "") : ""
        let folder = path.removingLastComponent()
        return folder.appending(temporaryPrefix + "\(getpid())-" + start + ending)
    }

    /// Renames a file on the same file system, replacing what was there.
    ///
    /// - Throws: `Errno`.
    package static func rename(_ source: FilePath, to target: FilePath) throws(Errno) {
        guard Glibc.rename(source.string, target.string) == 0 else { throw Errno(rawValue: errno) }
    }
}

/// Reads small files, which could be large by mistake.
package enum SmallFile {
    /// All bytes of a file.
    ///
    /// - Throws: `Errno`; `fileTooLarge` when there are more than `limit` bytes.
    package static func read(_ path: FilePath, limit: Int) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
            defer { buffer.deallocate() }
            while true {
                let count = try file.read(into: buffer)
                if count == 0 { return bytes }
                bytes.append(contentsOf: buffer[..<count])
                if bytes.count > limit { throw Errno.fileTooLarge }
            }
        }
    }
}

/// The error of a failed system call on a file or folder, with a remedy where there is one.
package func fileError(_ what: String, _ path: FilePath, _ error: Errno) -> EightCutError {
    switch error {
    case .noSpace, .diskQuotaExceeded:
        EightCutError(
            .inputOutput,
            what,
            on: path.string,
            because: "the disk is full",
            remedy: "Free some space and run the same command again: finished work is kept."
        )
    case .permissionDenied, .notPermitted, .readOnlyFileSystem:
        EightCutError(
            .outputUnusable,
            what,
            on: path.string,
            because: "\(error)",
            remedy: "Choose a folder that you may write to."
        )
    case .fileNameTooLong:
        EightCutError(
            .outputUnusable,
            what,
            on: path.string,
            because: "its name is too long",
            remedy: "Choose a shorter name."
        )
    case .notDirectory, .tooManySymbolicLinkLevels:
        EightCutError(
            .outputUnusable,
            what,
            on: path.string,
            because: "a part of the path is not a folder (\(error))",
            remedy: "Choose another folder."
        )
    default:
        EightCutError(.inputOutput, what, on: path.string, because: "\(error)")
    }
}
