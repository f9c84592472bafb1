/// Parts of a video in which nothing is offered, by the starts of the clips that would be in them.
struct TakenParts: Sendable {
    /// A part is taken for a clip if the clip has more than this share of it.
    private static let share = 0.5

    /// The parts of a filter.
    struct Kind: Sendable {
        let filter: ClipSearch.Filter
        /// The starts of clips that are in a part: open intervals, ascending and apart.
        fileprivate let starts: [ClosedRange<Double>]

        /// Whether a clip that begins at a time is in a part.
        func hasTaken(_ start: Double) -> Bool {
            var (low, high) = (0, starts.count)
            while low < high {
                let middle = (low + high) / 2
                if starts[middle].upperBound <= start { low = middle + 1 } else { high = middle }
            }
            return low < starts.count && starts[low].lowerBound < start
        }
    }

    /// One for each filter for which there are parts.
    let kinds: [Kind]

    /// - Parameters:
    ///   - parts: the parts.
    ///   - duration: of a clip, in seconds.
    init(_ parts: [ClipSearch.Taken], duration: Double) {
        var starts: [ClipSearch.Filter: [ClosedRange<Double>]] = [:]
        for part in parts {
            // A clip has more and more of the part, then all that fits, then less and less.
            let least = Self.share * min(duration, part.duration)
            let (first, last) = (part.start - duration + least, part.start + part.duration - least)
            guard first < last else { continue }
            starts[part.filter, default: []].append(first...last)
        }
        kinds = ClipSearch.Filter.allCases.compactMap { filter in
            starts[filter].map { Kind(filter: filter, starts: Self.joined($0)) }
        }
    }

    private static func joined(_ ranges: [ClosedRange<Double>]) -> [ClosedRange<Double>] {
        var joined: [ClosedRange<Double>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, range.lowerBound < last.upperBound {
                let end = max(last.upperBound, range.upperBound)
                joined[joined.count - 1] = last.lowerBound...end
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    /// Whether a clip that begins at a time is in a part of a filter.
    func contain(_ start: Double, _ filter: ClipSearch.Filter) -> Bool {
        kinds.contains { $0.filter == filter && $0.hasTaken(start) }
    }
}
