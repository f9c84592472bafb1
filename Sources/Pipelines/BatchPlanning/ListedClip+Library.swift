import ClipLibrary
import SystemPackage

extension ListedClip {
    /// Clips of the library, in the order in which they were cut: rows that are there stay where
    /// they are when clips are added.
    ///
    /// - Parameters:
    ///   - filter: which.
    ///   - limit: the most clips, the latest first; nil for all.
    ///   - offset: how many of the latest to skip.
    ///   - library: has the clips.
    /// - Returns: the clips, and the records among them that are damaged.
    /// - Throws: `EightCutError` when the library cannot be read.
    package static func ofLibrary(
        _ filter: ClipFilter,
        limit: Int?,
        offset: Int,
        in library: Library
    ) async throws -> (clips: [ListedClip], damaged: [DamagedRecord]) {
        let (clips, damaged) = try await library.clips(filter, limit: limit, offset: offset) {
            ListedClip($0)
        }
        return (clips.reversed(), damaged)
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
