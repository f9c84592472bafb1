import ClipLibrary
import Files
import MaskStore
import SystemPackage

/// Brings what the library knows of masks up to date with their folders: masks may have been made again,
/// or made without naming a clip.
package struct CurrentMasks: Sendable {
    private let library: Library

    /// - Parameter library: it can be written.
    package init(_ library: Library) {
        self.library = library
    }

    /// Looks at the masks of all clips that a filter may select, whatever the library knows of their masks
    /// so far.
    ///
    /// - Throws: `EightCutError` when the library cannot be read or written.
    package func refresh(matching filter: ClipFilter) async throws {
        try await refresh(try await library.clips(filter.ignoringMasks))
    }

    /// Looks at the folders of masks of clips, and at the one beside each clip.
    ///
    /// - Parameters:
    ///   - clips: finished clips.
    ///   - note: is called with the number of clips that are done, and may throw to stop.
    /// - Returns: the clips whose record has changed.
    /// - Throws: `EightCutError` when the library cannot be written; what `note` throws.
    @discardableResult
    package func refresh(
        _ clips: [LibraryClip],
        _ note: @Sendable (Int) throws -> Void = { _ in }
    ) async throws -> [Int64] {
        let known = try await library.masks(of: clips.map(\.id))
        var changed: [Int64] = []
        for (number, clip) in clips.enumerated() {
            try Task.checkCancellation()
            if try await refresh(clip, known[clip.id] ?? []) { changed.append(clip.id) }
            try note(number + 1)
        }
        return changed
    }

    private func refresh(_ clip: LibraryClip, _ known: [LibraryMasks]) async throws -> Bool {
        let beside = MaskFolder.defaultPath(for: FilePath(clip.path))
        var folders = known.map { FilePath($0.path) }
        if !folders.contains(beside) { folders.append(beside) }
        var isChanged = false
        for folder in folders {
            guard let digest = Self.digest(of: folder) else { continue }
            let record = known.first { FilePath($0.path) == folder }
            guard record?.digest?.isExactly(digest) != true,
                let manifest = (try? MaskManifest(foundIn: folder)) ?? nil, manifest.complete,
                manifest.input.file.bytes == clip.bytes,
                manifest.input.file.headAndTailSHA256 == clip.hash
            else { continue }
            try await library.recordMasks(
                of: clip.id,
                method: manifest.method.name,
                path: folder.string,
                settings: JSONText.line(manifest.method.settings),
                frameCount: manifest.frameCount,
                confidence: manifest.confidence,
                score: manifest.score,
                digest: digest,
                // Only masks that have changed are new.
                madeAt: record?.digest == nil ? record?.madeAt : nil
            )
            isChanged = true
        }
        return isChanged
    }

    /// What masks are known by; nil where there are none.
    package static func digest(of folder: FilePath) -> String? {
        (try? FileFingerprint(of: folder.appending(MaskManifest.fileName)))?.headAndTailSHA256
    }
}
