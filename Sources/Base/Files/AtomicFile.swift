import Diagnostics
import Glibc
import SystemPackage

/// Writes files that appear whole or not at all: beside their place under a temporary name,
/// then renamed.
package enum AtomicFile {
    /// Every temporary name starts with this; what a killed run leaves behind is found by it.
    package static let temporaryPrefix = ".8cut-tmp-"

    /// The names of clips that are being written start with this.
    package static let clipPrefix = temporaryPrefix + "clip-"

    /// Puts `bytes` at `path`, replacing what was there.
    ///
    /// - Parameters:
    ///   - bytes: the content.
    ///   - path: the file.
    ///   - isDurable: also wait until the bytes are on the disk.
    /// - Throws: `EightCutError` when the folder cannot be written or the disk is full; what was
    ///   at `path` is then still there.
    package static func write(
        _ bytes: UnsafeRawBufferPointer,
        to path: FilePath,
        isDurable: Bool = false
    ) throws {
        try write(to: path, isDurable: isDurable) { descriptor in
            _ = try descriptor.writeAll(bytes)
        }
    }

    /// Puts a text at `path`, replacing what was there.
    package static func write(_ text: String, to path: FilePath, isDurable: Bool = false) throws {
        var text = text
        try text.withUTF8 { bytes in
            try write(UnsafeRawBufferPointer(bytes), to: path, isDurable: isDurable)
        }
    }

    /// Lets `body` write a file that then appears at `path`, replacing what was there.
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

    /// The name under which `path` is written first; for programs that write files themselves.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - keepingExtension: whether the name ends like `path`, for a program that picks the
    ///     format by it.
    /// - Returns: a path in the same folder, of a name that is not too long.
    package static func temporaryPath(
        for path: FilePath,
        keepingExtension: Bool = false
    ) -> FilePath {
        let name = path.lastComponent?.string ?? "file"
        // Long names must not become too long: the start tells enough. Names are bounded in
        // bytes, and a character can have many of them.
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

/// Turns what the system said into an error that says what to do.
package func fileError(_ what: String, _ path: FilePath, _ error: Errno) -> EightCutError {
    switch error {
    case .noSpace, .diskQuotaExceeded:
        EightCutError(
            .inputOutput,
            what,
            on: path.string,
            because: "the disk is full",
            remedy: "Make room and run the same command again: what is finished is kept."
        )
    case .permissionDenied, .notPermitted, .readOnlyFileSystem:
        EightCutError(
            .outputUnusable,
            what,
            on: path.string,
            because: "\(error)",
            remedy: "Choose a folder that you may write to, with --output."
        )
    case .fileNameTooLong:
        EightCutError(
            .outputUnusable,
            what,
            on: path.string,
            because: "its name is too long",
            remedy: "Choose a shorter name, with --output."
        )
    case .notDirectory, .tooManySymbolicLinkLevels:
        EightCutError(
            .outputUnusable,
            what,
            on: path.string,
            because: "a part of the path is no folder (\(error))",
            remedy: "Choose another folder with --output."
        )
    default:
        EightCutError(.inputOutput, what, on: path.string, because: "\(error)")
    }
}
