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
                because: kind == .missing ? "there is no such folder" : "it is no folder",
                remedy: "Give the folder that has the tables and the clips."
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
        // No file has such a name, and the path would end there.
        !relative.isEmpty && !relative.utf8.contains(0)
            && (try? Folder.kind(of: path(relative))) == .file
    }

    /// The videos in the folder and in those below it that are not hidden, by their relative paths,
    /// sorted.
    ///
    /// - Throws: `EightCutError` when a folder cannot be read.
    package func videos() throws -> [String] { try videos(in: "", depth: Self.depth) }

    /// No consumer has its clips further down.
    private static let depth = 6

    private func videos(in prefix: String, depth: Int) throws -> [String] {
        try names(in: prefix).flatMap { name in
            let path = prefix + name
            if Self.endings.contains(where: name.hasSuffix(exactly:)) { return [path] }
            return depth > 0 && !hasFile(path)
                ? try videos(in: path + "/", depth: depth - 1) : []
        }
    }

    /// What consumers take for a video.
    static let endings = [".mp4", ".mkv", ".mov", ".avi", ".webm"]

    /// Whether there is a folder, with links followed.
    package func hasFolder(_ relative: String) -> Bool {
        (try? Folder.kind(of: path(relative))) == .folder
    }

    /// A path as it is in a table, relative to this folder where it lies in it.
    package func relative(_ path: String) -> String {
        path.removing(prefix: self.path.string + "/").map { String($0) } ?? path
    }

    /// The tables of a name, in this folder and in the folders of splits.
    ///
    /// - Throws: `EightCutError` when there is none.
    func tables(named name: String) throws -> [String] {
        let places = [name] + DatasetSplit.allCases.map { "\($0.rawValue)/\(name)" }
        let tables = places.filter(hasFile)
        guard !tables.isEmpty else { throw unreadable(name, "there is no such file") }
        return tables
    }

    /// The items of a table that is a JSON list.
    ///
    /// - Throws: `EightCutError` when it is no list.
    func items(_ table: String) throws -> [LocatedJSON] {
        let text = try text(table) ?? ""
        guard let items = (try? LocatedJSON(parsing: Array(text.utf8), .lenient))?.items else {
            throw unreadable(table, "it is no JSON list")
        }
        return items
    }

    /// The text of a file; nil where there is none.
    ///
    /// - Throws: `EightCutError` when it cannot be read, or is not UTF-8, as all consumers read it.
    package func text(_ relative: String) throws -> String? {
        let file = path(relative)
        guard hasFile(relative) else { return nil }
        do {
            let bytes = try SmallFile.read(file, limit: Self.mostBytes)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw unreadable(relative, "it is not UTF-8")
            }
            return text
        } catch let error as Errno {
            throw EightCutError(
                .inputMissing,
                "cannot read",
                on: file.string,
                because: "\(error)",
                remedy: "Check that you may read it."
            )
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
