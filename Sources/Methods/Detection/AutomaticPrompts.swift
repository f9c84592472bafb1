import Diagnostics
import Progress
import Prompts
import Saliency

/// The prompts that a run takes if none are given: the best object that is found, on up to three
/// frames; the middle of the first frame if nothing is.
package struct AutomaticPrompts: Sendable, Equatable {
    /// The object, best frame first; none if nothing was found.
    package let candidates: [ObjectCandidate]

    package init(_ candidates: [ObjectCandidate]) {
        self.candidates = candidates
    }

    /// The prompts in pixels.
    ///
    /// - Parameters:
    ///   - width: columns of the video.
    ///   - height: rows of the video.
    /// - Returns: the prompts, all of object 1.
    /// - Throws: `EightCutError` when a candidate is outside the frame.
    package func resolve(width: Int, height: Int) throws -> ResolvedPrompts {
        try PromptList(candidates, sameObject: true).resolve(width: width, height: height)
    }

    /// The warning that the object is probably not right; nil where there is nothing to say.
    package var warning: ProgressEvent.Warning? {
        guard let best = candidates.first else {
            return .init(
                code: ErrorCode.nothingFound.rawValue,
                message: "Nothing moves by itself or stands out, so the object at the centre of "
                    + "the first frame is tracked. Better mark the object yourself."
            )
        }
        return best.warning
    }

    /// What was found, in one line; nil for nothing.
    package var summary: String? {
        guard !candidates.isEmpty else { return nil }
        let places = candidates.map { candidate in
            let text = { (numbers: [Double]) in
                numbers.map { "\(Int($0))" }.joined(separator: ",")
            }
            return "point \(text(candidate.point)) and box \(text(candidate.box)) on frame "
                + "\(candidate.frame) (score \(candidate.score))"
        }
        return "found an object: " + places.joined(separator: "; ")
    }
}
