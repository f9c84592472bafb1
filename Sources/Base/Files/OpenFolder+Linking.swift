import Diagnostics
import Glibc
import SystemPackage

extension OpenFolder {
    /// Gives a file another name here: a hard link, or a copy where there can be none.
    ///
    /// - Parameters:
    ///   - source: a plain file, never reached through a link of its name.
    ///   - name: its name here; a plain file of that name is replaced.
    ///   - copies: whether to copy it in any case.
    /// - Throws: `EightCutError` when the source is missing or no plain file, or this folder cannot
    ///   be written.
    package func add(_ source: FilePath, as name: FilePath.Component, copies: Bool) throws {
        if !copies, try link(source, as: name) { return }
        guard let place = source.lastComponent,
            let file = try OpenFolder(source.absolute.removingLastComponent()).open(place)
        else { throw fileError("cannot read", source, .noSuchFileOrDirectory) }
        defer { try? file.close() }
        try write(to: name) { try Self.copy(file, to: $0) }
    }

    /// - Returns: false where the file system, or its owner, allows no link.
    private func link(_ source: FilePath, as name: FilePath.Component) throws -> Bool {
        for _ in 0..<2 {
            let result = source.withPlatformString { old in
                name.withPlatformString { linkat(AT_FDCWD, old, descriptor.rawValue, $0, 0) }
            }
            if result == 0 {
                try status(of: name)?.requirePlainFile(source)
                return true
            }
            switch errno {
            case EEXIST:
                try status(of: name)?.requirePlainFile(path.appending(name))
                try removeFile(name)
            case EXDEV, EPERM, EACCES, EMLINK, ENOTSUP, ENOSYS: return false
            case let number: throw fileError("cannot link", source, Errno(rawValue: number))
            }
        }
        return false
    }

    /// - Throws: `Errno`.
    private static func copy(_ source: FileDescriptor, to target: FileDescriptor) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            if count == 0 { return }
            _ = try target.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
