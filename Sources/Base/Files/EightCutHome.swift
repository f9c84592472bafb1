import Diagnostics
import Glibc
import SystemPackage

/// The folder of everything that the program keeps for itself: the library, the environment of the
/// ML tools, settings, records of downloads.
package struct EightCutHome: Sendable, Equatable {
    /// It need not exist.
    package let path: FilePath

    package init(_ path: FilePath) {
        self.path = path.absolute
    }

    /// `EIGHTCUT_HOME`, else `~/.8cut`; as a Flatpak `8cut` in the folder of the app's data.
    package static var current: EightCutHome {
        if let named = getenv("EIGHTCUT_HOME"), named.pointee != 0 {
            return EightCutHome(FilePath(platformString: named))
        }
        if let sandbox = FlatpakSandbox.current {
            return EightCutHome(sandbox.data.appending("8cut"))
        }
        return EightCutHome(userHome.appending(".8cut"))
    }

    /// The user's home folder: `HOME`, else the one in the password database.
    package static var userHome: FilePath {
        if let home = getenv("HOME"), home.pointee != 0 { return FilePath(platformString: home) }
        if let entry = getpwuid(getuid()), let folder = entry.pointee.pw_dir {
            return FilePath(platformString: folder)
        }
        return "/"
    }

    /// Opens the folder, which only its owner may read, as the files of ours in it; creates it when
    /// it is missing. Paths and labels of all clips are in it.
    ///
    /// - Throws: `EightCutError` when it cannot be created or opened.
    package func open() throws -> OpenFolder {
        do {
            let folder = try OpenFolder.creating(path, permissions: .privateFolder)
            narrow(folder)
            return folder
        } catch let error as EightCutError {
            throw error.advising("Set EIGHTCUT_HOME to a folder that you may write to.")
        }
    }

    /// The Python environment of the ML tools.
    package var environment: FilePath { path.appending("venv") }

    /// Records of downloads, one file for each checkpoint.
    package var downloads: FilePath { path.appending("downloads") }

    /// Checkpoints that are in no cache that other programs share, a folder for each.
    package var models: FilePath { path.appending("models") }

    /// Decisions of the user, such as accepted licences.
    package var settings: FilePath { path.appending("settings.json") }
}
