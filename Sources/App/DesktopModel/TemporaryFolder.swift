import Files
import Synchronization
import SystemPackage

/// A folder for files that are only needed while the app runs, in the home folder: under a name that
/// nobody can guess, for its owner alone, and locked. What a killed app has left behind is removed by
/// the next start.
final class TemporaryFolder: Sendable {
    let path: FilePath
    private let folder: Mutex<NewFolder?>

    static let maskNames: [FilePath.Component] = ["mask-0.png", "mask-1.png"]

    /// The name of a list of clips to export.
    static func listName(_ number: Int) -> FilePath.Component {
        FilePath.Component("list-\(number).csv") ?? "list.csv"
    }

    /// Whether a file is one that the app has written there; no others are removed after a crash.
    private static func isOurs(_ name: FilePath.Component) -> Bool {
        maskNames.contains(name)
            || name.string.hasPrefix(exactly: "list-") && name.string.hasSuffix(exactly: ".csv")
    }

    /// Creates a folder in the home folder, and removes those of apps that do not run any more.
    ///
    /// - Throws: `EightCutError` if the home folder is not writable.
    init(in home: EightCutHome) throws {
        let parent = try home.open()
        try parent.removeStaleTemporaries(ours: Self.isOurs)
        let new = try parent.newFolder(for: "desktop", permissions: .privateFolder)
        path = new.folder.path
        folder = Mutex(new)
    }

    /// Removes it with all that this app has put into it.
    func remove() { folder.withLock { $0 = nil } }
}
