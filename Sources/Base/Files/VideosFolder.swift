import Diagnostics
import Glibc
import SystemPackage

/// The user's folder for videos, as the desktop has it (xdg-user-dirs).
package enum VideosFolder {
    /// `XDG_VIDEOS_DIR` in `user-dirs.dirs`, else `~/Videos`. It need not exist.
    package static var current: FilePath {
        let home = EightCutHome.userHome
        let named = getenv("XDG_CONFIG_HOME").map { FilePath(platformString: $0) }
        let configuration = named.flatMap { $0.isAbsolute ? $0 : nil } ?? home.appending(".config")
        return path(home: home, configuration: configuration)
    }

    /// - Parameters:
    ///   - home: the user's home folder.
    ///   - configuration: the folder of `user-dirs.dirs`.
    /// - Returns: the folder for videos.
    package static func path(home: FilePath, configuration: FilePath) -> FilePath {
        let list = configuration.appending("user-dirs.dirs")
        let bytes = (try? SmallFile.read(list, limit: 1 << 16)) ?? []
        let lines = String(validating: bytes, as: UTF8.self)?.exactLines ?? []
        // The last one counts, as in the shell that the file is written for.
        return lines.reversed().lazy.compactMap { folder($0, home: home) }.first
            ?? home.appending("Videos")
    }

    /// The folder of a line such as `XDG_VIDEOS_DIR="$HOME/Videos"`; nil where it has none. The home
    /// folder itself means that there is no such folder.
    private static func folder(_ line: Substring, home: FilePath) -> FilePath? {
        guard
            let value = line.trimmed.removing(prefix: "XDG_VIDEOS_DIR=\"")?.removing(suffix: "\"")
        else { return nil }
        let text = value.replacing(exactly: "\\", with: "")
        if let rest = text.removing(prefix: "$HOME/") {
            let folder = home.pushing(FilePath(String(rest)))
            return folder == home || rest.hasPrefix(exactly: "/") ? nil : folder
        }
        let folder = FilePath(text)
        return folder.isAbsolute && folder != home ? folder : nil
    }
}
