import Diagnostics
import Files
import SystemPackage

// Names of files that are not UTF-8 cannot be passed to the command line, to the library or to
// `dataset.json`: Swift's strings and JSON would silently turn them into those of other files. What
// comes from the desktop is checked here, before it becomes text.

extension FilePath {
    /// Whether the path is valid UTF-8, and short enough for the system.
    var isUsable: Bool {
        String(validating: self) != nil && string.utf8.count < Limits.pathBytes
    }
}

extension NoticeModel {
    /// The path of a folder that was chosen.
    ///
    /// - Parameters:
    ///   - path: its path.
    ///   - address: its address if it has no path.
    /// - Returns: nil if it cannot be used; why is then shown.
    package func text(of path: FilePath?, address: String?) -> String? {
        if let address { refuse(address: address) }
        guard let path else { return nil }
        guard path.isUsable else {
            refuse(path)
            return nil
        }
        return path.string
    }

    func refuse(address: String) {
        fail(
            EightCutError(
                .inputMissing,
                "cannot open",
                on: displayed(address),
                because: "it is an address, not a file on this computer",
                remedy: "Download the video first, then open the file."
            )
        )
    }

    func refuse(_ path: FilePath) {
        let isUTF8 = String(validating: path) != nil
        fail(
            EightCutError(
                .inputUnusable,
                "cannot open",
                on: displayed(path.string),
                because: isUTF8 ? "its path is too long" : "its path is not valid UTF-8",
                remedy: isUTF8
                    ? "Move it to another folder."
                    : "Rename the file or folder; convmv can do that for many files."
            )
        )
    }
}

extension AppModel {
    /// Makes sure that a path, which the library or the session may have from others, is that of a
    /// folder. If not, that is shown.
    package func isFolder(_ path: FilePath) async -> Bool {
        let isFolder = await background {
            path.isAbsolute && (try? Folder.kind(of: path)) == .folder
        }
        if !isFolder {
            notices.fail(
                EightCutError(
                    .inputMissing,
                    "cannot show the folder",
                    on: displayed(path.string),
                    because: "there is no such folder"
                )
            )
        }
        return isFolder
    }
}
