/// The objects of one map: connected places that are object, with parts beside each other taken
/// together. All positions and areas are in places of the map.
struct ObjectRegions: Sendable {
    struct Region: Sendable {
        /// Places of all its parts.
        let area: Int
        /// The place that lies deepest inside its largest part.
        let point: (x: Int, y: Int)
        /// Around its parts and what joins them at half the level, where thin parts such as legs
        /// often are; the last column and row are outside.
        fileprivate(set) var box: PlaceBox
    }

    /// A region smaller than this is noise (of some 6,500 places).
    static let leastArea = 6
    /// A part belongs to the object if it has this share of the area of the largest part.
    private static let leastShare = 0.2
    /// … and is at most this far away, in longer sides of the largest part's box.
    private static let mostGap = 0.5
    /// Regions of a map; of more, the smaller ones are left out.
    private static let mostRegions = 4

    /// The largest first.
    private(set) var regions: [Region] = []
    /// For each place the region that it belongs to, counted from 1; 0 for none.
    private(set) var labels: [UInt8]

    /// - Parameters:
    ///   - map: the map.
    ///   - level: values from this on are object, at least 1.
    init(_ map: ObjectMap, level: UInt8 = ObjectMap.level) {
        labels = Array(repeating: 0, count: map.values.count)
        var parts = Parts(map, level: level)
        var large: [[Int]] = []
        while regions.count < Self.mostRegions, let seed = parts.takeLargest() {
            guard seed.places.count >= Self.leastArea else { break }
            let near = parts.take { part in
                let gap = Double(seed.box.gap(to: part.box))
                let isLarge =
                    Double(part.places.count) >= Self.leastShare * Double(seed.places.count)
                return gap == 0 || isLarge && gap <= Self.mostGap * Double(seed.box.longerSide)
            }
            large.append(add(seed, near, map))
        }
        for (index, places) in large.enumerated() {
            regions[index].box = box(around: places, map, level: max(level / 2, 1))
        }
    }

    /// - Returns: the places of the object's larger parts.
    private mutating func add(_ seed: Part, _ near: [Part], _ map: ObjectMap) -> [Int] {
        let label = UInt8(regions.count + 1)
        var area = seed.places.count
        for place in seed.places { labels[place] = label }
        var large = seed.places
        for part in near {
            for place in part.places { labels[place] = label }
            area += part.places.count
            // Crumbs beside the object do not stretch its box.
            if Double(part.places.count) >= Self.leastShare * Double(seed.places.count) {
                large += part.places
            }
        }
        let point = seed.deepestPlace(in: map)
        regions.append(Region(area: area, point: point, box: seed.box))
        return large
    }

    /// The box around places of a region and all that joins them at a level and is of no other one.
    private func box(around places: [Int], _ map: ObjectMap, level: UInt8) -> PlaceBox {
        let own = places.first.map { labels[$0] }
        var isOpen = map.values.indices.map {
            map.values[$0] >= level && (labels[$0] == 0 || labels[$0] == own)
        }
        var box = PlaceBox(left: map.width, top: map.height, right: 0, bottom: 0)
        for start in places where isOpen[start] {
            box.include(Parts.part(from: start, map.width, map.height, &isOpen).box)
        }
        return box
    }
}

/// A rectangle of places; the last column and row are outside.
struct PlaceBox: Sendable, Equatable {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int

    var longerSide: Int { max(right - left, bottom - top) }

    var area: Int { (right - left) * (bottom - top) }

    /// Intersection over union.
    func iou(_ other: PlaceBox) -> Double {
        let width = max(min(right, other.right) - max(left, other.left), 0)
        let height = max(min(bottom, other.bottom) - max(top, other.top), 0)
        return Double(width * height) / Double(max(area + other.area - width * height, 1))
    }

    /// Places between this and another box, along the axis with more of them; 0 if they touch.
    func gap(to other: PlaceBox) -> Int {
        max(
            0,
            other.left - right,
            left - other.right,
            other.top - bottom,
            top - other.bottom
        )
    }

