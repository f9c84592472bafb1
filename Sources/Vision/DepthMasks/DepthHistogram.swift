import Imaging

/// How often each depth occurred in the last frames, older ones counting less.
struct DepthHistogram: Sendable {
    private static let bins = 256

    private var range: DepthLimits
    private var counts = [Double](repeating: 0, count: bins)

    /// An empty histogram for values about these limits, which are not flat.
    init(about limits: DepthLimits) {
        range = limits.widened
    }

    /// Converts the histogram to the values of the next frame.
    mutating func convert(by change: AffineChange) { range = change(range) }

    /// Adds a map, which then has this part of all that counts.
    ///
    /// - Parameters:
    ///   - depth: every second sample of every second row counts.
    ///   - part: 0...1.
    ///   - limits: where most values are by now.
    mutating func add(_ depth: DepthMap, part: Double, limits: DepthLimits) {
        if limits.farthest < range.farthest || limits.nearest > range.nearest
            || limits.span < 0.4 * range.span
        {
            move(to: limits.widened)
        }
        var added = [Int](repeating: 0, count: Self.bins)
        let scale = Float(Self.bins) / range.span
        depth.values.withUnsafeBufferPointer { values in
            var target = added.mutableSpan
            for y in stride(from: 0, to: depth.height, by: 2) {
                let row = y &* depth.width
                for x in stride(from: 0, to: depth.width, by: 2) {
                    let place = (values[row &+ x] - range.farthest) * scale
                    let bin = Int32(min(max(place, 0), Float(Self.bins - 1)))
                    target[unchecked: Int(bin)] &+= 1
                }
            }
        }
        let total = Double(added.reduce(0, +))
        for bin in counts.indices {
            counts[bin] = counts[bin] * (1 - part) + Double(added[bin]) / total * part
        }
    }

    /// The value that best separates near from far.
    ///
    /// - Parameter before: the value that did so before, which is kept as long as another one is
    ///   not clearly better: two that are equally good must not alternate.
    /// - Returns: the value above which a sample is near.
    func level(before: Float?) -> Float {
        let spreads = OtsuThreshold.spreads(of: counts)
        var best = OtsuThreshold.level(of: counts)
        if let before {
            let place = (before - range.farthest) / range.span * Float(Self.bins) - 1
            var near = Int(min(max(place, 0), Float(Self.bins - 1)))
            // A step over small bumps of the curve.
            while let better = (max(near - 8, 0)...min(near + 8, Self.bins - 1))
                .max(by: { spreads[$0] < spreads[$1] }), spreads[better] > spreads[near]
            {
                near = better
            }
            if spreads[near] * 1.02 > spreads[best] { best = near }
        }
        // Where hardly anything is between the classes, the middle is farthest from both.
        let least = spreads[best] * 0.999
        var (first, last) = (best, best)
        while first > 0, spreads[first - 1] >= least { first -= 1 }
        while last < Self.bins - 1, spreads[last + 1] >= least { last += 1 }
        let edge = Float(first + last) / 2 + 1
        return range.farthest + edge / Float(Self.bins) * range.span
    }

    private mutating func move(to new: DepthLimits) {
        var newCounts = [Double](repeating: 0, count: Self.bins)
        for (bin, count) in counts.enumerated() {
            let value = range.farthest + (Float(bin) + 0.5) / Float(Self.bins) * range.span
            let place = (value - new.farthest) / new.span * Float(Self.bins)
            newCounts[Int(min(max(place, 0), Float(Self.bins - 1)))] += count
        }
        range = new
        counts = newCounts
    }
}

extension DepthLimits {
    fileprivate var span: Float { nearest - farthest }

    /// The same with a quarter more at each end.
    fileprivate var widened: DepthLimits {
        DepthLimits(farthest: farthest - span / 4, nearest: nearest + span / 4)
    }
}
