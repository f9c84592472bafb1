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
    ///   - permissions: those of the file, before the umask.
    ///   - isDurable: whether to wait until the bytes are on the disk (fsync).
    /// - Throws: `EightCutError` when the folder is not writable, the disk is full, or something
    ///   other than a plain file has the name; the old file is then unchanged.
    package static func write(
        _ bytes: UnsafeRawBufferPointer,
        to path: FilePath,
        permissions: FilePermissions = .sharedFile,
        isDurable: Bool = false
    ) throws {
        try write(to: path, permissions: permissions, isDurable: isDurable) { descriptor in
            _ = try descriptor.writeAll(bytes)
        }
    }

    /// Writes or replaces a text file.
    package static func write(
        _ text: String,
        to path: FilePath,
        permissions: FilePermissions = .sharedFile,
        isDurable: Bool = false
    ) throws {
        var text = text
        try text.withUTF8 { bytes in
            try write(
                UnsafeRawBufferPointer(bytes),
                to: path,
                permissions: permissions,
                isDurable: isDurable
            )
        }
    }

    /// Writes or replaces a file with the bytes that `body` writes.
    package static func write(
        to path: FilePath,
        permissions: FilePermissions = .sharedFile,
        isDurable: Bool = false,
        body: (FileDescriptor) throws -> Void
    ) throws {
        guard let name = path.lastComponent, name.kind == .regular else {
            throw fileError("cannot write", path, .isDirectory)
        }
        let parent = path.removingLastComponent()
        try OpenFolder(parent.isEmpty ? "." : parent).write(
            to: name,
            permissions: permissions,
            isDurable: isDurable,
            body: body
        )
    }

    /// A temporary name for a file, which nobody can guess.
    ///
    /// - Parameters:
    ///   - name: the name that the file will get.
    ///   - prefix: what the temporary name begins with.
    /// - Returns: a name within the limit of file systems.
    package static func temporaryName(
        for name: FilePath.Component,
        prefix: String = temporaryPrefix
    ) -> FilePath.Component {
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        // File systems limit names to 255 bytes, so a long name is shortened by bytes.
        let start = String(decoding: name.string.utf8.prefix(150), as: UTF8.self)
        return FilePath.Component(prefix + random + "-" + start) ?? ".8cut-tmp-file"
    }

    /// Whether a name is that of a temporary file of ours.
    package static func isTemporary(_ name: FilePath.Component) -> Bool {
        name.string.utf8.starts(with: temporaryPrefix.utf8)
    }

    /// Renames a file on the same file system, replacing what was there.
    ///
    /// - Throws: `Errno`.
    package static func rename(_ source: FilePath, to target: FilePath) throws(Errno) {
        let result = source.withPlatformString { old in
            target.withPlatformString { new in Glibc.rename(old, new) }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }
}

/// Reads small files, which could be large by mistake, or something else than a file.
package enum SmallFile {
    /// All bytes of a file that a person named; links are followed. Pipes and devices are not
    /// waited for.
    ///
    /// - Throws: `Errno`; `fileTooLarge` when there are more than `limit` bytes. `EightCutError`
    ///   when it is no plain file.
    package static func read(_ path: FilePath, limit: Int) throws -> [UInt8] {
        let file = try OpenFolder.open(nil, path, O_RDONLY | O_NONBLOCK)
        return try file.closeAfter {
            let kind = try FileStatus(of: file).kind
            guard kind != .folder else { throw Errno.isDirectory }
            guard kind == .file else {
                throw EightCutError(
                    .inputUnusable,
                    "cannot read",
                    on: path.string,
                    because: "it is \(kind.name), not a plain file"
                )
            }
            return try read(file, limit: limit)
        }
    }

    /// All bytes of an open file from its position on.
    ///
    /// - Throws: `Errno`; `fileTooLarge` when there are more than `limit` bytes.
    static func read(_ file: FileDescriptor, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try file.read(into: buffer)
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else { throw Errno.fileTooLarge }
            bytes.append(contentsOf: buffer[..<count])
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
    case .fileTooLarge:
        EightCutError(
            .inputOutput,
            what,
            on: path.string,
            because: "the file is too large, or reaches the limit of file sizes (ulimit -f)"
        )
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem:
        EightCutError(
            .inputOutput,
            what,
            on: path.string,
            because: "too many files are open",
            remedy: "Raise the limit (ulimit -n) and run the same command again."
        )
    default:
        EightCutError(.inputOutput, what, on: path.string, because: "\(error)")
    }
}