    mutating func include(_ other: PlaceBox) {
        left = min(left, other.left)
        top = min(top, other.top)
        right = max(right, other.right)
        bottom = max(bottom, other.bottom)
    }
}

/// Connected places.
private struct Part {
    var places: [Int] = []
    var box: PlaceBox

    /// The place where the distance to the part's outline, times the value, is largest. Behind the
    /// frame's edge is no object.
    func deepestPlace(in map: ObjectMap) -> (x: Int, y: Int) {
        // One place around the part, which is outside.
        let (width, height) = (box.right - box.left + 2, box.bottom - box.top + 2)
        var distance = [Float](repeating: 0, count: width * height)
        for place in places {
            let (x, y) = (place % map.width - box.left + 1, place / map.width - box.top + 1)
            distance[y * width + x] = .greatestFiniteMagnitude
        }
        Self.spread(&distance, width, height)
        var best = (x: box.left, y: box.top, depth: Float(-1))
        for place in places {
            let (x, y) = (place % map.width, place / map.width)
            let index = (y - box.top + 1) * width + x - box.left + 1
            let depth = distance[index] * Float(map.values[place])
            if depth > best.depth { best = (x, y, depth) }
        }
        return (best.x, best.y)
    }

    /// Distances from 0 by steps to the eight neighbours, in two passes.
    private static func spread(_ distance: inout [Float], _ width: Int, _ height: Int) {
        let diagonal: Float = 1.414
        func lower(_ index: Int, by step: Int) {
            guard distance[index] > 0 else { return }
            let row = index + step * width
            let nearest = min(
                distance[index + step] + 1,
                distance[row] + 1,
                min(distance[row - 1], distance[row + 1]) + diagonal
            )
            distance[index] = min(distance[index], nearest)
        }
        for y in 1..<height - 1 {
            for x in 1..<width - 1 { lower(y * width + x, by: -1) }
        }
        for y in (1..<height - 1).reversed() {
            for x in (1..<width - 1).reversed() { lower(y * width + x, by: 1) }
        }
    }
}

/// The connected places of a map, each with its eight neighbours.
private struct Parts {
    private var parts: [Part]

    init(_ map: ObjectMap, level: UInt8) {
        var isOpen = map.values.map { $0 >= level }
        var found: [Part] = []
        for start in isOpen.indices where isOpen[start] {
            found.append(Self.part(from: start, map.width, map.height, &isOpen))
        }
        // In a fixed order: of equal ones the first.
        parts = found.enumerated().sorted {
            ($0.element.places.count, $1.offset) > ($1.element.places.count, $0.offset)
        }.map(\.element)
    }

    static func part(
        from start: Int,
        _ width: Int,
        _ height: Int,
        _ isOpen: inout [Bool]
    ) -> Part {
        let (x, y) = (start % width, start / width)
        var part = Part(box: PlaceBox(left: x, top: y, right: x + 1, bottom: y + 1))
        var waiting = [start]
        isOpen[start] = false
        while let place = waiting.popLast() {
            let (x, y) = (place % width, place / width)
            part.places.append(place)
            part.box.include(PlaceBox(left: x, top: y, right: x + 1, bottom: y + 1))
            for row in max(0, y - 1)...min(height - 1, y + 1) {
                for column in max(0, x - 1)...min(width - 1, x + 1)
                where isOpen[row * width + column] {
                    isOpen[row * width + column] = false
                    waiting.append(row * width + column)
                }
            }
        }
        return part
    }

    mutating func takeLargest() -> Part? { parts.isEmpty ? nil : parts.removeFirst() }

    /// Takes those that `belongs` is true for.
    mutating func take(_ belongs: (Part) -> Bool) -> [Part] {
        let taken = parts.filter(belongs)
        parts.removeAll(where: belongs)
        return taken
    }
}
