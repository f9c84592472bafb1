import Diagnostics
import Glibc
import SystemPackage

/// The desktop's trash (freedesktop.org Trash specification 1.0).
package enum Trash {
    /// A file or folder in the trash.
    package struct Item: Sendable, Equatable {
        package let original: FilePath
        /// Its place in the trash.
        let file: FilePath
        /// The `.trashinfo` file.
        let info: FilePath
    }

    /// Moves a file or folder to the trash, from which the desktop can restore it.
    ///
    /// - Returns: the argument for `restore`.
    /// - Throws: `EightCutError` (`outputUnusable`) when its disk has no trash.
    @discardableResult
    package static func move(_ path: FilePath) throws -> Item {
        let path = path.absolute
        do {
            return try move(path, to: home, name: path.string)
        } catch Errno.improperLink {
            // The home folder is on another file system: each has a trash of its own.
            let top = try mountPoint(of: path)
            var rest = path
            _ = rest.removePrefix(top)
            do {
                return try move(path, to: top.appending(".Trash-\(getuid())"), name: rest.string)
            } catch let error as Errno {
                throw failure(path, error)
            }
        } catch let error as Errno {
            throw failure(path, error)
        }
    }

    /// Moves an item back to its original place.
    ///
    /// - Throws: `EightCutError` when it is gone, or its place is taken.
    package static func restore(_ item: Item) throws {
        let failure = { (why: String) in
            EightCutError(
                .outputUnusable,
                "cannot restore",
                on: item.original.string,
                because: why,
                remedy: "Look for it in the desktop's trash."
            )
        }
        guard access(item.original.string, F_OK) != 0 else {
            throw failure("another file has its place now")
        }
        do {
            try AtomicFile.rename(item.file, to: item.original)
        } catch {
            throw failure("\(error)")
        }
        unlink(item.info.string)
    }

    private static func failure(_ path: FilePath, _ error: Errno) -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot move to the trash",
            on: path.string,
            because: "\(error)"
        )
    }

    /// `$XDG_DATA_HOME/Trash`, else `~/.local/share/Trash`.
    private static var home: FilePath {
        if let data = getenv("XDG_DATA_HOME"), data.pointee == UInt8(ascii: "/") {
            return FilePath(platformString: data).appending("Trash")
        }
        return EightCutHome.userHome.appending(".local").appending("share").appending("Trash")
    }

    private static func move(
        _ path: FilePath,
        to trash: FilePath,
        name: String
    ) throws -> Item {
        let (files, info) = (trash.appending("files"), trash.appending("info"))
        for folder in [trash.removingLastComponent(), trash, files, info] {
            guard access(folder.string, F_OK) != 0 else { continue }
            if folder == trash.removingLastComponent() { try Folder.create(folder) }
            guard mkdir(folder.string, 0o700) == 0 || errno == EEXIST else {
                throw Errno(rawValue: errno)
            }
        }
        let base = path.lastComponent?.string ?? "file"
        for number in 1..<100_000 {
            let own = number == 1 ? base : "\(base).\(number)"
            let note = info.appending(own + ".trashinfo")
            let file = open(note.string, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0 else {
                guard errno == EEXIST else { throw Errno(rawValue: errno) }
                continue
            }
            writeText("[Trash Info]\nPath=\(escaped(name))\nDeletionDate=\(date())\n", to: file)
            close(file)
            do {
                guard access(files.appending(own).string, F_OK) != 0 else {
                    unlink(note.string)
                    continue
                }
                try AtomicFile.rename(path, to: files.appending(own))
                return Item(original: path, file: files.appending(own), info: note)
            } catch {
                unlink(note.string)
                throw error
            }
        }
        throw Errno.fileExists
    }

    private static func mountPoint(of path: FilePath) throws -> FilePath {
        var top = path.removingLastComponent()
        var (here, above) = (stat(), stat())
        guard stat(top.string, &here) == 0 else { throw Errno(rawValue: errno) }
        while top.removingLastComponent() != top {
            guard stat(top.removingLastComponent().string, &above) == 0 else { break }
            guard above.st_dev == here.st_dev else { break }
            top = top.removingLastComponent()
        }
        return top
    }

    /// Percent-encoded, but for slashes.
    private static func escaped(_ name: String) -> String {
        name.utf8.map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
                || (0x61...0x7a).contains(byte) || Array("-_.~/".utf8).contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain
                ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }

    /// The local time, such as "2026-01-31T12:34:56".
    private static func date() -> String {
        var (seconds, parts) = (time(nil), tm())
        localtime_r(&seconds, &parts)
        let two = { (value: Int32) in (value < 10 ? "0" : "") + "\(value)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    }
}
