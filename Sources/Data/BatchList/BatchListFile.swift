import Diagnostics
import Files
import SystemPackage

/// Writes a list.
package enum BatchListFile {
    /// Bytes that are written at a time.
    private static let pieceSize = 1 << 16

    /// Makes sure that a list may be written: nothing is there, or a list.
    ///
    /// - Throws: `EightCutError` (`outputUnusable`) when something else has the name.
    package static func requireReplaceable(_ path: FilePath) throws {
        guard let status = FileStatus(following: path) else { return }
        guard status.kind == .file, try !BatchList.isList(path) else { return }
        throw EightCutError(
            .outputUnusable,
            "cannot write the list to",
            on: path.string,
            because: status.kind == .file
                ? "there is a file that is no list of rows" : "it is \(status.kind.name)",
            remedy: "Choose another name, or move it away."
        )
    }

    /// Writes or replaces a list. It appears whole or not at all.
    ///
    /// - Throws: `EightCutError` when the disk is full or the folder not writable; what `rows`
    ///   throws. An old list is then unchanged.
    package static func write(
        to path: FilePath,
        _ rows: (_ add: (BatchRow) throws -> Void) throws -> Void
    ) throws {
        try AtomicFile.write(to: path) { descriptor in
            var piece: [UInt8] = []
            try rows { row in
                piece += row.json.utf8
                piece.append(UInt8(ascii: "\n"))
                guard piece.count >= pieceSize else { return }
                _ = try descriptor.writeAll(piece)
                piece.removeAll(keepingCapacity: true)
            }
            _ = try descriptor.writeAll(piece)
        }
    }
}
