import Diagnostics
import Files
import Glibc
import SystemPackage

/// Checks what the library says about paths before anything acts on it: a database can be damaged,
/// or made by others.
package enum LibraryPath {
    /// The folder and the name of a path; nil unless it is absolute and in its simplest form.
    package static func place(_ path: String) -> (folder: FilePath, name: FilePath.Component)? {
        let bytes = Array(path.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count < 4096, !bytes.contains(0) else {
            return nil
        }
        let path = FilePath(path)
        guard path == path.lexicallyNormalized(), let name = path.lastComponent,
            name.kind == .regular
        else { return nil }
        return (path.removingLastComponent(), name)
    }

    /// A folder that a person named, by where it is: absolute, without links, `.` and `..`. So a
    /// folder has one path, however it was typed.
    ///
    /// What does not exist yet is added to the folder that does.
    package static func plain(_ path: FilePath) -> FilePath {
        let path = path.absolute
        if let real = real(path) { return real }
        var (existing, rest) = (path, [FilePath.Component]())
        while let name = existing.lastComponent {
            rest.append(name)
            existing.removeLastComponent()
            guard let found = real(existing) else { continue }
            let simple = found.appending(rest.reversed()).lexicallyNormalized()
            // A folder on the way may be gone: "gone/../clips" is "clips" all the same.
            return real(simple) ?? simple
        }
        return path.lexicallyNormalized()
    }

    /// A file that a person named, by where its folder is. The file itself may be a link: it keeps
    /// its name.
    package static func plainFile(_ path: FilePath) -> FilePath {
        let path = path.absolute
        guard let name = path.lastComponent, name.kind == .regular else { return plain(path) }
        return plain(path.removingLastComponent()).appending(name)
    }

    private static func real(_ path: FilePath) -> FilePath? {
        guard let real = path.withPlatformString({ realpath($0, nil) }) else { return nil }
        defer { free(real) }
        return FilePath(platformString: real)
    }

    /// The folder and the name of a clip.
    ///
    /// - Throws: `EightCutError` when the path is not one that a clip can have.
    package static func clip(_ path: String) throws -> (folder: FilePath, name: FilePath.Component)
    {
        guard let place = place(path), ClipName.isOfClip(place.name.string) else {
            throw EightCutError(
                .outputUnusable,
                "cannot use the clip",
                on: path,
                because: "a clip of 8cut cannot have that path: the library is damaged",
                remedy: "8cut library check lists what is damaged."
            )
        }
        return place
    }

    /// The name of an unfinished file beside a clip; nil unless the path is one that we give.
    package static func temporary(_ path: String, beside clip: FilePath) -> FilePath.Component? {
        guard let place = place(path), place.folder == clip, isTemporaryClip(place.name) else {
            return nil
        }
        return place.name
    }

    /// Whether a name is that of a clip that is being written.
    package static func isTemporaryClip(_ name: FilePath.Component) -> Bool {
        name.string.utf8.starts(with: AtomicFile.clipPrefix.utf8)
    }
}
