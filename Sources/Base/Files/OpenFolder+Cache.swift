import Diagnostics
import Glibc
import SystemPackage

/// What a cache of downloads needs of a folder: links, and files that grow over several runs.
extension OpenFolder {
    /// Where a symbolic link in this folder leads.
    ///
    /// - Returns: nil when the name is not that of a link.
    package func linkTarget(of name: FilePath.Component) -> FilePath? {
        var buffer = [CInterop.PlatformChar](repeating: 0, count: 4096)
        let count = name.withPlatformString {
            readlinkat(descriptor.rawValue, $0, &buffer, buffer.count - 1)
        }
        return count > 0 ? FilePath(platformString: buffer) : nil
    }

    /// Creates a symbolic link in this folder.
    ///
    /// - Throws: `EightCutError` when the name is taken, or the folder cannot be written to.
    package func createLink(_ name: FilePath.Component, to target: FilePath) throws {
        let result = target.withPlatformString { target in
            name.withPlatformString { symlinkat(target, descriptor.rawValue, $0) }
        }
        guard result == 0 else {
            throw fileError("cannot create the link", path.appending(name), Errno(rawValue: errno))
        }
    }

    /// Opens a plain file of one name to read it and to append to it, never through a link; creates
    /// it when nothing has the name.
    ///
    /// - Throws: `EightCutError` when it is no plain file, has other names, or is not writable.
    package func openOrCreate(
        _ name: FilePath.Component,
        permissions: FilePermissions = .sharedFile
    ) throws -> FileDescriptor {
        while true {
            if let file = try openForAppending(name) { return file }
            do {
                return try Self.open(
                    self,
                    FilePath(root: nil, components: name),
                    O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW,
                    permissions: permissions
                )
            } catch .fileExists {
                // Another run was quicker.
                continue
            } catch {
                throw fileError("cannot write", path.appending(name), error)
            }
        }
    }
}
