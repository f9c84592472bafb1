/// Follows objects through the maps of a video and proposes those that a person may mean.
///
/// Objects of successive maps are the same if they overlap, since maps are carried along the
/// optical flow. Memory grows by some hundred bytes a frame.
package struct CandidateCollector: Sendable {
    private let width: Int
    private let height: Int
    private var sightings: [Sighting] = []
    /// Area of the box of the largest object in each map that has one, in places.
    private var areas: [Int] = []
    /// The box of each track's object on each frame.
    private var boxes: [Int: [Int: PlaceBox]] = [:]
    private var latest = Latest()
    private var trackCount = 0
    /// The best of the maps without an object.
    private var faint: (candidate: ObjectCandidate, peak: UInt8)?

    /// An object on one frame.
    private struct Sighting: Sendable {
        let frame: Int
        let track: Int
        let region: ObjectRegions.Region
        /// Columns and rows of the map.
        let size: (width: Int, height: Int)
        let confidence: Double
    }

    /// The latest map with an object, and the track of each of its regions.
    private struct Latest: Sendable {
        var labels: [UInt8] = []
        var tracks: [Int] = []
    }

    /// Maps without an object count only where a place reaches this value, …
    private static let leastPeak: UInt8 = 32
    /// … so many times the mean of the map.
    private static let leastContrast = 4
    /// Two objects are the same if this share of the smaller one overlaps.
    private static let leastOverlap = 0.3
    /// A further prompt for an object is at least this share as good as the first, …
    private static let leastFurtherScore = 0.8
    /// … and this share of the video away from every other one.
    private static let leastDistance = 0.2

    /// - Parameters:
    ///   - width: columns of the video's frames.
    ///   - height: rows of the video's frames.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Takes the map of the next frame.
    package mutating func add(_ map: ObjectMap) {
        let found = ObjectRegions(map)
        guard let largest = found.regions.first else {
            addFaint(map)
            return
        }
        areas.append(largest.box.area)
        let tracks = follow(found)
        for (region, track) in zip(found.regions, tracks) {
            boxes[track, default: [:]][map.frame] = region.box
            sightings.append(
                Sighting(
                    frame: map.frame,
                    track: track,
                    region: region,
                    size: (map.width, map.height),
                    confidence: Double(map.confidence)
                )
            )
        }
        latest = Latest(labels: found.labels, tracks: tracks)
    }

    /// The best sighting of each object, best first.
    ///
    /// - Parameter count: the most objects.
    /// - Returns: the candidates; none if nothing stands out in any map.
    package func objects(_ count: Int) -> [ObjectCandidate] {
        var best: [ObjectCandidate] = []
        for (candidate, _) in ranked(median) {
            if best.count == count { break }
            if !best.contains(where: { isSame($0, candidate) }) { best.append(candidate) }
        }
        return best.isEmpty ? [faint?.candidate].compactMap(\.self) : best
    }

    /// Whether two candidates are likely the same object, whose track was broken: soon after each
    /// other in the same place.
    private func isSame(_ one: ObjectCandidate, _ other: ObjectCandidate) -> Bool {
        guard abs(one.frame - other.frame) <= furtherDistance else { return false }
        let width = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
        let height = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
        let areas = [one, other].map { ($0.box[2] - $0.box[0]) * ($0.box[3] - $0.box[1]) }
        return width > 0 && height > 0
            && width * height >= Self.leastOverlap * min(areas[0], areas[1])
    }

    /// Frames that prompts for the same object are apart, at least.
    private var furtherDistance: Int {
        let frames = (sightings.last?.frame ?? 0) - (sightings.first?.frame ?? 0)
        return max(1, Int(Double(frames) * Self.leastDistance))
    }

    /// What is known best of the best object: its best sighting, and others on frames far away
    /// that belong to the same track, so that both agree which object is meant.
    ///
    /// - Parameter count: the most sightings.
    /// - Returns: the sightings, best first; none if nothing stands out in any map.
    package func bestObject(_ count: Int = 3) -> [ObjectCandidate] {
        let median = median
        guard let best = ranked(median).first else { return objects(1) }
        let distance = furtherDistance
        let others = sightings.filter { $0.track == best.track }.map { candidate($0, median) }
            .filter { $0.score >= Self.leastFurtherScore * best.candidate.score }
            .sorted { ($0.score, $1.frame) > ($1.score, $0.frame) }
        var chosen = [best.candidate]
        for other in others where chosen.count < count {
            if chosen.allSatisfy({ abs($0.frame - other.frame) >= distance }) {
                chosen.append(other)
            }
        }
        return chosen
    }

    /// Where the object of a candidate is on all frames on which it was followed.
    ///
    /// - Parameter candidate: one that `objects` or `bestObject` has returned.
    /// - Returns: left, top, right and bottom in pixels, by frame; at least on the candidate's own.
    package func boxes(of candidate: ObjectCandidate) -> [Int: [Double]] {
        let median = median
        let sighting = sightings.first {
            $0.frame == candidate.frame && self.candidate($0, median) == candidate
        }
        guard let sighting, let track = boxes[sighting.track] else {
            return [candidate.frame: candidate.box]
        }
        return track.mapValues { pixels(of: $0, sighting.size) }
    }

    private var median: Int { areas.isEmpty ? 1 : areas.sorted()[areas.count / 2] }

    private func ranked(_ median: Int) -> [(candidate: ObjectCandidate, track: Int)] {
        var best: [Int: ObjectCandidate] = [:]
        for sighting in sightings {
            let candidate = candidate(sighting, median)
            if candidate.score > best[sighting.track]?.score ?? -1 {
                best[sighting.track] = candidate
            }
        }
        return best.map { ($0.value, $0.key) }.sorted {
            ($0.candidate.score, $1.track) > ($1.candidate.score, $0.track)
        }
    }

    private func candidate(_ sighting: Sighting, _ median: Int) -> ObjectCandidate {
        // An object that is cut off has a small box, and one that has grown together with something
        // else a box that changes.
        let share = min(1, Double(sighting.region.box.area) / Double(median))
        return candidate(
            sighting.region,
            sighting.size,
            frame: sighting.frame,
            score: sighting.confidence * share.squareRoot() * (0.5 + 0.5 * steadiness(sighting))
        )
    }

    /// Mean IoU of an object's box with those of the two frames before and after it.
    private func steadiness(_ sighting: Sighting) -> Double {
        guard let first = sightings.first?.frame, let last = sightings.last?.frame, first < last
        else { return 1 }
        let near = [-2, -1, 1, 2].map { sighting.frame + $0 }.filter { first...last ~= $0 }
        let overlaps = near.map { frame in
            boxes[sighting.track]?[frame].map { sighting.region.box.iou($0) } ?? 0
        }
        return overlaps.reduce(0, +) / Double(max(near.count, 1))
    }

    private func candidate(
        _ region: ObjectRegions.Region,
        _ size: (width: Int, height: Int),
        frame: Int,
        score: Double
    ) -> ObjectCandidate {
        let across = Double(width) / Double(size.width)
        let down = Double(height) / Double(size.height)
        let pixel = { (place: Int, scale: Double, count: Int) in
            min(Double(count - 1), ((Double(place) + 0.5) * scale).rounded(.down))
        }
        return ObjectCandidate(
            frame: frame,
            point: [
                pixel(region.point.x, across, width), pixel(region.point.y, down, height),
            ],
            box: pixels(of: region.box, size),
            score: (min(1, max(0, score)) * 10_000).rounded() / 10_000
        )
    }

    /// The corners of a box of a map.
    private func pixels(of box: PlaceBox, _ size: (width: Int, height: Int)) -> [Double] {
        let across = Double(width) / Double(size.width)
        let down = Double(height) / Double(size.height)
        return [
            (Double(box.left) * across).rounded(.down), (Double(box.top) * down).rounded(.down),
            (Double(box.right) * across).rounded(.up), (Double(box.bottom) * down).rounded(.up),
        ]
    }

    /// The tracks of a map's regions: those of the map before, where they overlap.
    private mutating func follow(_ found: ObjectRegions) -> [Int] {
        var overlaps = found.regions.map { _ in [Int](repeating: 0, count: latest.tracks.count) }
        var sizes = [Int](repeating: 0, count: latest.tracks.count)
        if latest.labels.count == found.labels.count {
            for (old, new) in zip(latest.labels, found.labels) where old > 0 {
                sizes[Int(old) - 1] += 1
                if new > 0 { overlaps[Int(new) - 1][Int(old) - 1] += 1 }
            }
        }
        var taken: Set<Int> = []
        return found.regions.indices.map { index in
            let free = latest.tracks.indices.filter { !taken.contains($0) }
            if let old = free.max(by: { overlaps[index][$0] < overlaps[index][$1] }) {
                let smaller = Double(min(found.regions[index].area, sizes[old]))
                if Double(overlaps[index][old]) >= Self.leastOverlap * smaller, smaller > 0 {
                    taken.insert(old)
                    return latest.tracks[old]
                }
            }
            trackCount += 1
            return trackCount
        }
    }

    /// Keeps what stands out most in a map without an object.
    private mutating func addFaint(_ map: ObjectMap) {
        guard let peak = map.values.max(), peak >= Self.leastPeak, peak > faint?.peak ?? 0 else {
            return
        }
        let sum = map.values.reduce(0) { $0 + Int($1) }
        guard Int(peak) * map.values.count >= Self.leastContrast * sum,
            let region = ObjectRegions(map, level: peak / 2 + 1).regions.first
        else { return }
        let share = Double(peak) / 255
        let candidate = candidate(
            region,
            (map.width, map.height),
            frame: map.frame,
            score: share * share
        )
        faint = (candidate, peak)
    }
}
