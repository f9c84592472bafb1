import Glibc
import SystemPackage

/// A folder for files that are only needed for a while: in `TMPDIR` or /tmp, for its owner alone. It is
/// deleted with this object, with all that is in it.
package final class ScratchFolder: Sendable {
    package let path: FilePath

    /// - Throws: `EightCutError` when there can be none.
    package init() throws {
        let parent = getenv("TMPDIR").map { FilePath(platformString: $0) } ?? "/tmp"
        var name = Array(parent.appending("8cut-XXXXXX").string.utf8CString)
        guard mkdtemp(&name) != nil else {
            throw fileError("cannot make a folder in", parent, Errno(rawValue: errno))
        }
        path = FilePath(platformString: name)
    }

    deinit {
        guard let name = path.lastComponent else { return }
        _ = try? OpenFolder(path.removingLastComponent()).removeTree(name)
    }
}
