import Diagnostics
import Glibc
import SystemPackage

/// What can be asked of a folder and done to it.
package enum Folder {
    /// What is found at a path.
    package enum Kind: Sendable {
        case missing, folder, file, other
    }

    /// What is at `path`, links followed.
    ///
    /// - Throws: `Errno` when that cannot be found out.
    package static func kind(of path: FilePath) throws(Errno) -> Kind {
        var info = stat()
        guard stat(path.string, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return .missing }
            throw Errno(rawValue: errno)
        }
        switch info.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFREG: return .file
        default: return .other
        }
    }

    /// Makes the folder and those above it.
    ///
    /// - Throws: `EightCutError` naming the folder that could not be made.
    package static func create(_ path: FilePath) throws {
        if mkdir(path.string, 0o777) == 0 { return }
        switch errno {
        case EEXIST: return
        case ENOENT where path.removingLastComponent() != path:
            try create(path.removingLastComponent())
            guard mkdir(path.string, 0o777) == 0 || errno == EEXIST else {
                throw fileError("cannot create the folder", path, Errno(rawValue: errno))
            }
        case let number:
            throw fileError("cannot create the folder", path, Errno(rawValue: number))
        }
    }

    /// The names in a folder, sorted, without `.` and `..`.
    ///
    /// - Throws: `EightCutError` when the folder cannot be read.
    package static func names(in path: FilePath) throws -> [String] {
        guard let handle = opendir(path.string) else {
            throw fileError("cannot read the folder", path, Errno(rawValue: errno))
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Deletes the files that killed runs have left behind in a folder.
    package static func removeStaleTemporaries(in path: FilePath) throws {
        for name in try names(in: path) where name.hasPrefix(AtomicFile.temporaryPrefix) {
            unlink(path.appending(name).string)
        }
    }
}

extension FilePath {
    /// The path from the root, links and `..` left as they are.
    package var absolute: FilePath {
        guard isRelative else { return self }
        guard let buffer = getcwd(nil, 0) else { return self }
        defer { free(buffer) }
        return FilePath(platformString: buffer).pushing(self)
    }
}
