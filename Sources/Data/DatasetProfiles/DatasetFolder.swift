import Diagnostics
import Files
import SystemPackage

/// The folder of a data set that is read, whoever wrote it.
package struct DatasetFolder: Sendable {
    package let path: FilePath

    private static let mostBytes = 256 << 20

    /// - Throws: `EightCutError` when there is no such folder.
    package init(_ path: FilePath) throws {
        let kind = (try? Folder.kind(of: path)) ?? .missing
        guard kind == .folder else {
            throw EightCutError(
                .inputMissing,
                "cannot check the data set",
                on: path.string,
                because: kind == .missing ? "there is no such folder" : "it is no folder"
            )
        }
        self.path = path
    }

    /// The path of what is in it, by a relative path with slashes.
    package func path(_ relative: String) -> FilePath { path.pushing(FilePath(relative)) }

    /// The names in a folder below this one that are not hidden, sorted; none where it is missing.
    ///
    /// - Throws: `EightCutError` when it cannot be read.
    package func names(in relative: String = "") throws -> [String] {
        let folder = relative.isEmpty ? path : path(relative)
        guard (try? Folder.kind(of: folder)) == .folder else { return [] }
        return try Folder.names(in: folder).filter { !$0.hasPrefix(exactly: ".") }
    }

    /// Whether there is a file, with links followed.
    package func hasFile(_ relative: String) -> Bool {
        (try? Folder.kind(of: path(relative))) == .file
    }

    /// The text of a file; nil where there is none.
    ///
    /// - Throws: `EightCutError` when it cannot be read.
    package func text(_ relative: String) throws -> String? {
        let file = path(relative)
        guard hasFile(relative) else { return nil }
        do {
            return String(decoding: try SmallFile.read(file, limit: Self.mostBytes), as: UTF8.self)
        } catch let error as Errno {
            throw EightCutError(.inputMissing, "cannot read", on: file.string, because: "\(error)")
        }
    }

    /// The error of a table that the consumer cannot read.
    package func unreadable(_ relative: String, _ why: String) -> EightCutError {
        EightCutError(
            .inputUnusable,
            "cannot read the table",
            on: path(relative).string,
            because: why,
            remedy: "Write the data set again with 8cut dataset export."
        )
    }
}
