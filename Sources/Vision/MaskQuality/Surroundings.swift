import Saliency

/// What the frames around a mask say about it, as frames of a shot come in: each is answered as soon as
/// those after it that count are known.
package struct Surroundings: Sendable {
    /// Frames before, and before and after, that a frame is compared with.
    private static let reach = 10
    /// The root of the part of the frame, from which on an object counts as large.
    private static let largeSide = 0.4

    /// Frames that are compared with, from `first` on.
    private var frames: [Frame] = []
    private var first = 0
    /// How many frames are answered.
    private var answered = 0

    private struct Frame: Sendable {
        /// Nil where there is no mask.
        let area: Double?
        /// What the mask has by itself; empty where it is empty or full.
        var parts: [QualityPart: Double]
    }

    package init() {}

    /// Takes the next frame of the shot.
    ///
    /// - Parameters:
    ///   - area: of the mask, 0…1; nil where there is none.
    ///   - parts: `edge` and `motionEdge`, where they are known; nil for an empty or a full mask.
    /// - Returns: for each frame that is answered now, in order, what is to be added to its parts: none for
    ///   an empty or a full mask.
    package mutating func add(
        area: Double?,
        _ parts: [QualityPart: Double]?
    ) -> [[QualityPart: Double]] {
        var own: [QualityPart: Double] = [:]
        if let area, let parts {
            own = parts.filter { $0.key == .edge || $0.key == .motionEdge }
            own[.steady] = steadiness(area)
            own[.size] = min(1, area.squareRoot() / Self.largeSide)
        }
        frames.append(Frame(area: area, parts: own))
        return first + frames.count > answered + Self.reach ? [answer()] : []
    }

    /// Ends the shot.
    ///
    /// - Returns: the answers that are left, in order.
    package mutating func finish() -> [[QualityPart: Double]] {
        var answers: [[QualityPart: Double]] = []
        while answered < first + frames.count { answers.append(answer()) }
        self = Surroundings()
        return answers
    }

    private mutating func answer() -> [QualityPart: Double] {
        let place = answered - first
        defer {
            answered += 1
            let unused = max(answered - Self.reach - first, 0)
            frames.removeFirst(unused)
            first += unused
        }
        guard !frames[place].parts.isEmpty else { return [:] }
        let near = max(place - Self.reach, 0)..<min(place + Self.reach + 1, frames.count)
        return [
            .steady: frames[place].parts[.steady], .edgeAround: mean(.edge, near),
            .motionEdgeAround: mean(.motionEdge, near), .steadyAround: mean(.steady, near),
            .size: mean(.size, near),
        ].compactMapValues { $0 }
    }

    /// The area beside the median of those before; nil on the first frame, or where most have none.
    private func steadiness(_ area: Double) -> Double? {
        let before = frames.suffix(Self.reach).compactMap(\.area)
        let usual = Double(Quantile.median(of: before.map { Float($0) }))
        guard usual > 0 else { return nil }
        return min(area, usual) / max(area, usual)
    }

    /// The mean of a part over the frames that have it.
    private func mean(_ part: QualityPart, _ places: Range<Int>) -> Double? {
        let values = places.compactMap { frames[$0].parts[part] }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
