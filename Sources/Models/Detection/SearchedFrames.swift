import Diagnostics

/// On which frames of a clip things are looked for.
package enum SearchedFrames: Sendable, Equatable {
    /// On so many at most, spread over the clip, the middle first, until everything is seen clearly:
    /// 1 to 9.
    case untilClear(Int)
    /// On so many, spread over the clip, all of them.
    case spread(Int)
    /// On these, all of them.
    case listed([Int])

    /// What is looked at while nothing is clear, as parts of the clip. The middle comes first: most
    /// often it shows best what a clip is about (AL-Ref-SAM 2, Huang et al., AAAI 2025, chooses it
    /// for 86 of 100 clips of AVSBench).
    private static let order = [0.5, 0.1, 0.9, 0.3, 0.7, 0.2, 0.8, 0.4, 0.6]

    /// Whether all are looked at, whatever is found.
    package var isExhaustive: Bool {
        if case .untilClear = self { false } else { true }
    }

    /// Chooses the frames of a clip.
    ///
    /// - Parameter count: how many frames the clip has, at least one.
    /// - Returns: their numbers in the order in which they are looked at, each once.
    /// - Throws: `EightCutError` (`usage`) when the clip is too short for them.
    package func numbers(of count: Int) throws -> [Int] {
        switch self {
        case .untilClear(let most):
            return unique(Self.order.prefix(most).map { min(count - 1, Int($0 * Double(count))) })
        case .spread(let wanted):
            guard wanted <= count else {
                throw Self.tooShort(count, "\(wanted) frames are to be looked at")
            }
            return (0..<wanted).map { (2 * $0 + 1) * count / (2 * wanted) }
        case .listed(let frames):
            if let beyond = frames.first(where: { $0 >= count }) {
                throw Self.tooShort(count, "frame \(beyond) is to be looked at")
            }
            return unique(frames.sorted())
        }
    }

    /// The setting as a manifest has it: equal settings look at the same frames of a clip.
    package var described: String {
        switch self {
        case .untilClear(let most): "automatic (\(most))"
        case .spread(let wanted): "\(wanted)"
        case .listed(let frames):
            // One alone would look like a number of frames.
            unique(frames.sorted()).map { "\($0)" }.joined(separator: ",") + ","
        }
    }

    private func unique(_ frames: [Int]) -> [Int] {
        var seen: Set<Int> = []
        return frames.filter { seen.insert($0).inserted }
    }

    private static func tooShort(_ count: Int, _ wish: String) -> EightCutError {
        EightCutError(
            .usage,
            "cannot look for objects",
            because: "\(wish), and the video has "
                + (count == 1 ? "one frame, which is 0" : "\(count) frames: 0 to \(count - 1)"),
            remedy: "Choose fewer frames, or others. They are counted from 0, as the masks are."
        )
    }
}
