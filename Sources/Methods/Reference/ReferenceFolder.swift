import Diagnostics
import Files
import Glibc
import SystemPackage

/// The folder of one run of the reference script.
package struct ReferenceFolder: Sendable {
    /// Where it is.
    package let path: FilePath
    /// Tells other runs that somebody uses the folder.
    private let lock: FolderLock

    /// Makes a folder, and deletes those that killed runs have left.
    ///
    /// - Throws: `EightCutError` when it cannot be made.
    package init(in home: EightCutHome) throws {
        let all = home.path.appending("reference")
        try Folder.create(all)
        for name in try Folder.names(in: all) {
            let old = all.appending(name)
            guard let lock = try? FolderLock(old) else { continue }
            try? FolderTree.remove(old)
            withExtendedLifetime(lock) {}
        }
        var template = Array(all.appending("run-XXXXXX").string.utf8CString)
        guard mkdtemp(&template) != nil else {
            throw fileError("cannot create a folder in", all, Errno(rawValue: errno))
        }
        path = FilePath(platformString: template)
        lock = try FolderLock(path)
    }

    /// Deletes it. What cannot be deleted now goes with the next run.
    package func remove() { try? FolderTree.remove(path) }
}
