import Glibc
import SystemPackage

extension EightCutHome {
    /// Takes the rights of group and others away from the folder and from our files in it, as far
    /// as they belong to this user. Older versions let everybody read them.
    func narrow(_ folder: OpenFolder) {
        // A folder that is more than ours stays as it is.
        if path != "/", !FileStatus.isSame(path, Self.userHome) { Self.narrow(folder.descriptor) }
        for name in (try? folder.names()) ?? [] where Self.isPrivate(name) {
            Self.narrow(name, in: folder)
        }
        if let downloads = try? folder.folder("downloads") {
            Self.narrow(downloads.descriptor)
            for name in (try? downloads.names()) ?? [] { Self.narrow(name, in: downloads) }
        }
    }

    /// Whether a file in the folder is ours by its name.
    private static func isPrivate(_ name: FilePath.Component) -> Bool {
        let bytes = name.string.utf8
        return bytes.starts(with: "library.".utf8) || bytes.suffix(4).elementsEqual(".log".utf8)
            || ["settings.json", "session.json"].contains(name.string)
    }

    private static func narrow(_ name: FilePath.Component, in folder: OpenFolder) {
        guard let known = try? folder.status(of: name), known.kind == .file,
            known.permissions.rawValue & 0o077 != 0, let file = try? folder.open(name)
        else { return }
        narrow(file)
        try? file.close()
    }

    /// On a disk that is mounted read-only everything stays as it is. A sticky or set-group-ID
    /// folder is one that several users share on purpose.
    private static func narrow(_ descriptor: FileDescriptor) {
        guard let status = try? FileStatus(of: descriptor), status.owner == geteuid(),
            status.permissions.rawValue & 0o077 != 0, status.permissions.rawValue & 0o3000 == 0
        else { return }
        _ = fchmod(descriptor.rawValue, status.permissions.rawValue & 0o700)
    }
}
