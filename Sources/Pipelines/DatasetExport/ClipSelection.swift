import ClipExport
import ClipLibrary
import DatasetProfiles
import Diagnostics
import Files
import FoundationEssentials
import Media
import SystemPackage

/// A clip of the library, with what a data set has to know of it.
package struct SelectedClip: Sendable {
    /// Whether its file is the one that the library knows.
    package enum State: Sendable {
        case same, missing, changed
    }

    package let clip: LibraryClip
    package let state: State
    let masks: MaskFinder.Result

    /// Its streams, as the library knows them; nil where it has no frame rate.
    package var facts: ClipFacts? {
        guard let rate = Rational(clip.frameRate) else { return nil }
        var audio: ClipFacts.Audio?
        if let sampleRate = clip.sampleRate, let sampleCount = clip.sampleCount {
            audio = ClipFacts.Audio(sampleRate: sampleRate, sampleCount: sampleCount)
        }
        return ClipFacts(
            frameCount: clip.frameCount,
            frameRate: rate,
            width: clip.width,
            height: clip.height,
            audio: audio
        )
    }

    /// The settings that it was cut with.
    var settings: CutSettings {
        (try? JSONDecoder().decode(CutSettings.self, from: Data(clip.settings.utf8)))
            ?? CutSettings()
    }
}

/// Looks at the files of clips, as many at a time as there are cores.
struct ClipSelection: Sendable {
    let library: Library
    let choice: MaskChoice
    /// Whether masks are looked for.
    let wantsMasks: Bool
    /// Only clips whose masks have at least this score; nil for all.
    var leastScore: Double?
    /// Only clips with this last word on their masks; nil for all.
    var verdict: VerdictFilter?
    let width: Int

    /// Looks at the clips, and leaves those out whose masks are not as they are asked for.
    ///
    /// - Parameter clips: of the library.
    /// - Returns: the clips, in the same order.
    /// - Throws: `EightCutError` when the library cannot be read; `CancellationError`.
    func select(_ clips: [LibraryClip]) async throws -> [SelectedClip] {
        try await inParallel(clips, width: width) { clip in try await select(clip) }
            .compactMap(\.self)
    }

    private func select(_ clip: LibraryClip) async throws -> SelectedClip? {
        let state = Self.state(of: clip)
        guard wantsMasks || leastScore != nil || verdict != nil, state == .same else {
            return SelectedClip(clip: clip, state: state, masks: .none)
        }
        let known = try await library.masks(of: clip.id)
        let masks = MaskFinder(choice: choice).find(clip, known)
        guard try await isWanted(clip, masks) else { return nil }
        return SelectedClip(clip: clip, state: state, masks: wantsMasks ? masks : .none)
    }

    /// Whether score and verdict of masks are as they are asked for. A verdict is on just these masks.
    private func isWanted(_ clip: LibraryClip, _ found: MaskFinder.Result) async throws -> Bool {
        var masks: ClipMasks?
        if case .masks(let found) = found { masks = found }
        if let least = leastScore {
            guard let score = masks?.score, score >= least else { return false }
        }
        guard let wanted = self.verdict else { return true }
        let digest = masks?.digest ?? ""
        let verdict = try await library.verdicts(of: clip.id)
            .last { $0.masksDigest.isExactly(digest) }?.verdict
        return switch wanted {
        case .given(let given): verdict == given
        case .none: verdict == nil
        }
    }

    private static func state(of clip: LibraryClip) -> SelectedClip.State {
        guard let file = try? FileFingerprint(of: FilePath(clip.path)) else { return .missing }
        let isSame = file.bytes == clip.bytes && file.headAndTailSHA256 == clip.hash
        return isSame ? .same : .changed
    }
}

/// Does the same to all elements, some at a time.
///
/// - Parameters:
///   - elements: in any number.
///   - width: how many at a time.
///   - body: what is done; an error ends all of it.
/// - Returns: the results, in the order of the elements.
/// - Throws: what `body` throws, or `CancellationError`.
package func inParallel<Element: Sendable, Result: Sendable>(
    _ elements: [Element],
    width: Int,
    _ body: @escaping @Sendable (Element) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { tasks in
        var results = [Result?](repeating: nil, count: elements.count)
        var next = elements.enumerated().makeIterator()
        func start() {
            guard let (number, element) = next.next() else { return }
            tasks.addTask {
                try Task.checkCancellation()
                return (number, try await body(element))
            }
        }
        for _ in 0..<max(1, width) { start() }
        while let (number, result) = try await tasks.next() {
            results[number] = result
            start()
        }
        return results.compactMap(\.self)
    }
}
