/// Finds, in the maps of a video, the frames on which the object is seen best, and keeps only these.
package struct CandidateCollector: Sendable {
    private let frameWidth: Int
    private let frameHeight: Int
    /// The best proposals so far, the best first, each of another stretch of the video.
    private var found: [Scored] = []
    /// Areas of the masks, in 1/1000 of the frame: how often each occurs.
    private var areas = [Int](repeating: 0, count: 1001)

    private struct Scored: Sendable {
        let candidate: ObjectCandidate
        /// Part of the frame that is object.
        let area: Float
    }

    /// Proposals that are kept.
    private static let most = 64

    /// - Parameters:
    ///   - frameWidth: columns of the video.
    ///   - frameHeight: rows of the video.
    package init(frameWidth: Int, frameHeight: Int) {
        (self.frameWidth, self.frameHeight) = (frameWidth, frameHeight)
    }

    /// Takes the map of the next frame.
    package mutating func add(_ map: ObjectMap) {
        guard let scored = propose(map) else { return }
        areas[min(Int(scored.area * 1000), 1000)] += 1
        let place = found.firstIndex { $0.candidate.score < scored.candidate.score } ?? found.count
        guard place < Self.most else { return }
        found.insert(scored, at: place)
        if found.count > Self.most { found.removeLast() }
    }

    /// The best proposals, best first: frames on which the object is seen with confidence and is
    /// not much smaller than it usually is.
    ///
    /// - Parameter count: how many at most.
    /// - Returns: at most `count` proposals; none if nothing stands out.
    package func best(_ count: Int) -> [ObjectCandidate] {
        let usual = max(medianArea, 1e-6)
        let ranked = found.map { scored in
            (scored.candidate, Double(min(1, scored.area / usual).squareRoot()))
        }
        let sorted = ranked.sorted { a, b in
            let (first, second) = (a.0.score * a.1, b.0.score * b.1)
            return first == second ? a.0.frame < b.0.frame : first > second
        }
        return sorted.prefix(max(count, 0)).map(\.0)
    }

    private var medianArea: Float {
        let total = areas.reduce(0, +)
        var below = 0
        for (area, number) in areas.enumerated() {
            below += number
            if 2 * below >= total { return (Float(area) + 0.5) / 1000 }
        }
        return 0
    }

    /// The point deepest inside the largest part, and the box around the parts that are not small
    /// beside it.
    private func propose(_ map: ObjectMap) -> Scored? {
        let isObject = map.values.map { $0 >= 128 }
        let regions = Regions(isObject, width: map.width, height: map.height)
        guard let main = regions.largest else { return nil }
        let depths = regions.depths(of: main, width: map.width, height: map.height)
        var deepest = 0
        var most: Float = -1
        for index in depths.indices {
            let depth = depths[index] * Float(map.values[index])
            if depth > most { (deepest, most) = (index, depth) }
        }
        let least = regions.areas[Int(main)]
        var (left, top, right, bottom) = (map.width, map.height, -1, -1)
        var area = 0
        for index in isObject.indices where isObject[index] {
            area += 1
            guard regions.areas[Int(regions.labels[index])] * 5 >= least else { continue }
            let (x, y) = (index % map.width, index / map.width)
            (left, top, right, bottom) = (min(left, x), min(top, y), max(right, x), max(bottom, y))
        }
        let scaleX = Double(frameWidth) / Double(map.width)
        let scaleY = Double(frameHeight) / Double(map.height)
        let candidate = ObjectCandidate(
            frame: map.frame,
            point: [
                Self.pixel((Double(deepest % map.width) + 0.5) * scaleX, frameWidth),
                Self.pixel((Double(deepest / map.width) + 0.5) * scaleY, frameHeight),
            ],
            box: [
                (Double(left) * scaleX).rounded(), (Double(top) * scaleY).rounded(),
                (Double(right + 1) * scaleX).rounded(), (Double(bottom + 1) * scaleY).rounded(),
            ],
            score: Double(map.confidence)
        )
        return Scored(candidate: candidate, area: Float(area) / Float(map.values.count))
    }

    private static func pixel(_ place: Double, _ count: Int) -> Double {
        min(max(place.rounded(.down), 0), Double(count - 1))
    }
}

extension ObjectCandidate {
    /// The best proposals from the maps of a video, best first.
    ///
    /// - Parameters:
    ///   - maps: the maps of its frames.
    ///   - frameWidth: columns of the video.
    ///   - frameHeight: rows of the video.
    ///   - count: how many at most.
    /// - Returns: at most `count` proposals; none if nothing stands out.
    package static func best(
        of maps: [ObjectMap],
        frameWidth: Int,
        frameHeight: Int,
        count: Int
    ) -> [ObjectCandidate] {
        var collector = CandidateCollector(frameWidth: frameWidth, frameHeight: frameHeight)
        for map in maps { collector.add(map) }
        return collector.best(count)
    }
}
