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

    /// The columns and rows of each part; the first entry is unused.
    func boxes(width: Int) -> [(columns: ClosedRange<Int>, rows: ClosedRange<Int>)] {
        var boxes = [(columns: ClosedRange<Int>, rows: ClosedRange<Int>)?](
            repeating: nil,
            count: areas.count
        )
        for place in labels.indices where labels[place] > 0 {
            let (x, y) = (place % width, place / width)
            let label = Int(labels[place])
            guard let box = boxes[label] else {
                boxes[label] = (x...x, y...y)
                continue
            }
            boxes[label] = (
                min(box.columns.lowerBound, x)...max(box.columns.upperBound, x),
                min(box.rows.lowerBound, y)...max(box.rows.upperBound, y)
            )
        }
        return boxes.map { $0 ?? (0...0, 0...0) }
    }
}
