import Saliency
import TestSupport
import Testing

@Suite("What a place, a time and a colour say about their like")
struct LocalGridTests {
    private static let size = MapSize(frameWidth: 320, frameHeight: 180, places: 1500)
    private static let tuning = SaliencyTuning.standard.inference
    private static let red: [UInt8] = [120, 190, 160]
    private static let grey: [UInt8] = [120, 128, 128]

    /// Frames whose colours depend on the time, the column and the row.
    static func frames(
        _ count: Int,
        size: MapSize = size,
        _ colour: (Int, Int, Int) -> [UInt8]
    ) -> [[UInt8]] {
        (0..<count).map { time in
            (0..<size.count).flatMap { colour(time, $0 % size.width, $0 / size.width) }
        }
    }

    private func map(_ count: Int, size: MapSize = size, _ value: (Int, Int, Int) -> Float)
        -> [Float]
    {
        (0..<count * size.count).map { place in
            let index = place % size.count
            return value(place / size.count, index % size.width, index / size.width)
        }
    }

    /// Splats a map into the grid and slices it out again.
    private func sliced(
        _ frames: [[UInt8]],
        _ x: [Float],
        shift: Float = 0,
        size: MapSize = size
    ) -> [Float] {
        let grid = LocalGrid(frames, shift: shift, size: size, tuning: Self.tuning)
        var result = [Float](repeating: 0, count: x.count)
        x.withUnsafeBufferPointer { x in
            guard let x = x.baseAddress else { return }
            let table = grid.table(x, certainty: Self.tuning.certainty)
            table.withUnsafeBufferPointer { table in
                result.withUnsafeMutableBufferPointer { result in
                    guard let table = table.baseAddress, let target = result.baseAddress
                    else { return }
                    for time in frames.indices {
                        grid.add(table, time: time, to: target + time * size.count, size.count)
                    }
                }
            }
        }
        return result
    }

    private func isRed(_ time: Int, _ column: Int, _ row: Int) -> Bool {
        (10 + time..<22 + time).contains(column) && (8..<20).contains(row)
    }

