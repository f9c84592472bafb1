import Diagnostics
import Files
import FoundationEssentials
import Synchronization
import SystemPackage

/// The files that are finished in the staging folder of a data set, one JSON object in a line.
package final class DatasetJournal: Sendable {
    private static let name: FilePath.Component = "journal.jsonl"
    private static let mostBytes = 256 << 20

    private struct Entry: Codable {
        let path: String
        let digest: String
    }

    /// The digests of the files that were finished when the run began, by their paths.
    package let finished: [String: String]
    private let file: Mutex<FileDescriptor>
    private let folder: OpenFolder

    /// - Parameter staging: the folder of the data set.
    /// - Throws: `EightCutError` when it cannot be read or written.
    package init(in staging: OpenFolder) throws {
        folder = try staging.createFolder(ExportRecord.folder)
        let bytes = try folder.read(Self.name, limit: Self.mostBytes) ?? []
        // What a kill has cut off is the last line.
        finished = bytes.split(separator: UInt8(ascii: "\n")).reduce(into: [:]) { digests, line in
            guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(line)) else {
                return
            }
            digests[entry.path] = entry.digest
        }
        if bytes.isEmpty { try folder.write("", to: Self.name) }
        guard let descriptor = try folder.openForAppending(Self.name) else {
            throw fileError(
                "cannot write",
                folder.path.appending(Self.name),
                .noSuchFileOrDirectory
            )
        }
        if let last = bytes.last, last != UInt8(ascii: "\n") {
            _ = try? descriptor.writeAll("\n".utf8)
        }
        file = Mutex(descriptor)
    }

    deinit {
        try? file.withLock { $0 }.close()
    }

    /// Records files that are finished.
    ///
    /// - Throws: `EightCutError` when the disk is full.
    func record(_ files: [PlannedFile]) throws {
        let lines = try files.map {
            try JSONText.line(Entry(path: $0.path, digest: $0.digest)) + "\n"
        }
        do {
            try file.withLock { _ = try $0.writeAll(lines.joined().utf8) }
        } catch let error as Errno {
            throw fileError("cannot write", folder.path.appending(Self.name), error)
        }
    }

    /// Deletes the journal: the record takes its place.
    func remove() throws {
        try folder.removeFile(Self.name)
    }
}
