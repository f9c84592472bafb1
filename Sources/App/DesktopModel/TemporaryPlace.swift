import Files
import Glibc
import SystemPackage

/// A folder for files that are of use while the app runs only. What a crash leaves behind is swept
/// at the next start.
struct TemporaryPlace: Sendable {
    let path: FilePath

    private static let prefix = "desktop-"

    /// Makes a folder in a home folder, and deletes those of apps that do not run any more.
    ///
    /// - Throws: `EightCutError` when the home folder cannot be written to.
    init(in home: EightCutHome) throws {
        try Folder.create(home.path)
        for name in (try? Folder.names(in: home.path)) ?? [] where name.hasPrefix(Self.prefix) {
            guard let owner = pid_t(name.dropFirst(Self.prefix.count)), kill(owner, 0) != 0 else {
                continue
            }
            try? FolderTree.remove(home.path.appending(name))
        }
        path = home.path.appending(Self.prefix + "\(getpid())")
        try Folder.create(path)
    }

    func remove() { try? FolderTree.remove(path) }
}
