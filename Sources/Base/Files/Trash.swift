import Diagnostics
import Glibc
import SystemPackage

/// The desktop's trash (freedesktop.org Trash specification 1.0).
package enum Trash {
    /// What was moved to the trash: a file, a folder, or some files of a folder.
    package struct Item: Sendable, Equatable {
        package let original: FilePath
        /// The files of a folder that were moved, relative to it; nil for all that has the name.
        let files: [FilePath]?
        /// The folder of the trash.
        let trash: FilePath
        /// Its name there.
        let name: FilePath.Component
    }

    /// Moves a file or folder to the trash, from which the desktop can restore it.
    ///
    /// - Returns: the argument for `restore`.
    /// - Throws: `EightCutError` (`outputUnusable`) when its disk has no trash, or one that is not
    ///   safe.
    @discardableResult
    package static func move(_ path: FilePath) throws -> Item {
        try move(path.absolute, files: nil)
    }

    /// Moves some files of a folder to the trash, as a folder of that name.
    ///
    /// - Parameters:
    ///   - files: paths relative to the folder. Links in their place, or on the way, are refused.
    ///   - folder: the folder. It stays, also when it is empty then.
    /// - Returns: the argument for `restore`.
    /// - Throws: `EightCutError`; what was moved by then is moved back.
    package static func move(_ files: [FilePath], of folder: FilePath) throws -> Item {
        try move(folder.absolute, files: files)
    }

    /// Separates some files of a folder from all others in it, for a trash that takes only whole
    /// folders.
    ///
    /// - Parameters:
    ///   - files: paths relative to the folder.
    ///   - folder: the folder.
    /// - Returns: the folder itself if it has no other files; otherwise a new one beside it, which
    ///   has them now.
    /// - Throws: `EightCutError`; then nothing has moved.
    package static func separate(_ files: [FilePath], of folder: FilePath) throws -> FilePath {
        let path = folder.absolute
        do {
            guard let base = path.lastComponent, base.kind == .regular else {
                throw Errno.notPermitted
            }
            let parent = try OpenFolder(path.removingLastComponent())
            guard let source = try parent.folder(base) else { throw Errno.noSuchFileOrDirectory }
            if try holdsOnly(Set(files), source, at: "") { return path }
            for number in 1..<100_000 {
                let name = number == 1 ? "" : ".\(number)"
                let aside = appending(".deleted\(name)", to: base)
                guard try parent.status(of: aside) == nil else { continue }
                try move(files, of: base, in: parent, to: parent, as: aside)
                return parent.path.appending(aside)
            }
            throw Errno.fileExists
        } catch let error as Errno {
            throw failure(path, "\(error)")
        }
    }

    /// Moves files back that `separate` has moved.
    package static func rejoin(_ files: [FilePath], of folder: FilePath, from aside: FilePath) {
        let path = folder.absolute
        guard aside != path, let base = path.lastComponent, let name = aside.lastComponent,
            let parent = try? OpenFolder(path.removingLastComponent()),
            let source = try? parent.folder(name), let target = try? parent.createFolder(base)
        else { return }
        for file in files { try? move(file, from: source, to: target) }
        try? removeEmptyFolders(of: files, in: source)
        _ = try? parent.removeFolderIfEmpty(name)
    }

    /// Whether a folder has no files but some.
    private static func holdsOnly(
        _ files: Set<FilePath>,
        _ folder: OpenFolder,
        at place: FilePath
    ) throws -> Bool {
        for name in try folder.names() where !files.contains(place.appending(name)) {
            guard try folder.status(of: name)?.kind == .folder,
                let inner = try folder.folder(name),
                try holdsOnly(files, inner, at: place.appending(name))
            else { return false }
        }
        return true
    }

    private static func move(_ path: FilePath, files: [FilePath]?) throws -> Item {
        do {
            do {
                let home = try homeTrash(for: path)
                return try move(path, files: files, to: home, recordedAs: path)
            } catch Errno.improperLink {
                // The home folder is on another file system: each has a trash of its own.
                let top = try mountPoint(of: path)
                var rest = path
                _ = rest.removePrefix(top)
                return try move(path, files: files, to: try trash(of: top), recordedAs: rest)
            }
        } catch let error as Errno {
            throw failure(path, "\(error)")
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
        do {
            let trash = try OpenFolder(item.trash)
            guard let name = item.original.lastComponent,
                let stored = try trash.folder("files"), let notes = try trash.folder("info")
            else { throw Errno.noSuchFileOrDirectory }
            let parent = try OpenFolder(item.original.removingLastComponent())
            if let files = item.files {
                guard let source = try stored.folder(item.name) else {
                    throw Errno.noSuchFileOrDirectory
                }
                let target = try parent.createFolder(name)
                for file in files { try move(file, from: source, to: target) }
                try removeEmptyFolders(of: files, in: source)
                _ = try stored.removeFolderIfEmpty(item.name)
            } else {
                guard try parent.status(of: name) == nil else { throw Errno.fileExists }
                try stored.rename(item.name, to: parent, as: name, replaces: false)
            }
            try notes.removeFile(note(item.name))
        } catch Errno.fileExists {
            throw failure("another file has its place now")
        } catch let error as Errno {
            throw failure("\(error)")
        }
    }

    // MARK: - Moving

    /// - Throws: `Errno`; `improperLink` when the trash is on another file system.
    private static func move(
        _ path: FilePath,
        files: [FilePath]?,
        to trash: OpenFolder,
        recordedAs record: FilePath
    ) throws -> Item {
        guard let base = path.lastComponent, base.kind == .regular else { throw Errno.notPermitted }
        let stored = try trash.createFolder("files", permissions: .privateFolder)
        let notes = try trash.createFolder("info", permissions: .privateFolder)
        let parent = try OpenFolder(path.removingLastComponent())
        for number in 1..<100_000 {
            let name = number == 1 ? base : numbered(base, number)
            do {
                try write(
                    "[Trash Info]\nPath=\(record.percentEncoded)\nDeletionDate=\(date())\n",
                    asNew: note(name),
                    in: notes
                )
            } catch Errno.fileExists {
                continue
            }
            do {
                guard try stored.status(of: name) == nil else {
                    try notes.removeFile(note(name))
                    continue
                }
                if let files {
                    try move(files, of: base, in: parent, to: stored, as: name)
                } else {
                    try parent.rename(base, to: stored, as: name, replaces: false)
                }
                return Item(original: path, files: files, trash: trash.path, name: name)
            } catch {
                _ = try? notes.removeFile(note(name))
                throw error
            }
        }
        throw Errno.fileExists
    }

    /// Moves files of a folder into a new folder. What was moved is moved back after an error.
    private static func move(
        _ files: [FilePath],
        of base: FilePath.Component,
        in parent: OpenFolder,
        to stored: OpenFolder,
        as name: FilePath.Component
    ) throws {
        guard let source = try parent.folder(base) else { throw Errno.noSuchFileOrDirectory }
        let target = try stored.createFolder(name, permissions: .privateFolder)
        var moved: [FilePath] = []
        do {
            for file in files {
                try move(file, from: source, to: target)
                moved.append(file)
            }
        } catch {
            for file in moved.reversed() { try? move(file, from: target, to: source) }
            try? removeEmptyFolders(of: files, in: target)
            _ = try? stored.removeFolderIfEmpty(name)
            throw error
        }
    }

    /// Moves one file to the same relative path in another folder, which must be free.
    private static func move(
        _ file: FilePath,
        from source: OpenFolder,
        to target: OpenFolder
    ) throws {
        guard let name = file.lastComponent else { return }
        var (source, target) = (source, target)
        for part in file.removingLastComponent().components {
            guard let next = try source.folder(part) else { throw Errno.noSuchFileOrDirectory }
            (source, target) = (next, try target.createFolder(part))
        }
        guard try source.status(of: name)?.kind == .file else { throw Errno.noSuchFileOrDirectory }
        try source.rename(name, to: target, as: name, replaces: false)
    }

    private static func removeEmptyFolders(of files: [FilePath], in folder: OpenFolder) throws {
        for name in Set(files.filter { $0.components.count > 1 }.compactMap(\.components.first)) {
            _ = try folder.removeFolderIfEmpty(name)
        }
    }

    // MARK: - Trash folders

    /// `$XDG_DATA_HOME/Trash`, else `~/.local/share/Trash`.
    private static var homePath: FilePath {
        if let data = getenv("XDG_DATA_HOME"), data.pointee == UInt8(ascii: "/") {
            return FilePath(platformString: data).appending("Trash")
        }
        return EightCutHome.userHome.appending(".local").appending("share").appending("Trash")
    }

    private static func homeTrash(for path: FilePath) throws -> OpenFolder {
        do {
            return try OpenFolder.creating(homePath, permissions: .privateFolder)
        } catch let error as EightCutError {
            throw failure(path, "\(error.what) \(quoted(error.subject ?? "")): \(error.why)")
        }
    }

    /// The trash of this user on another disk: `.Trash/UID` where an administrator has made
    /// `.Trash` as the specification has it, else `.Trash-UID`.
    ///
    /// Anybody may write into the top folder of a disk, so what has such a name is used only if it
    /// is a folder of this user that nobody else can enter.
    private static func trash(of top: FilePath) throws -> OpenFolder {
        let disk = try OpenFolder(top)
        if let status = try disk.status(of: ".Trash"), status.kind == .folder,
            status.permissions.contains(.saveText), let shared = try disk.folder(".Trash"),
            let own = FilePath.Component("\(getuid())"),
            let folder = try? shared.createFolder(own, permissions: .privateFolder),
            try unsafety(of: folder) == nil
        {
            return folder
        }
        guard let own = FilePath.Component(".Trash-\(getuid())") else {
            throw Errno.invalidArgument
        }
        let folder = try disk.createFolder(own, permissions: .privateFolder)
        if let why = try unsafety(of: folder) { throw failure(folder.path, why) }
        return folder
    }

    /// Why a trash folder on a shared disk may not be used; nil when it may.
    private static func unsafety(of folder: OpenFolder) throws -> String? {
        let status = try folder.status()
        if status.owner != getuid() { return "that folder belongs to another user" }
        if status.permissions.rawValue & 0o077 != 0 { return "other users can enter that folder" }
        return nil
    }

    /// The error of a path that stays where it is, for a reason that is a clause.
    package static func failure(_ path: FilePath, _ why: String) -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot move to the trash",
            on: path.string,
            because: why
        )
    }

    private static func mountPoint(of path: FilePath) throws -> FilePath {
        var top = path.removingLastComponent()
        guard let here = FileStatus(following: top) else { throw Errno.noSuchFileOrDirectory }
        while top.removingLastComponent() != top {
            guard let above = FileStatus(following: top.removingLastComponent()),
                above.identity.device == here.identity.device
            else { break }
            top = top.removingLastComponent()
        }
        return top
    }

    // MARK: - Notes

    private static func note(_ name: FilePath.Component) -> FilePath.Component {
        appending(".trashinfo", to: name)
    }

    private static func numbered(_ name: FilePath.Component, _ number: Int) -> FilePath.Component {
        appending(".\(number)", to: name)
    }

    /// A name with a suffix; bytes that are no UTF-8 are kept.
    private static func appending(
        _ suffix: String,
        to name: FilePath.Component
    ) -> FilePath.Component {
        var bytes = name.withPlatformString {
            Array(UnsafeBufferPointer(start: $0, count: strlen($0)))
        }
        bytes += suffix.utf8.map { CInterop.PlatformChar(bitPattern: $0) } + [0]
        return bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.flatMap { FilePath.Component(platformString: $0) }
        } ?? name
    }

    private static func write(
        _ text: String,
        asNew name: FilePath.Component,
        in folder: OpenFolder
    ) throws {
        let file = try OpenFolder.open(
            folder,
            FilePath(root: nil, components: name),
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
            permissions: .privateFile
        )
        do {
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
        } catch {
            _ = try? folder.removeFile(name)
            throw error
        }
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
