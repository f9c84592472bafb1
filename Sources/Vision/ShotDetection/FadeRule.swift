/// What a fade is: frames that become darker until they are black, or lighter after black.
package struct FadeRule: Sendable {
    /// Largest mean luma of a black frame, 0…255.
    package var black: Float = 12
    /// Largest contrast of a black frame: the standard deviation of luma.
    package var blackContrast: Float = 12
    /// Fewest frames in which it becomes dark or light; fewer are a cut.
    package var shortest = 3
    /// Most frames.
    package var longest = 96

    package init() {}

    /// A frame of 0 belongs to a fade with which the video begins.
    func changes(in measures: [FrameMeasures]) -> [ShotChange] {
        var changes: [ShotChange] = []
        var frame = 0
        while frame < measures.count {
            guard isBlack(measures[frame]) else {
                frame += 1
                continue
            }
            let start = frame
            while frame < measures.count, isBlack(measures[frame]) { frame += 1 }
            if let change = change(measures, start..<frame) { changes.append(change) }
        }
        return changes
    }

    private func isBlack(_ measures: FrameMeasures) -> Bool {
        measures.luma <= black && measures.contrast <= blackContrast
    }

    /// The change around frames that are black; nil where the video ends with them, or where both
    /// sides are cuts.
    private func change(_ measures: [FrameMeasures], _ black: Range<Int>) -> ShotChange? {
        guard black.upperBound < measures.count else { return nil }
        var first = black.lowerBound
        while first > 0, black.lowerBound - first < longest,
            measures[first - 1].luma > measures[first].luma
        {
            first -= 1
        }
        var end = black.upperBound
        while end < measures.count, end - black.upperBound < longest,
            measures[end].luma > measures[end - 1].luma
        {
            end += 1
        }
        let fadesOut = black.lowerBound - first >= shortest
        let fadesIn = end - black.upperBound >= shortest
        guard fadesOut || fadesIn else { return nil }
        if !fadesOut { first = black.lowerBound }
        if !fadesIn { end = black.upperBound }
        let frame =
            black.lowerBound == 0
            ? 0
            : fadesOut && fadesIn
                ? (black.lowerBound + black.upperBound) / 2
                : fadesOut ? black.upperBound : black.lowerBound
        let before = first > 0 ? measures[first].luma : 255
        let depth = min(before, measures[min(end, measures.count - 1)].luma)
        return ShotChange(
            frame: frame,
            kind: .fade,
            score: Double(min(1, depth / 64)),
            transition: first..<end
        )
    }
}
