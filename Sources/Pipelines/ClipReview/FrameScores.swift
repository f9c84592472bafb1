import MaskStore

/// The scores of the masks of a clip, frame by frame.
package struct FrameScores: Sendable, Equatable {
    /// 0…1; nil for a mask that was not judged.
    package let values: [Double?]
    /// The frame with the lowest score, the first of several; 0 where none was judged.
    package let worst: Int

    package init(_ values: [Double?]) {
        self.values = values
        worst = Self.ascending(values).first ?? 0
    }

    /// - Parameters:
    ///   - records: of the masks, in any order.
    ///   - count: how many frames the clip has.
    package init(of records: [FrameRecord], count: Int) {
        var values = [Double?](repeating: nil, count: count)
        for record in records where values.indices.contains(record.frame) {
            values[record.frame] = record.score
        }
        self.init(values)
    }

    /// The frames that were judged, the lowest score first.
    private static func ascending(_ values: [Double?]) -> [Int] {
        values.enumerated().compactMap { frame, score in score.map { (score: $0, frame: frame) } }
            .sorted { ($0.score, $0.frame) < ($1.score, $1.frame) }.map(\.frame)
    }

    /// The frames of the lowest scores, the worst first, with some distance between them: neighbours show
    /// the same.
    ///
    /// - Parameter count: how many frames, at most.
    /// - Returns: the frames; none where no mask was judged.
    package func worst(_ count: Int) -> [Int] {
        var frames = Self.ascending(values)
        let distance = max(1, values.count / (2 * max(count, 1)))
        var chosen: [Int] = []
        while chosen.count < count, let worst = frames.first {
            chosen.append(worst)
            frames.removeAll { abs($0 - worst) < distance }
        }
        return chosen
    }

    /// The lowest score of each of some parts of the clip that are equally long, for a strip that has
    /// fewer columns than the clip has frames.
    ///
    /// - Parameter count: how many parts, at least 1.
    /// - Returns: nil for parts without a mask that was judged.
    package func lowest(of count: Int) -> [Double?] {
        (0..<count).map { part in
            let first = part * values.count / count
            let end = max(first + 1, (part + 1) * values.count / count)
            return values[min(first, values.count)..<min(end, values.count)].compactMap(\.self)
                .min()
        }
    }
}
