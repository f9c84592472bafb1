import Imaging

/// Keeps, of a mask that says what is near, the connected parts that the motion of the clip speaks
/// for.
package enum MovingParts {
    /// The mean probability, 0…255 for 0…1, from which on a part is kept. Half of the scale: it is
    /// also where the maps themselves divide object from background.
    private static let level = 128

    /// The parts of a mask, connected along sides and corners, in which the object is probable on
    /// the mean.
    ///
    /// - Parameters:
    ///   - mask: 0 background, anything else a part.
    ///   - map: where the object of the clip is on that frame; each place stands for its part of
    ///     the mask.
    /// - Returns: the mask without the other parts; empty when nothing speaks for any.
    package static func keep(of mask: GrayImage, where map: ObjectMap) -> GrayImage {
        guard map.width > 0, map.height > 0 else { return mask }
        let columns = (0..<mask.width).map { $0 * map.width / mask.width }
        var parts = PartSums()
        var runs: [(row: Int, columns: Range<Int>, part: Int)] = []
        // The runs of the row before, which those of this row may touch.
        var above = 0..<0
        for row in 0..<mask.height {
            let line = row * map.height / mask.height * map.width
            let start = runs.count
            var touching = above.lowerBound
            for run in self.runs(of: mask, row: row) {
                let sum = run.reduce(0) { $0 + Int(map.values[line + columns[$1]]) }
                let part = parts.add(sum: sum, count: run.count)
                while touching < above.upperBound,
                    runs[touching].columns.upperBound < run.lowerBound
                {
                    touching += 1
                }
                var next = touching
                while next < above.upperBound, runs[next].columns.lowerBound <= run.upperBound {
                    parts.join(part, runs[next].part)
                    next += 1
                }
                runs.append((row, run, part))
            }
            above = start..<runs.count
        }
        var kept = mask
        for run in runs where parts.mean(of: run.part) < level {
            for column in run.columns { kept.pixels[run.row * mask.width + column] = 0 }
        }
        return kept
    }

    /// The columns of a row that are inside, run by run.
    private static func runs(of mask: GrayImage, row: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for column in 0..<mask.width {
            let isInside = mask.pixels[row * mask.width + column] != 0
            if isInside, start == nil { start = column }
            if !isInside, let first = start {
                runs.append(first..<column)
                start = nil
            }
        }
        if let start { runs.append(start..<mask.width) }
        return runs
    }
}

/// Parts that grow together, with the sum of their probabilities: a union-find forest.
private struct PartSums {
    private var parents: [Int] = []
    private var sums: [Int] = []
    private var counts: [Int] = []

    /// Begins a part.
    mutating func add(sum: Int, count: Int) -> Int {
        parents.append(parents.count)
        sums.append(sum)
        counts.append(count)
        return parents.count - 1
    }

    mutating func join(_ one: Int, _ other: Int) {
        let (one, other) = (root(of: one), root(of: other))
        guard one != other else { return }
        let (kept, joined) = (min(one, other), max(one, other))
        parents[joined] = kept
        sums[kept] += sums[joined]
        counts[kept] += counts[joined]
    }

    /// The mean of a part, rounded down.
    mutating func mean(of part: Int) -> Int {
        let root = root(of: part)
        return sums[root] / counts[root]
    }

    private mutating func root(of part: Int) -> Int {
        var part = part
        while parents[part] != part {
            parents[part] = parents[parents[part]]
            part = parents[part]
        }
        return part
    }
}
