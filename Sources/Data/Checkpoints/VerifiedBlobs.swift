import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// Which contents of a cache have been read and compared with their hashes. A content counts for as
/// long as its file has not changed, so that a checkpoint of gigabytes is read once.
struct VerifiedBlobs: Sendable, Equatable {
    /// What has become of a file.
    enum Finding: Sendable, Equatable {
        /// Nothing has its name.
        case missing
        /// It has another size or hash, or is a link.
        case wrong
        /// Its content is that of the hub.
        case good
    }

    /// Which file it was, and when it last changed.
    private struct Mark: Sendable, Equatable, Codable {
        let device: UInt64
        let number: UInt64
        let bytes: Int
        let changed: Int

        init(_ status: FileStatus) {
            device = status.identity.device
            number = status.identity.number
            bytes = status.bytes
            changed = status.changed
        }
    }

    /// By hash.
    private var marks: [String: Mark] = [:]
    private let checkpoint: Checkpoint
    private let home: EightCutHome

    /// More bytes than any such record has.
    private static let limit = 1 << 18

    /// Reads what is known about a checkpoint's files; nothing when there is no valid record.
    init(_ checkpoint: Checkpoint, in home: EightCutHome) {
        self.checkpoint = checkpoint
        self.home = home
        guard let downloads = try? OpenFolder.ifPresent(home.downloads),
            let bytes = try? downloads.read(Self.name(of: checkpoint), limit: Self.limit)
        else { return }
        marks = (try? JSONDecoder().decode([String: Mark].self, from: Data(bytes))) ?? [:]
    }

    /// The name of the record in the folder of downloads.
    static func name(of checkpoint: Checkpoint) throws -> FilePath.Component {
        try component(checkpoint.name + ".verified.json")
    }

    /// Compares a file with what the hub says of it; reads it unless it is known.
    ///
    /// - Parameters:
    ///   - file: what it should be.
    ///   - name: its name.
    ///   - folder: where it is.
    /// - Returns: what it is.
    /// - Throws: `EightCutError` when it is a folder, a pipe or a device, or cannot be read;
    ///   `CancellationError`.
    mutating func check(_ file: HubFile, named name: String, in folder: OpenFolder) throws
        -> Finding
    {
        let name = try component(name)
        guard let status = try folder.status(of: name) else { return .missing }
        if status.kind == .link { return .wrong }
        try cacheErrors { try status.requirePlainFile(folder.path.appending(name)) }
        guard status.bytes == file.bytes else { return .wrong }
        if marks[file.etag] == Mark(status) { return .good }
        guard let descriptor = try cacheErrors({ try folder.open(name) }) else { return .missing }
        let digest = file.makeDigest()
        do {
            return try descriptor.closeAfter {
                // Whatever is written into it from now on changes its time.
                let mark = Mark(try FileStatus(of: descriptor))
                try digest.update(reading: descriptor) { _ in }
                guard digest.finish() == file.etag else { return .wrong }
                marks[file.etag] = mark
                return .good
            }
        } catch let error as Errno {
            throw cacheError("cannot read", folder.path.appending(name), error)
        }
    }

    /// Notes that a content has just been downloaded and compared.
    mutating func note(_ file: HubFile, in blobs: OpenFolder) throws {
        guard let status = try blobs.status(of: component(file.etag)) else { return }
        marks[file.etag] = Mark(status)
    }

    /// Writes the record if it differs from the one on the disk. It only saves time, so an error
    /// is none.
    func save() {
        guard self != VerifiedBlobs(checkpoint, in: home),
            let text = try? JSONText.pretty(marks) + "\n",
            let folder = try? CheckpointRecord.creatingFolder(in: home)
        else { return }
        try? folder.write(text, to: Self.name(of: checkpoint), permissions: .privateFile)
    }
}
