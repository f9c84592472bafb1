import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// What was downloaded, or is being downloaded, for a checkpoint.
package struct CheckpointRecord: Sendable, Equatable, Codable {
    /// One file of it.
    package struct File: Sendable, Equatable, Codable {
        /// Its name.
        package let name: String
        /// The hash of its content, as the hub told it.
        package let etag: String
        /// Its size.
        package let bytes: Int
        /// Whether this program has put it into the snapshot.
        package var isOurs: Bool
    }

    /// The repository on the hub.
    package let repository: String
    /// The state of the repository that was downloaded.
    package let commit: String
    /// The files of the snapshot.
    package var files: [File]

    /// The file that holds a checkpoint's record.
    static func path(of checkpoint: Checkpoint, in home: EightCutHome) -> FilePath {
        home.downloads.appending(checkpoint.name + ".json")
    }

    /// The file whose lock keeps records and snapshots of a checkpoint to one run at a time.
    static func lock(of checkpoint: Checkpoint, in home: EightCutHome) -> FilePath {
        home.downloads.appending(checkpoint.name + ".lock")
    }

    /// Reads a record; nil when there is none that makes sense. Files are opened and deleted by
    /// what it says, so names that lead elsewhere make no sense.
    static func read(_ checkpoint: Checkpoint, in home: EightCutHome) -> CheckpointRecord? {
        guard
            let bytes = try? SmallFile.read(path(of: checkpoint, in: home), limit: 1 << 20),
            let record = try? JSONDecoder().decode(CheckpointRecord.self, from: Data(bytes)),
            record.repository == checkpoint.repository, HubFile.isCommit(record.commit),
            !record.files.isEmpty,
            record.files.allSatisfy({
                PlainName.allows($0.name) && HubFile.isHash($0.etag)
                    && (0...HubFile.largest).contains($0.bytes)
            })
        else { return nil }
        return record
    }

    /// Writes the record.
    func write(_ checkpoint: Checkpoint, in home: EightCutHome) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        try homeErrors {
            try Folder.create(home.downloads)
            try AtomicFile.write(text, to: Self.path(of: checkpoint, in: home), isDurable: true)
        }
    }

    /// The bytes of all files.
    var bytes: Int { files.reduce(0) { $0 + $1.bytes } }
}
