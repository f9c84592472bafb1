/// How probably a colour is the object's at a place and time: a grid over time, place and colour,
/// blurred. After bilateral space video segmentation (N. Märki et al., CVPR 2016). Only the cells
/// that occur are kept, so cells can be small.
package struct LocalGrid: Sendable {
    /// The cell of each place of each frame.
    private let cells: [Int32]
    private let count: Int
    /// For each axis and each cell the cell before and the one behind along it; -1 if that does not
    /// occur.
    private let neighbours: [[SIMD2<Int32>]]

    /// - Parameters:
    ///   - colours: L, a and b of every place of each frame of the window, interleaved.
    ///   - shift: part of a cell by which the grid is shifted along all axes.
    ///   - size: the map's size.
    ///   - tuning: cells along the axes.
    package init(
        _ colours: [[UInt8]],
        shift: Float,
        size: MapSize,
        tuning: SaliencyTuning.Inference
    ) {
        let keys = CellKeys(frames: colours.count, shift: shift, size: size, tuning: tuning)
        var table = CellTable()
        var cells = [Int32](repeating: 0, count: colours.count * size.count)
        cells.withUnsafeMutableBufferPointer { cells in
            var place = 0
            for (time, frame) in colours.enumerated() {
                frame.withUnsafeBufferPointer { bytes in
                    var index = 0
                    var (lastKey, lastCell): (UInt64, Int32) = (0, 0)
                    for row in 0..<size.height {
                        let start = keys.times[time] | keys.rows[row]
                        for column in 0..<size.width {
                            let key = start | keys.columns[column] | keys.colour(bytes, index)
                            if key != lastKey {
                                (lastKey, lastCell) = (key, table.insert(key))
                            }
                            cells[place] = lastCell
                            index &+= 1
                            place &+= 1
                        }
                    }
                }
            }
        }
        self.cells = cells
        count = table.keys.count
        neighbours = (0..<CellKeys.axes).map { axis in
            let step = CellKeys.step(axis)
            return table.keys.map { SIMD2(table.find($0 &- step), table.find($0 &+ step)) }
        }
    }

    /// The part of the object in every cell.
    package func table(_ x: UnsafePointer<Float>, certainty: Float) -> [Float] {
        var sums = [SIMD2<Float>](repeating: .zero, count: count)
        sums.withUnsafeMutableBufferPointer { sums in
            cells.withUnsafeBufferPointer { cells in
                for place in 0..<cells.count {
                    let value = x[place]
                    let weight = Witness.weight(value, certainty)
                    sums[Int(cells[place])] += SIMD2(value * weight, weight)
                }
            }
        }
        var blurred = sums
        for axis in neighbours {
            sums.withUnsafeBufferPointer { source in
                axis.withUnsafeBufferPointer { axis in
                    blurred.withUnsafeMutableBufferPointer { target in
                        for cell in 0..<source.count {
                            let pair = axis[cell]
                            var beside = SIMD2<Float>.zero
                            if pair.x >= 0 { beside += source[Int(pair.x)] }
                            if pair.y >= 0 { beside += source[Int(pair.y)] }
                            target[cell] = source[cell] + beside * 0.5
                        }
                    }
                }
            }
            swap(&sums, &blurred)
        }
        return sums.map { $0.x / ($0.y + 1e-6) }
    }

    /// Adds to each place of a frame what the table says there.
    package func add(
        _ table: UnsafePointer<Float>,
        time: Int,
        to target: UnsafeMutablePointer<Float>,
        _ count: Int
    ) {
        cells.withUnsafeBufferPointer { cells in
            let first = time &* count
            for index in 0..<count { target[index] += table[Int(cells[first &+ index])] }
        }
    }
}

/// Names of cells: ten bits for the number of the cell along each axis.
private struct CellKeys {
    static let axes = 6
    private static let bits: UInt64 = 10

    let times: [UInt64]
    let rows: [UInt64]
    let columns: [UInt64]
    private let light: [UInt64]
    private let first: [UInt64]
    private let second: [UInt64]

    /// From a cell's name to that of the next one along an axis.
    static func step(_ axis: Int) -> UInt64 { 1 << (bits * UInt64(axis)) }

    init(frames: Int, shift: Float, size: MapSize, tuning: SaliencyTuning.Inference) {
        let isTall = size.height > size.width
        let across = isTall ? tuning.downCells : tuning.acrossCells
        let down = isTall ? tuning.acrossCells : tuning.downCells
        // Numbers begin at 1, so that there is a name before the first.
        func names(_ positions: [Float], _ axis: Int) -> [UInt64] {
            positions.map { UInt64(min(Int($0 + shift) + 1, 1022)) * Self.step(axis) }
        }
        func places(_ count: Int, over length: Int) -> [Float] {
            (0..<length).map { Float($0 * count) / Float(length) }
        }
        let chroma = ColourBins.stretched(by: tuning.chromaStretch)
            .map { $0 * Float(tuning.chromaCells) / 256 }
        times = names((0..<frames).map { Float($0) / Float(tuning.timeCell) }, 0)
        rows = names(places(down, over: size.height), 1)
        columns = names(places(across, over: size.width), 2)
        light = names(places(tuning.lightCells, over: 256), 3)
        first = names(chroma, 4)
        second = names(chroma, 5)
    }

    @inline(__always)
    func colour(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt64 {
        let place = 3 &* index
        return light[Int(bytes[place])] | first[Int(bytes[place &+ 1])]
            | second[Int(bytes[place &+ 2])]
    }
}

/// Numbers the names of cells in the order in which they occur.
private struct CellTable {
    private(set) var keys: [UInt64] = []
    private var slots: [Int32]
    private var mask: Int

    init() {
        slots = [Int32](repeating: -1, count: 1 << 16)
        mask = slots.count - 1
    }

    /// The number of a name, a new one if it has none.
    mutating func insert(_ key: UInt64) -> Int32 {
        if 2 * keys.count >= slots.count { grow() }
        let slot = slot(of: key)
        if slots[slot] >= 0 { return slots[slot] }
        slots[slot] = Int32(keys.count)
        keys.append(key)
        return slots[slot]
    }

    /// The number of a name; -1 if it has none.
    func find(_ key: UInt64) -> Int32 { slots[slot(of: key)] }

    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        // The upper bits of a product by the golden ratio spread the names.
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while slots[slot] >= 0, keys[Int(slots[slot])] != key { slot = (slot &+ 1) & mask }
        return slot
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: 2 * slots.count)
        mask = slots.count - 1
        for (number, key) in keys.enumerated() { slots[slot(of: key)] = Int32(number) }
    }
}
