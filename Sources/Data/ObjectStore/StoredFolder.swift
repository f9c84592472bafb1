import Diagnostics
import Files
import SystemPackage

/// A folder in a store: the objects below a prefix. It is whole when one of them, its mark, is there:
/// that is written last.
package struct StoredFolder: Sendable {
    package let store: ObjectStore
    /// The prefix; a slash at its end changes nothing.
    package let address: StoreAddress
    /// The path of the object that is written last, such as `masks.json`.
    private let mark: String

    package init(_ address: StoreAddress, mark: String, in store: ObjectStore) {
        (self.store, self.address, self.mark) = (store, address, mark)
    }

    /// The mark, with what was noted with it; nil while the folder is not whole.
    package func findMark() async throws -> StoredObject? {
        try await store.find(address.appending(mark))
    }

    /// The content of the mark; nil while the folder is not whole.
    package func markContent(limit: Int) async throws -> [UInt8]? {
        try await store.content(of: address.appending(mark), limit: limit)
    }

    /// Makes sure that nothing is there that another program has written.
    ///
    /// - Parameter isOurs: whether an object is ours, by its path in the folder.
    /// - Returns: what is there.
    /// - Throws: `EightCutError` with code `outputUnusable`, and as `ObjectStore.list`.
    package func contents(ours isOurs: (FilePath) -> Bool) async throws -> [StoredObject] {
        let objects = try await store.list(address.bucket, prefix: address.folderKey)
        for object in objects {
            // The folder itself, as web consoles make it.
            guard let path = path(of: object), !path.isEmpty, !isOurs(FilePath(path)) else {
                continue
            }
            throw EightCutError(
                .outputUnusable,
                "cannot write to the object store",
                on: address.description,
                because: "\(quoted(path)) there was not made by 8cut",
                remedy: "Choose an empty prefix."
            )
        }
        return objects
    }

    /// Uploads a folder. What is in its place is replaced; until everything is there, the mark is
    /// not.
    ///
    /// - Parameters:
    ///   - folder: the folder on the disk, with the mark in it.
    ///   - existing: what is there, from `contents`.
    ///   - metadata: facts to note with the mark.
    ///   - limits: which files are sent in parts.
    ///   - onFiles: called with the number of files that are there, and of all.
    /// - Throws: `EightCutError`, `CancellationError`.
    package func publish(
        _ folder: FilePath,
        replacing existing: [StoredObject],
        metadata: [String: String] = [:],
        limits: UploadLimits = UploadLimits(),
        onFiles: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) async throws {
        let paths = try Self.files(in: OpenFolder(folder))
        guard paths.contains(where: { $0.isExactly(mark) }) else {
            throw EightCutError(
                .inputMissing,
                "cannot upload",
                on: folder.string,
                because: "there is no \(mark) in it"
            )
        }
        let uploads = paths.filter { !$0.isExactly(mark) }.map {
            StoreUpload(path: folder.appending($0), address: address.appending($0))
        }
        let markAddress = address.appending(mark)
        if existing.contains(where: { $0.address == markAddress }) {
            try await store.remove(markAddress)
        }
        try await store.put(uploads, existing: existing, limits: limits) {
            try onFiles($0, paths.count)
        }
        let kept = Set(uploads.map(\.address) + [markAddress])
        for object in existing where !kept.contains(object.address) {
            guard path(of: object)?.isEmpty == false else { continue }
            try await store.remove(object.address)
        }
        try await store.put(
            StoreUpload(path: folder.appending(mark), address: markAddress, metadata: metadata),
            limits: limits
        )
        try onFiles(paths.count, paths.count)
    }

    private func path(of object: StoredObject) -> String? {
        object.address.key.removing(prefix: address.folderKey).map(String.init)
    }

    /// The paths of all files in a folder, but for those that are being written.
    private static func files(in folder: OpenFolder, below path: String = "") throws -> [String] {
        var files: [String] = []
        for name in try folder.names() where !AtomicFile.isTemporary(name) {
            // A key is text.
            guard let text = name.withPlatformString({ String(validatingCString: $0) }) else {
                throw EightCutError(
                    .inputUnusable,
                    "cannot upload",
                    on: folder.path.appending(name).string,
                    because: "its name is not valid UTF-8"
                )
            }
            switch try folder.status(of: name)?.kind {
            case .file: files.append(path + text)
            case .folder:
                guard let inner = try folder.folder(name) else { continue }
                files += try Self.files(in: inner, below: path + text + "/")
            default: continue
            }
        }
        return files
    }
}
