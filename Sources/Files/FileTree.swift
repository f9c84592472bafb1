import Glibc
import SystemPackage

/// Files and folders with all that is in them.
public enum FileTree {
    /// Deletes a file, or a folder and what is in it. Links are deleted, not followed.
    public static func remove(_ path: FilePath) {
        var info = stat()
        guard lstat(path.string, &info) == 0 else { return }
        guard info.st_mode & S_IFMT == S_IFDIR else {
            unlink(path.string)
            return
        }
        for name in (try? Folder.names(in: path)) ?? [] { remove(path.appending(name)) }
        rmdir(path.string)
    }
}
