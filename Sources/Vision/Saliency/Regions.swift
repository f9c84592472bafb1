/// Connected parts of a mask at the map's size.
struct Regions {
    /// The part that each place belongs to, from 1; 0 outside.
    private(set) var labels: [Int32]
    /// Places of each part; the first entry is unused.
    private(set) var areas: [Int] = [0]

    /// - Parameters:
    ///   - isInside: whether each place is inside.
    ///   - width: columns.
    ///   - height: rows.
    init(_ isInside: [Bool], width: Int, height: Int) {
        labels = [Int32](repeating: 0, count: isInside.count)
        var queue: [Int] = []
        for start in isInside.indices where isInside[start] && labels[start] == 0 {
            let label = Int32(areas.count)
            var area = 0
            labels[start] = label
            queue.append(start)
            while let place = queue.popLast() {
                area += 1
                let (x, y) = (place % width, place / width)
                for row in max(y - 1, 0)...min(y + 1, height - 1) {
                    for column in max(x - 1, 0)...min(x + 1, width - 1) {
                        let next = row * width + column
                        if isInside[next], labels[next] == 0 {
                            labels[next] = label
                            queue.append(next)
                        }
                    }
                }
            }
            areas.append(area)
        }
    }

    /// The largest part; nil if there is none.
    var largest: Int32? {
        guard areas.count > 1 else { return nil }
        var best = 1
        for label in 1..<areas.count where areas[label] > areas[best] { best = label }
        return Int32(best)
    }

    /// Distance of each place of a part to the nearest place outside it or of the frame's surroundings,
    /// in places, by chamfer steps; 0 outside the part.
    func depths(of label: Int32, width: Int, height: Int) -> [Float] {
        // Steps along a row or column, and diagonally: G. Borgefors, "Distance Transformations in
        // Digital Images", CVGIP 34, 1986.
        let (straight, diagonal): (Float, Float) = (0.955, 1.3693)
        var depth = labels.map { $0 == label ? Float.greatestFiniteMagnitude : 0 }
        func at(_ x: Int, _ y: Int) -> Float {
            x < 0 || y < 0 || x >= width || y >= height ? 0 : depth[y * width + x]
        }
        for y in 0..<height {
            for x in 0..<width where depth[y * width + x] > 0 {
                let aside = min(at(x - 1, y), at(x, y - 1)) + straight
                let across = min(at(x - 1, y - 1), at(x + 1, y - 1)) + diagonal
                depth[y * width + x] = min(depth[y * width + x], min(aside, across))
            }
        }
        for y in (0..<height).reversed() {
            for x in (0..<width).reversed() where depth[y * width + x] > 0 {
                let aside = min(at(x + 1, y), at(x, y + 1)) + straight
                let across = min(at(x - 1, y + 1), at(x + 1, y + 1)) + diagonal
                depth[y * width + x] = min(depth[y * width + x], min(aside, across))
            }
        }
        return depth
    }
}
