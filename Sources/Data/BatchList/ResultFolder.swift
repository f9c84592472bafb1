import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// The results of a list's rows: one file each, `<id>.json`, which appears whole.
///
/// Files that cannot be read as results, of an interrupted machine or of somebody else, are no
/// results: their rows are not done.
package struct ResultFolder: Sendable {
    private let folder: OpenFolder

    private static let suffix = ".json"
    private static let mostBytes = 1 << 20

    /// Opens a folder; creates it where it is missing.
    ///
    /// - Throws: `EightCutError` when it cannot be created or opened.
    package init(creating path: FilePath) throws {
        folder = try OpenFolder.creating(path)
    }

    /// Opens a folder to read it.
    ///
    /// - Returns: nil when nothing is there.
    /// - Throws: `EightCutError` when it is no folder, or not readable.
    package init?(at path: FilePath) throws {
        guard let folder = try OpenFolder.ifPresent(path) else { return nil }
        self.folder = folder
    }

    package var path: FilePath { folder.path }

    /// Whether an id is usable as a file name: 1 to 200 bytes, without a slash or a control
    /// character, and not hidden.
    package static func allows(_ id: String) -> Bool {
        (1...200).contains(id.utf8.count) && !id.hasPrefix(exactly: ".")
            && id.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") }
    }

    /// Writes a result, or replaces the one of an earlier try.
    ///
    /// - Throws: `EightCutError` when the disk is full, or the folder not writable; the earlier
    ///   result is then unchanged.
    package func write(_ result: BatchResult) throws {
        guard let name = Self.name(of: result.id) else {
            throw EightCutError.internalFault(because: "\(quoted(result.id)) is no file name")
        }
        try folder.write(result.json + "\n", to: name)
    }

    /// The result of a row.
    ///
    /// - Returns: nil when there is none, or what is there is none.
    /// - Throws: `EightCutError` when the folder or the file cannot be read.
    package func result(of id: String) throws -> BatchResult? {
        guard let name = Self.name(of: id) else { return nil }
        do {
            return try folder.read(name, limit: Self.mostBytes).flatMap { Self.result($0, id) }
        } catch let error as EightCutError where error.code == .inputUnusable {
            // More bytes than any result has.
            return nil
        }
    }

    /// Calls `body` with every result, in the order of their ids.
    ///
    /// - Returns: the names of files that look like results and are none.
    /// - Throws: `EightCutError` when the folder cannot be read; what `body` throws.
    package func forEach(_ body: (BatchResult) throws -> Void) throws -> [String] {
        var damaged: [String] = []
        for name in try folder.names() where !AtomicFile.isTemporary(name) {
            guard let id = name.string.removing(suffix: Self.suffix).map(String.init),
                Self.allows(id)
            else { continue }
            // It may be of another kind than a file, or gone since the folder was read.
            guard let result = try? result(of: id) else {
                damaged.append(name.string)
                continue
            }
            try body(result)
        }
        return damaged
    }

    private static func name(of id: String) -> FilePath.Component? {
        allows(id) ? FilePath.Component(id + suffix) : nil
    }

    private static func result(_ bytes: [UInt8], _ id: String) -> BatchResult? {
        guard let result = try? JSONDecoder().decode(BatchResult.self, from: Data(bytes)),
            result.id.isExactly(id), result.seconds.isFinite, result.attempt > 0
        else { return nil }
        return result
    }
}
