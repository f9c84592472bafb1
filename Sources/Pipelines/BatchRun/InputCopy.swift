import Files
import Media
import ObjectStore
import SystemPackage

/// An object that is read on this machine as a file: a copy, or a stand-in through which ffmpeg seeks
/// in the object itself. It is gone with this value.
final class InputCopy: Sendable {
    let object: StoredObject
    let path: FilePath
    private let folder: NewFolder
    private let relay: StoreRelay?
    private let standIn: RelayedFile?

    /// Copies an object.
    ///
    /// - Throws: `EightCutError` of the store or the disk, `CancellationError`.
    init(_ object: StoredObject, from store: ObjectStore, in scratch: OpenFolder) async throws {
        self.object = object
        folder = try scratch.newFolder(for: "input", permissions: .privateFolder)
        path = folder.folder.path.appending(Self.name(of: object))
        (relay, standIn) = (nil, nil)
        try await store.download(object, to: path)
    }

    /// Makes an object readable without a copy. It is not for folders of images, and not for small
    /// files that are read by others than ffmpeg.
    ///
    /// - Throws: `EightCutError` of the store or the disk, `CancellationError`.
    init(relaying object: StoredObject, from store: ObjectStore, in scratch: OpenFolder)
        async throws
    {
        self.object = object
        folder = try scratch.newFolder(for: "input", permissions: .privateFolder)
        path = folder.folder.path.appending(Self.name(of: object))
        let relay = try StoreRelay(object, in: store)
        let length = min(object.bytes, FileFingerprint.partLength)
        standIn = try RelayedFile(
            path,
            readFrom: relay.url,
            bytes: object.bytes,
            head: try await relay.read(0..<length),
            tail: try await relay.read(object.bytes - length..<object.bytes)
        )
        self.relay = relay
    }

    deinit {
        relay?.stop()
    }

    /// Makes sure that all has come that was read.
    ///
    /// - Throws: the store's failure, which ffmpeg has taken for the end of the file.
    func check() throws { try relay?.check() }

    /// The name that manifests have. Where it could not be that of a file, only its extension is kept.
    private static func name(of object: StoredObject) -> FilePath.Component {
        let name = object.address.name
        if name.utf8.count <= 200, !name.utf8.contains(0), let own = FilePath.Component(name),
            own.kind == .regular, !AtomicFile.isTemporary(own)
        {
            return own
        }
        return "object"
    }
}
