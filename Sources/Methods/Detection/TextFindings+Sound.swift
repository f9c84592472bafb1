import Detection
import Media
import SystemPackage

extension TextFindings {
    /// Things of a text that are compared at most.
    private static let mostCompared = 5

    /// Where a text has found several things, puts the one first that moves with the audio. Where that
    /// is unsure, and in a video that is too long to be compared, the detector's order stays.
    ///
    /// - Parameters:
    ///   - path: the video.
    ///   - stream: which stream of it.
    ///   - onDecision: receives, for each text with several things, the one that was put first; nil
    ///     where it is unsure.
    /// - Returns: what was found, in the other order and with what was decided.
    /// - Throws: `EightCutError` when the video cannot be read; `CancellationError`; what
    ///   `onDecision` throws.
    package func preferringWhatMovesWithAudio(
        in path: FilePath,
        _ stream: VideoStream,
        onDecision: (_ text: String, FoundThing?) throws -> Void = { _, _ in }
    ) async throws -> TextFindings {
        let comparison = AudioComparison(path, stream)
        guard stream.audioIndex != nil, comparison.isPossible else { return self }
        var found = self
        for text in texts {
            let things = listed(atLeast: Self.mostCompared).filter { $0.text == text.words }
            guard things.count > 1 else { continue }
            let best = try await comparison.run(things.map { boxes(of: $0) }).best
            try onDecision(text.words, best.map { things[$0] })
            found = best.map { found.preferring(things[$0]) } ?? found.unsure(of: text.words)
        }
        return found
    }
}
