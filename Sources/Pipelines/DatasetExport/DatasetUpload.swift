import Diagnostics
import Files
import FoundationEssentials
import ObjectStore
import Progress
import SystemPackage

/// A data set in an object store. It is built in a folder of this machine, which stays for the next
/// time, and uploaded: `.8cut/export.json` last.
package struct DatasetUpload: Sendable {
    private let address: StoreAddress
    private let store: ObjectStore

    private static let recordPath = "\(ExportRecord.folder)/\(ExportRecord.name)"
    /// The paths of all that may be there while an upload is not finished.
    private static let notePath = "\(ExportRecord.folder)/upload.json"
    private static let mostBytes = 256 << 20
    /// The digest of the record, noted with it.
    private static let digestKey = "8cut-record"

    package init(_ address: StoreAddress, in store: ObjectStore) {
        (self.address, self.store) = (address, store)
    }

    private var folder: FilePath { Self.folder(for: address) }

    /// Where the data set for an address is built: the same folder for the same address.
    package static func folder(for address: StoreAddress) -> FilePath {
        let digest = Digest()
        var text = "\(address.bucket)/\(address.folderKey)"
        text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        return EightCutHome.current.path.appending("data-sets")
            .appending(String(digest.finish().prefix(16)))
    }

    /// Uploads the data set that was built.
    ///
    /// - Parameter reporter: receives the progress.
    /// - Returns: false where the store had it already.
    /// - Throws: `EightCutError`, of code `outputUnusable` when the prefix holds something else;
    ///   `CancellationError` or `OutputClosed`.
    package func run(_ reporter: any ProgressReporter) async throws -> Bool {
        let local = try OpenFolder(folder)
        guard let record = try ExportRecord(in: local) else {
            throw EightCutError.internalFault(because: "the data set has no record")
        }
        let digest = try Self.digest(of: folder.appending(Self.recordPath))
        let stored = StoredFolder(address, mark: Self.recordPath, in: store)
        if let mark = try await stored.findMark(),
            mark.metadata[Self.digestKey].map({ $0.isExactly(digest) }) == true
        {
            return false
        }
        let known = try await knownPaths(stored)
        let paths = (known ?? []).union(record.files.keys.map(ExactText.init))
            .union([Self.recordPath, Self.notePath].map(ExactText.init))
        let isOurs = { (path: FilePath) in Self.isOne(of: paths, path) }
        // What others have put into a data set of ours, such as features, stays.
        let existing = try await stored.contents { known != nil || isOurs($0) }
            .filter { $0.address.path(below: address).map { isOurs(FilePath($0)) } ?? false }
        try await write(paths)
        let meter = ProgressMeter()
        try await stored.publish(
            folder,
            replacing: existing.filter { $0.address != note },
            metadata: [Self.digestKey: digest]
        ) { done, total in
            try reporter.report(
                .progress(
                    meter.progress(
                        done: done,
                        total: total,
                        totalIsEstimate: false,
                        worked: nil,
                        unit: "file"
                    )
                )
            )
        }
        try await store.remove(note)
        return true
    }

    private var note: StoreAddress { address.appending(Self.notePath) }

    /// Notes what may be there until the upload is finished.
    private func write(_ paths: Set<ExactText>) async throws {
        let file = folder.appending(Self.notePath)
        try AtomicFile.write(try JSONText.line(paths.sorted().map(\.text)), to: file)
        defer { _ = try? OpenFolder(file.removingLastComponent()).removeFile("upload.json") }
        try await store.put(StoreUpload(path: file, address: note))
    }

    /// The paths of what 8cut has written there; nil where it has not written anything.
    private func knownPaths(_ stored: StoredFolder) async throws -> Set<ExactText>? {
        var paths: Set<ExactText>?
        if let bytes = try await stored.markContent(limit: Self.mostBytes) {
            let record = try? JSONDecoder().decode(ExportRecord.self, from: Data(bytes))
            paths = Set((record?.files.keys).map { $0.map(ExactText.init) } ?? [])
        }
        if let bytes = try await store.content(of: note, limit: Self.mostBytes) {
            let list = (try? JSONDecoder().decode([String].self, from: Data(bytes))) ?? []
            paths = (paths ?? []).union(list.map(ExactText.init))
        }
        return paths
    }

    /// Whether a path is one of those, or is in a folder that is one.
    private static func isOne(of paths: Set<ExactText>, _ path: FilePath) -> Bool {
        var path = path
        while !path.isEmpty {
            if paths.contains(ExactText(path.string)) { return true }
            path.removeLastComponent()
        }
        return false
    }

    private static func digest(of path: FilePath) throws -> String {
        do {
            let digest = Digest()
            let file = try FileDescriptor.open(path, .readOnly)
            try file.closeAfter { try digest.update(reading: file) { _ in } }
            return digest.finish()
        } catch let error as Errno {
            throw fileError("cannot read", path, error)
        }
    }
}

extension StoreAddress {
    /// The path below a prefix; nil for an object that is elsewhere.
    fileprivate func path(below folder: StoreAddress) -> String? {
        key.removing(prefix: folder.folderKey).map(String.init)
    }
}
