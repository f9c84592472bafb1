import Diagnostics
import Progress
import Saliency
import SystemPackage

/// What a search has found in a video.
package struct FoundObjects: Sendable {
    private let collector: CandidateCollector
    /// How many frames the video has.
    package let frameCount: Int

    init(_ collector: CandidateCollector, frameCount: Int) {
        self.collector = collector
        self.frameCount = frameCount
    }

    /// The candidates, one for each object, best first; none if nothing stands out.
    package func candidates(_ count: Int) -> [ObjectCandidate] { collector.objects(count) }

    /// The best object on up to three frames, best first; none if nothing stands out.
    package var bestObject: [ObjectCandidate] { collector.bestObject() }

    /// Where the object of a candidate is: left, top, right and bottom in pixels, by frame.
    package func boxes(of candidate: ObjectCandidate) -> [Int: [Double]] {
        collector.boxes(of: candidate)
    }

    /// The error that nothing was found.
    package static func nothing(in video: FilePath) -> EightCutError {
        EightCutError(
            .nothingFound,
            "cannot find an object in",
            on: video.string,
            because: "nothing moves by itself or stands out",
            remedy: "Mark the object yourself, on a frame that shows it."
        )
    }
}

extension ObjectCandidate {
    /// The warning that it is probably not right; nil if it is as good as any.
    package var warning: ProgressEvent.Warning? {
        guard score < Self.reliableScore else { return nil }
        return .init(
            code: "uncertainObject",
            message: "The object that was found is probably not right: its score is \(score). "
                + "Look at it, or mark the object yourself."
        )
    }
}
