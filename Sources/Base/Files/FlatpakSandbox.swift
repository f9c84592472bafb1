import Glibc
import SystemPackage

/// The sandbox of 8-cut's own Flatpak: what it sees of the computer, and where it may write.
package struct FlatpakSandbox: Sendable, Equatable {
    /// The name of the Flatpak.
    package static let app: FilePath.Component = "io.github.eightcut.EightCut"

    /// The folder of the app's data, which outlasts it; most of the home folder does not.
    package let data: FilePath

    /// The sandbox that this program runs in; nil outside.
    package static var current: FlatpakSandbox? {
        FlatpakSandbox { name in getenv(name).map { FilePath(platformString: $0) } }
    }

    /// - Parameter variable: the environment. Flatpak sets `FLATPAK_ID` in its sandboxes; that of
    ///   another app is not ours.
    package init?(_ variable: (_ name: String) -> FilePath?) {
        guard variable("FLATPAK_ID") == FilePath(root: nil, components: Self.app) else {
            return nil
        }
        if let named = variable("XDG_DATA_HOME"), named.isAbsolute {
            data = named
        } else {
            let home = variable("HOME") ?? EightCutHome.userHome
            data = home.appending(".var").appending("app").appending(Self.app).appending("data")
        }
    }

    /// Whether a file was given to a sandbox alone, by the portal for documents: nothing can be
    /// written beside it.
    ///
    /// Such a path is `/run/user/1000/doc/4d5e6f/video.mp4`. A folder that was given has its name in
    /// place of the file's, and everything below it.
    package static func isLoneDocument(_ path: FilePath) -> Bool {
        let parts = Array(path.components)
        switch parts.count {
        case 6 where path.isAbsolute: return parts[..<2] == ["run", "user"] && parts[3] == "doc"
        case 5 where path.isAbsolute: return parts[..<3] == ["run", "flatpak", "doc"]
        default: return false
        }
    }
}
