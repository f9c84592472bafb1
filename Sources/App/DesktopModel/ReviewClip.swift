import ClipLibrary
import ClipReview
import Diagnostics
import Files
import MaskStore
import SystemPackage

/// A clip with its masks, as it comes before a person.
package struct ReviewClip: Sendable, Equatable {
    package internal(set) var clip: LibraryClip
    /// How it came up.
    package let draw: ClipVerdict.Draw
    /// The folder of the masks.
    package let folder: FilePath
    /// What just these masks are known by.
    let digest: String
    /// Whether the object is black.
    let isInverted: Bool
    /// Of the masks, 0…1; nil where they were not judged.
    package let score: Double?
    package let frames: FrameScores
    /// What the person has said about these masks before.
    package internal(set) var own: ClipVerdict?
    /// What others have said about them.
    package let others: [ClipVerdict]

    package var id: Int64 { clip.id }
}

/// Reads what is shown of a clip, on any thread.
struct ReviewReader: Sendable {
    let library: Library
    let reviewer: Reviewer

    /// Looks at the masks as they are on the disk now.
    ///
    /// - Parameters:
    ///   - id: the clip.
    ///   - draw: how it came up.
    ///   - wantsJudged: whether it is shown even if the person has judged these masks.
    /// - Returns: nil where there is nothing to judge: the clip or its masks are gone, or the person
    ///   has judged them meanwhile, in another window or with a script.
    /// - Throws: `EightCutError` when the library cannot be read.
    func read(
        _ id: Int64,
        _ draw: ClipVerdict.Draw,
        wantsJudged: Bool
    ) async throws -> ReviewClip? {
        guard let clip = try await library.clip(id), clip.isFinished else { return nil }
        if !library.isReadOnly { try await CurrentMasks(library).refresh([clip]) }
        guard let masks = try await library.reviews(of: [id])[id]?.masks, let digest = masks.digest
        else { return nil }
        let verdicts = try await library.verdicts(of: id).filter {
            $0.masksDigest.isExactly(digest)
        }
        let own = verdicts.last { isOwn($0) }
        guard own == nil || wantsJudged else { return nil }
        let folder = FilePath(masks.path)
        let manifest = await background {
            try? MaskManifest(readingFrom: folder.appending(MaskManifest.fileName))
        }
        guard let manifest, manifest.complete else { return nil }
        let count = min(clip.lastFrame + 1, MaskLimits.frames)
        return ReviewClip(
            clip: clip,
            draw: draw,
            folder: folder,
            digest: digest,
            isInverted: manifest.polarity == .blackObject,
            score: masks.score,
            frames: FrameScores(of: manifest.frames, count: count),
            own: own,
            others: verdicts.filter { !isOwn($0) }
        )
    }

    /// Whether a verdict is the person's.
    func isOwn(_ verdict: ClipVerdict) -> Bool {
        verdict.reviewer.isExactly(reviewer.name)
    }
}
