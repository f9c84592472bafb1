import Glibc
import SystemPackage

/// The folder that holds everything of ours outside the user's own folders: the environment of
/// the ML tools, settings, records of downloads.
package struct EightCutHome: Sendable, Equatable {
    /// Where it is. It need not exist.
    package let path: FilePath

    /// A home at a place of its own, for tests.
    package init(_ path: FilePath) {
        self.path = path.absolute
    }

    /// `EIGHTCUT_HOME`, else `~/.8cut`.
    package static var current: EightCutHome {
        if let named = getenv("EIGHTCUT_HOME"), named.pointee != 0 {
            return EightCutHome(FilePath(platformString: named))
        }
        return EightCutHome(userHome.appending(".8cut"))
    }

    /// The user's home folder: `HOME`, else what the system's list of users says.
    package static var userHome: FilePath {
        if let home = getenv("HOME"), home.pointee != 0 { return FilePath(platformString: home) }
        if let entry = getpwuid(getuid()), let folder = entry.pointee.pw_dir {
            return FilePath(platformString: folder)
        }
        return "/"
    }

    /// The Python environment of the ML tools.
    package var environment: FilePath { path.appending("venv") }

    /// Records of what was downloaded, one file for each checkpoint.
    package var downloads: FilePath { path.appending("downloads") }

    /// What the user has decided once, such as which licences are accepted.
    package var settings: FilePath { path.appending("settings.json") }
}
