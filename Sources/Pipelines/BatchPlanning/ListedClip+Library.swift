import ClipLibrary
import SystemPackage

extension ListedClip {
    /// Clips are read so many at a time: their settings take more memory than all else.
    private static let pageSize = 5000

    /// Clips of the library, in the order in which they were cut: rows that are there stay where
    /// they are when clips are added.
    ///
    /// - Parameters:
    ///   - filter: which.
    ///   - limit: the most clips, the latest first; nil for all.
    ///   - offset: how many of the latest to skip.
    ///   - library: has the clips.
    /// - Returns: the clips.
    /// - Throws: `EightCutError` when the library cannot be read; `CancellationError`.
    package static func ofLibrary(
        _ filter: ClipFilter,
        limit: Int?,
        offset: Int,
        in library: Library
    ) async throws -> [ListedClip] {
        var clips: [ListedClip] = []
        while limit.map({ clips.count < $0 }) ?? true {
            try Task.checkCancellation()
            let size = min(pageSize, (limit ?? .max) - clips.count)
            let page = try await library.clips(filter, limit: size, offset: offset + clips.count)
            clips += page.map(ListedClip.init)
            guard page.count == size else { break }
        }
        return clips.reversed()
    }

    private init(_ clip: LibraryClip) {
        let path = FilePath(clip.path)
        self.init(
            .file(path),
            // The number keeps the ids of clips apart that have the same name.
            name: "\(path.stem ?? "clip")-\(clip.id)",
            label: clip.label,
            category: clip.category,
            frames: clip.frameCount > 0 ? clip.frameCount : nil
        )
    }
}
