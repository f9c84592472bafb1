/// How full-size samples lie between the centres of small ones, along one direction.
struct CellSpan {
    /// Full-size samples whose place lies between two neighbouring small centres.
    let samples: Range<Int>
    /// The two small samples; the same one beyond the outermost centres.
    let first: Int
    let second: Int

    /// The part of the way from the first centre to the second at which a sample lies.
    static func part(of sample: Int, factor: Int) -> Float {
        let place = (Float(sample) + 0.5) / Float(factor) - 0.5
        return place - place.rounded(.down)
    }

    /// All spans of a direction, from the frame's edge to its edge.
    static func all(factor: Int, small: Int, full: Int) -> [CellSpan] {
        var spans: [CellSpan] = []
        for cell in -1..<small {
            let start = max(0, cell * factor + factor / 2)
            let end = min(full, (cell + 1) * factor + factor / 2)
            let isLast = cell == small - 1
            let samples = max(0, start)..<max(start, isLast ? full : end)
            guard !samples.isEmpty, samples.upperBound <= full else { continue }
            spans.append(
                CellSpan(samples: samples, first: max(cell, 0), second: min(cell + 1, small - 1))
            )
        }
        return spans
    }
}
