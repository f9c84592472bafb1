import ClipLibrary
import ClipReview

/// The way of a person through the queue: the clips that have come up, in their order, and those that
/// wait.
///
/// A clip that is passed over without a verdict comes again when the queue is empty.
package struct ReviewTrail: Sendable {
    /// A clip that came up.
    package struct Stop: Sendable, Equatable {
        package let clip: Int64
        package let draw: ClipVerdict.Draw
    }

    private var queue: ReviewQueue
    private var stops: [Stop] = []
    private var place: Int?
    /// The clips without a verdict of the person.
    package private(set) var waiting: Set<Int64>

    package init(
        _ items: [ReviewQueue.Item],
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        queue = ReviewQueue(items, random: random)
        waiting = Set(items.map(\.clip))
    }

    /// The stop that is shown; nil before the first.
    package var current: Stop? { place.map { stops[$0] } }

    /// The one before it.
    package var previous: Stop? { place.flatMap { $0 > 0 ? stops[$0 - 1] : nil } }

    /// The one that comes after it.
    ///
    /// - Parameter isWaiting: whether stops with a verdict are passed over.
    /// - Returns: nil where there is none; otherwise the same each time, until something changes.
    package mutating func next(isWaiting: Bool) -> Stop? {
        let later = stops.indices.filter { $0 > place ?? -1 }
        if let found = later.first(where: { !isWaiting || waiting.contains(stops[$0].clip) }) {
            return stops[found]
        }
        while let turn = queue.next() {
            guard waiting.contains(turn.item.clip) else { continue }
            let stop = Stop(clip: turn.item.clip, draw: turn.draw)
            stops.append(stop)
            return stop
        }
        // Those that were passed over come again.
        return stops.indices.first { $0 != place && waiting.contains(stops[$0].clip) }
            .map { stops[$0] }
    }

    /// Makes a stop the current one.
    package mutating func go(to clip: Int64) {
        if let found = stops.firstIndex(where: { $0.clip == clip }) { place = found }
    }

    /// Notes that the person has judged a clip.
    package mutating func judge(_ clip: Int64) { waiting.remove(clip) }

    /// Notes that a clip has no verdict any more, and makes it the current stop.
    package mutating func takeBack(_ clip: Int64, _ draw: ClipVerdict.Draw) {
        waiting.insert(clip)
        stay(at: clip, draw)
    }

    /// Makes a clip the current stop: in its place, or in that of the current one.
    package mutating func stay(at clip: Int64, _ draw: ClipVerdict.Draw) {
        let stop = Stop(clip: clip, draw: draw)
        if let found = stops.firstIndex(where: { $0.clip == clip }) {
            stops[found] = stop
            place = found
        } else {
            place = place ?? stops.count
            stops.insert(stop, at: min(place ?? 0, stops.count))
        }
    }

    /// Takes out a clip that is gone, or that was judged elsewhere.
    package mutating func remove(_ clip: Int64) {
        waiting.remove(clip)
        guard let found = stops.firstIndex(where: { $0.clip == clip }), found != place else {
            return
        }
        stops.remove(at: found)
        if let place, found < place { self.place = place - 1 }
    }

    /// Takes the clips that wait now.
    package mutating func update(_ items: [ReviewQueue.Item]) {
        waiting = Set(items.map(\.clip))
        let known = Set(stops.map(\.clip))
        queue.replace(items.filter { !known.contains($0.clip) })
    }
}
