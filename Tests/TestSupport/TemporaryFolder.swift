import Files
import Glibc
import SystemPackage

/// An empty folder that goes away with the value.
package final class TemporaryFolder: Sendable {
    /// Where it is.
    package let path: FilePath

    /// Makes the folder under the system's folder for temporary files.
    package init() throws {
        var template = Array("/tmp/8cut-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(platformString: template)
    }

    deinit {
        Self.remove(path)
    }

    /// The path of a file in the folder.
    package subscript(_ name: String) -> FilePath { path.appending(name) }

    private static func remove(_ path: FilePath) {
        var info = stat()
        guard lstat(path.string, &info) == 0 else { return }
        if info.st_mode & S_IFMT == S_IFDIR {
            for name in (try? Folder.names(in: path)) ?? [] { remove(path.appending(name)) }
            rmdir(path.string)
        } else {
            unlink(path.string)
        }
    }
}
