import ClipLibrary
import Files
import SystemPackage
import TestSupport

/// Clips and videos for tests of the library.
enum Samples {
    /// A video of its own for every name.
    static func fingerprint(_ name: String) -> FileFingerprint {
        FileFingerprint(bytes: name.utf8.count, modified: 1, headAndTailSHA256: "hash of " + name)
    }

    /// A clip that is about to be cut.
    static func draft(
        _ path: String,
        start: Int = 5_000_000_000,
        label: String? = nil,
        category: String? = nil
    ) -> ClipDraft {
        let info = ClipInfo(
            path: path,
            label: label,
            category: category,
            start: start,
            duration: 8,
            frameCount: 200,
            frameRate: "25/1",
            width: 1280,
            height: 720,
            sampleRate: 48_000,
            sampleCount: 384_000,
            settings: "{}"
        )
        let name = FilePath(path).lastComponent?.string ?? ""
        let folder = FilePath(path).removingLastComponent()
        return ClipDraft(
            info,
            pending: folder.appending(AtomicFile.clipPrefix + "1-" + name).string
        )
    }

    /// The draft of a clip whose file is complete: under its temporary name, or in its place.
    static func completed(_ draft: ClipDraft, at path: String) throws -> ClipDraft {
        var draft = draft
        draft.file = try FileFingerprint(of: FilePath(path))
        draft.fileNumber = FileStatus(following: FilePath(path))?.identity.number
        return draft
    }

    /// Adds a finished clip.
    @discardableResult
    static func add(
        _ draft: ClipDraft,
        to library: Library,
        source: FilePath = "/videos/a.mp4",
        _ fingerprint: FileFingerprint? = nil
    ) async throws -> Int64 {
        let known = fingerprint ?? Self.fingerprint(source.string)
        let id = try await library.begin([draft], of: source, known)[0]
        let path = FilePath(draft.path)
        let file = (try? FileFingerprint(of: path)) ?? Self.fingerprint(draft.path)
        try await library.finish(id, draft, file)
        return id
    }

    /// Writes a file that stands for a clip.
    static func write(_ path: FilePath, _ text: String = "video") throws {
        try Folder.create(path.removingLastComponent())
        try AtomicFile.write(text, to: path)
    }
}
