import BatchList
import Diagnostics
import Files
import MaskStore
import ObjectStore
import SystemPackage

/// Brings what rows read from an object store to this machine, and what they make to the store.
///
/// Clips are copied, since they are short and are read several times; in a long source ffmpeg seeks
/// through a relay. Results are made in a folder of this machine, with which another run goes on, and
/// uploaded when they are whole: `masks.json` last.
package actor RowStore {
    private struct Opening {
        let task: Task<InputCopy, any Error>
    }

    private final class Weak {
        weak var copy: InputCopy?

        init(_ copy: InputCopy) { self.copy = copy }
    }

    private let store: ObjectStore
    private let scratch: OpenFolder
    /// Copies that rows work on, by address and etag.
    private var copies: [String: Weak] = [:]
    private var opening: [String: Opening] = [:]
    /// Kept for the next row: the clips of a source follow one another.
    private var lastSource: InputCopy?

    /// - Parameters:
    ///   - settings: which store.
    ///   - path: the folder for copies and for unfinished results.
    ///   - note: called with what is worth a line.
    /// - Throws: `EightCutError` when the folder cannot be created.
    package init(
        _ settings: StoreSettings,
        scratch path: FilePath,
        note: @escaping @Sendable (String) -> Void
    ) throws {
        store = ObjectStore(settings, note: note)
        scratch = try OpenFolder.creating(path, permissions: .privateFolder)
        // Copies of runs that were killed.
        try scratch.removeStaleTemporaries { _ in true }
    }

    /// Deletes the copies that no row works on.
    package func close() { lastSource = nil }

    // MARK: - Rows

    /// What is left to do of a row.
    package enum OpenedRow: Sendable {
        /// Its masks are in the store already.
        case done(FinishedRow)
        case toDo(StoredRow)
    }

    /// Brings what a row reads to this machine.
    ///
    /// - Returns: the row, unless its masks are in the store already.
    /// - Throws: `EightCutError`, `CancellationError`.
    package func open(_ row: BatchRow) async throws -> OpenedRow {
        let read = try await objects(readBy: row)
        let identity = Self.identity(of: row, reading: read.values.map(\.etag).sorted())
        if let done = try await done(row, identity) { return .done(done) }
        let folder = scratch.path.appending("row-" + String(identity.prefix(32)))
        var paths: [BatchRow.Field: FilePath] = [:]
        var inputs: [InputCopy] = []
        for (field, object) in read {
            let copy = try await copy(of: object, isRelayed: field == .source)
            paths[field] = copy.path
            inputs.append(copy)
        }
        let local = row.relocated { field, address in
            if let path = paths[field] { return path }
            guard field == .clip else { return folder.appending("masks") }
            let name = (try? StoreAddress(address).name).flatMap { FilePath.Component($0) }
            return folder.appending("clip").appending(name ?? "clip.mp4")
        }
        let stored = StoredRow(
            local: local,
            row: row,
            identity: identity,
            folder: folder,
            inputs: inputs
        )
        try await bringClip(stored)
        return .toDo(stored)
    }

    /// Puts the results of a row into the store.
    ///
    /// - Parameters:
    ///   - end: what was made.
    ///   - stored: the row.
    /// - Returns: the same, with what is known of it in the store.
    /// - Throws: `EightCutError`, `CancellationError`; what is missing then is uploaded by the next
    ///   try.
    package func publish(_ end: FinishedRow, of stored: StoredRow) async throws -> FinishedRow {
        try stored.check()
        try await publishClip(stored)
        if let masks = try stored.row.output.address, let path = stored.local.output.path {
            let folder = Self.masks(masks, in: store)
            let existing = try await folder.contents(ours: MaskFolder.isResult)
            try await folder.publish(
                path,
                replacing: existing,
                metadata: [
                    StoredRow.identityKey: stored.identity,
                    StoredRow.framesKey: "\(end.frames)",
                ]
            )
        }
        if let name = stored.folder.lastComponent { try? scratch.removeTree(name) }
        return end
    }

    /// What video and masks of a row look like from outside.
    ///
    /// - Returns: nil where something is missing.
    /// - Throws: `EightCutError` of the store, `CancellationError`.
    package nonisolated func fingerprint(_ row: BatchRow) async throws -> RowFingerprint? {
        var video = RowFingerprint.look(ofVideo: row.clip.path)
        if let address = try row.clip.address { video = try await store.find(address)?.etag }
        var masks = RowFingerprint.look(ofMasks: row.output.path)
        if let address = try row.output.address {
            masks = try await Self.masks(address, in: store).findMark()?.etag
        }
        return RowFingerprint(video, masks)
    }

    private static func masks(_ address: StoreAddress, in store: ObjectStore) -> StoredFolder {
        StoredFolder(address, mark: MaskManifest.fileName, in: store)
    }

    /// What is known of a row whose masks are in the store; nil where there are none.
    ///
    /// - Throws: `EightCutError` when there are masks of another row.
    private func done(_ row: BatchRow, _ identity: String) async throws -> FinishedRow? {
        guard let address = try row.output.address,
            let mark = try await Self.masks(address, in: store).findMark()
        else { return nil }
        if mark.metadata[StoredRow.identityKey].map({ $0.isExactly(identity) }) == true,
            let frames = mark.metadata[StoredRow.framesKey].flatMap({ Int($0) })
        {
            var input: StoredObject?
            if let clip = try row.clip.address { input = try await store.find(clip) }
            return FinishedRow(
                input: RowInput(
                    FilePath(row.clip.name),
                    bytes: input?.bytes ?? 0,
                    isCut: row.source != nil
                ),
                frames: frames
            )
        }
        guard row.settings["overwrite"] == .flag(true) else {
            throw EightCutError(
                .outputDiffers,
                "cannot write masks to",
                on: address.description,
                because: "there are masks of another input or other settings, or not of this list",
                remedy: "Choose another prefix, or set \"overwrite\" to true in the row's settings."
            )
        }
        return nil
    }

    // MARK: - Clips

    /// Brings a clip that was cut before.
    private func bringClip(_ stored: StoredRow) async throws {
        guard let address = try stored.clipAddress, let clip = stored.local.clip.path,
            FileStatus(following: clip) == nil, let object = try await store.find(address)
        else { return }
        if let record = try await store.find(CutRecord.address(of: address)) {
            try await store.download(record, to: CutRecord.path(of: clip))
        }
        try await store.download(object, to: clip)
    }

    private func publishClip(_ stored: StoredRow) async throws {
        guard let address = try stored.clipAddress, let clip = stored.local.clip.path else {
            return
        }
        // First the record: a clip without one would be somebody else's.
        for (path, address) in [
            (CutRecord.path(of: clip), CutRecord.address(of: address)), (clip, address),
        ] {
            let existing = try await store.find(address)
            try await store.put(
                [StoreUpload(path: path, address: address)],
                existing: [existing].compactMap(\.self)
            )
        }
    }

    // MARK: - Inputs

    private func objects(
        readBy row: BatchRow
    ) async throws -> [BatchRow.Field: StoredObject] {
        var places: [(BatchRow.Field, BatchPlace?)] = [
            (.prompts, row.prompts), (.source, row.source),
        ]
        if row.source == nil { places.append((.input, row.clip)) }
        var objects: [BatchRow.Field: StoredObject] = [:]
        for (field, place) in places {
            if let address = try place?.address {
                objects[field] = try await store.object(address)
            }
        }
        return objects
    }

    private func copy(of object: StoredObject, isRelayed: Bool) async throws -> InputCopy {
        let key = "\(isRelayed) \(object.etag) \(object.address)"
        if let copy = copies[key]?.copy { return copy }
        if let other = opening[key] { return try await other.task.value }
        let (store, scratch) = (store, scratch)
        let task = Task {
            isRelayed
                ? try await InputCopy(relaying: object, from: store, in: scratch)
                : try await InputCopy(object, from: store, in: scratch)
        }
        opening[key] = Opening(task: task)
        defer { opening[key] = nil }
        let copy = try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
        copies = copies.filter { $0.value.copy != nil }
        copies[key] = Weak(copy)
        if isRelayed { lastSource = copy }
        return copy
    }

    private static func identity(of row: BatchRow, reading etags: [String]) -> String {
        let digest = Digest()
        var text = ([row.digest] + etags).joined(separator: "\n")
        text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        return digest.finish()
    }
}

extension BatchPlace {
    /// The address of an object; nil for a path.
    ///
    /// - Throws: `EightCutError` when it is no address.
    package var address: StoreAddress? {
        get throws {
            guard case .object(let text) = location else { return nil }
            return try StoreAddress(text)
        }
    }
}

extension StoredRow {
    /// Where a clip is cut to; nil where it is not cut, or to this machine.
    fileprivate var clipAddress: StoreAddress? {
        get throws { row.source == nil ? nil : try row.clip.address }
    }
}

extension CutRecord {
    /// The record beside a clip in a store.
    fileprivate static func address(of clip: StoreAddress) -> StoreAddress {
        let (folder, name) =
            clip.key.divided(atLast: "/").map { ("\($0.0)/", $0.1) }
            ?? ("", clip.key[...])
        let stem = name.divided(atLast: ".").map { $0.0.isEmpty ? name : $0.0 } ?? name
        return StoreAddress(bucket: clip.bucket, key: "\(folder)\(stem).cut.json")
    }
}