    @Test("What was put in comes out, where colours differ", arguments: [0, 0.5] as [Float])
    func givesBack(shift: Float) {
        let frames = Self.frames(12) { isRed($0, $1, $2) ? Self.red : Self.grey }
        let x = map(12) { isRed($0, $1, $2) ? 1 : 0 }
        let result = sliced(frames, x, shift: shift)
        #expect(zip(result, x).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test("An even map stays as it is", arguments: [0, 0.1, 0.9, 1] as [Float])
    func even(value: Float) {
        var random = RandomSource(seed: 8)
        let frames = Self.frames(5) { _, _, _ in
            (0..<3).map { _ in UInt8(128 + 60 * random.signed()) }
        }
        let result = sliced(frames, map(5) { _, _, _ in value })
        #expect(result.allSatisfy { abs($0 - value) < 1e-3 })
    }

    @Test("Holes and specks of the object's colour are made good")
    func fills() {
        let frames = Self.frames(8) { isRed($0, $1, $2) ? Self.red : Self.grey }
        // Of the object every third place is known, of the ground there are wrong specks.
        let x = map(8) { time, column, row in
            let isMarked = (column + 2 * row + time) % 3 == 0
            if isRed(time, column, row) { return isMarked ? 0.95 : 0.5 }
            return (column * 7 + row * 3 + time) % 23 == 0 ? 0.95 : 0.05
        }
        let result = sliced(frames, x)
        for (place, value) in result.enumerated() {
            let (time, index) = (place / Self.size.count, place % Self.size.count)
            let isObject = isRed(time, index % Self.size.width, index / Self.size.width)
            #expect(isObject ? value > 0.9 : value < 0.2)
        }
    }

    @Test("Who is certain counts, who is uncertain does not")
    func weights() {
        let frames = Self.frames(1) { _, _, _ in Self.grey }
        // In one cell: a few certain places against many that hardly say the opposite.
        let x = map(1) { _, column, row in (column + row) % 4 == 0 ? 1 : 0.49 }
        #expect(sliced(frames, x).allSatisfy { $0 > 0.9 })
        // As many certain ones on both sides leave it open.
        let open = map(1) { _, column, row in (column + row) % 2 == 0 ? 1 : 0 }
        #expect(sliced(frames, open).allSatisfy { abs($0 - 0.5) < 0.15 })
    }

    @Test("Far places, far times and other colours do not matter")
    func local() {
        let count = 40
        let frames = Self.frames(count) { _, _, row in row < 14 ? Self.red : Self.grey }
        let before = map(count) { _, _, row in row < 14 ? 1 : 0 }
        let near = { (time: Int, column: Int) in time < 8 && column < 12 }
        let changed = map(count) { time, column, row in
            near(time, column) ? 0.5 : row < 14 ? 1 : 0
        }
        let opposite = map(count) { time, column, row in
            near(time, column) ? (row < 14 ? 0 : 1) : row < 14 ? 1 : 0
        }
        let (first, second, third) = (
            sliced(frames, before), sliced(frames, changed), sliced(frames, opposite)
        )
        for (place, value) in first.enumerated() {
            let (time, column) = (
                place / Self.size.count, place % Self.size.count % Self.size.width
            )
            // Cells of 8 frames and of a tenth of the width, and their neighbours.
            guard time >= 16 || column >= 12 + 2 * Self.size.width / Self.tuning.acrossCells
            else { continue }
            #expect(value == second[place] && value == third[place])
        }
        // And near by it does.
        #expect(first[0] > 0.99 && third[0] < 0.6)
    }

    @Test("Inside a cell the order of the frames does not matter")
    func order() {
        // Certain values, so that sums are exact.
        let count = Self.tuning.timeCell
        let frames = Self.frames(count) { time, column, row in
            isRed(time, column, row) ? Self.red : Self.grey
        }
        let x = map(count) { time, column, row in
            isRed(time, column, row) != (column == time) ? 1 : 0
        }
        let places = Self.size.count
        let order = [3, 0, 7, 1, 6, 2, 5, 4]
        let result = sliced(frames, x)
        let shuffled = sliced(
            order.map { frames[$0] },
            order.flatMap { x[$0 * places..<($0 + 1) * places] }
        )
        for (place, time) in order.enumerated() {
            #expect(
                shuffled[place * places..<(place + 1) * places]
                    == result[time * places..<(time + 1) * places]
            )
        }
    }

    @Test("A frame that stands upright is treated as one that lies, turned")
    func upright() {
        let lying = Self.size
        let upright = MapSize(frameWidth: 180, frameHeight: 320, places: 1500)
        #expect(lying.width == upright.height && lying.height == upright.width)
        var random = RandomSource(seed: 9)
        let noise = (0..<2 * lying.count).map { _ in random.signed() }
        func value(_ time: Int, _ column: Int, _ row: Int) -> Float {
            noise[time * lying.count + row * lying.width + column] > 0.3 ? 1 : 0
        }
        func colour(_ time: Int, _ column: Int, _ row: Int) -> [UInt8] {
            let part = noise[time * lying.count + row * lying.width + column]
            return [UInt8(128 + 90 * part), 128, UInt8(128 - 40 * part)]
        }
        let first = sliced(Self.frames(2, colour), map(2, value))
        let second = sliced(
            Self.frames(2, size: upright) { colour($0, $2, $1) },
            map(2, size: upright) { value($0, $2, $1) },
            size: upright
        )
        // Cells that do not occur stop the blur, and its axes come in turn: that may differ a little.
        var (sum, greatest): (Float, Float) = (0, 0)
        for place in first.indices {
            let (time, index) = (place / lying.count, place % lying.count)
            let (column, row) = (index % lying.width, index / lying.width)
            let there = second[time * lying.count + column * lying.height + row]
            sum += abs(first[place] - there)
            greatest = max(greatest, abs(first[place] - there))
        }
        #expect(sum / Float(first.count) < 0.001)
        #expect(greatest < 0.15)
    }
}
