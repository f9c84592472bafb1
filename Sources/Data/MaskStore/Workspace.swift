import Files
import SystemPackage

/// A hidden folder beside the masks, in which a method keeps what it needs to go on after it was
/// interrupted. It is there only while the masks are not complete.
package struct Workspace: Sendable {
    /// The folder's name.
    package static let name = ".8cut-work"

    /// Where it is.
    package let path: FilePath

    /// Whether anything is kept.
    package var isThere: Bool { (try? Folder.names(in: path))?.isEmpty == false }

    /// A file in it; the folder is made when it is not there.
    ///
    /// - Throws: `EightCutError` when it cannot be made.
    package func file(_ name: String) throws -> FilePath {
        try Folder.create(path)
        return path.appending(name)
    }

    /// Deletes it with all that is in it.
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
