import BatchList
import Diagnostics
import Files
import SystemPackage

/// The file that says that all is done, for engines that look for a file. It is written last, and
/// while anything is left to do it is not there.
package struct DoneFile: Sendable {
    private let path: FilePath
    private static let start = "8cut batch run: "
    private static let mostBytes = 1 << 12

    /// - Throws: `EightCutError` (`outputUnusable`) when something else has its name.
    package init(_ path: FilePath) throws {
        self.path = path.absolute.lexicallyNormalized()
        do {
            let bytes = try SmallFile.read(path, limit: Self.mostBytes)
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.isEmpty || text.hasPrefix(exactly: Self.start) else { throw foreign }
        } catch Errno.noSuchFileOrDirectory {
            return
        } catch Errno.fileTooLarge, Errno.isDirectory {
            throw foreign
        } catch let error as Errno {
            throw fileError("cannot use", path, error)
        }
    }

    private var foreign: EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot use as the file of --done",
            on: path.string,
            because: "it was not written by 8cut batch run",
            remedy: "Choose another name."
        )
    }

    /// Makes sure that it is outside of what rows produce, which engines may delete.
    ///
    /// - Throws: `EightCutError` (`usage`).
    package func check(_ row: BatchRow) throws {
        guard let output = row.output.path, path.starts(with: output) else { return }
        throw EightCutError(
            .usage,
            "cannot use as the file of --done",
            on: path.string,
            because: "it is in the folder of masks of \(quoted(row.id))",
            remedy: "Choose a name outside of what is produced."
        )
    }

    /// Takes it away: what it says may not be so any more.
    ///
    /// - Throws: `EightCutError` when it cannot be deleted.
    package func remove() throws {
        guard let name = path.lastComponent,
            let folder = try OpenFolder.ifPresent(path.removingLastComponent())
        else { return }
        _ = try folder.removeFile(name)
    }

    /// Writes it.
    ///
    /// - Parameter summary: what was done.
    /// - Throws: `EightCutError`.
    package func write(_ summary: String) throws {
        try Folder.create(path.removingLastComponent())
        try AtomicFile.write(Self.start + visible(summary) + "\n", to: path, isDurable: true)
    }
}
