/// A frame at a quarter and an eighth of its size, blurred, for comparisons in which noise and small
/// motion must not count.
struct ReducedFrame: Sendable {
    /// Pixels of the frame on a side of a cell of `colours`.
    static let cell = 4

    let width: Int
    let height: Int
    /// [height × width × 3] red, green, blue, blurred with a Gaussian of 4 pixels of the frame.
    let colours: [UInt8]
    /// [height × width] luma of `colours`.
    let luma: ShiftPlane
    /// [height / 2 × width / 2] luma of cells of 8 pixels.
    let coarse: ShiftPlane
    /// [3 × height / 2 × width / 2] `colours` in cells of 8 pixels, without the mean of each channel.
    let deviations: [Float]

    /// - Parameters:
    ///   - pixels: [frameHeight × frameWidth × 3] red, green, blue. What is left of whole cells at
    ///     the right and the bottom is ignored.
    ///   - frameWidth: columns of the frame, at least 8.
    ///   - frameHeight: rows of the frame, at least 8.
    init(_ pixels: UnsafePointer<UInt8>, frameWidth: Int, frameHeight: Int) {
        width = frameWidth / Self.cell
        height = frameHeight / Self.cell
        let colours = Self.blurred(
            Self.means(pixels, stride: frameWidth * 3, width: width, height: height),
            width: width,
            height: height
        )
        let (halfWidth, halfHeight) = (width / 2, height / 2)
        let fine = LumaPlane.luma(of: colours)
        self.colours = colours
        luma = ShiftPlane(fine.map { Int16($0) }, width: width, height: height)
        var half = [Int16](repeating: 0, count: halfWidth * halfHeight)
        var channels = [Float](repeating: 0, count: 3 * half.count)
        for row in 0..<halfHeight {
            for column in 0..<halfWidth {
                let corner = 2 * row * width + 2 * column
                let place = row * halfWidth + column
                var sums = SIMD4<Int32>()
                for cell in [corner, corner + 1, corner + width, corner + width + 1] {
                    let red = Int32(colours[3 * cell])
                    let green = Int32(colours[3 * cell + 1])
                    let blue = Int32(colours[3 * cell + 2])
                    sums &+= SIMD4(red, green, blue, Int32(fine[cell]))
                }
                half[place] = Int16((sums[3] + 2) / 4)
                for channel in 0..<3 {
                    channels[channel * half.count + place] = Float(sums[channel]) / 4
                }
            }
        }
        coarse = ShiftPlane(half, width: halfWidth, height: halfHeight)
        for channel in 0..<3 {
            let range = channel * half.count..<(channel + 1) * half.count
            let mean = channels[range].reduce(0, +) / Float(half.count)
            for index in range { channels[index] -= mean }
        }
        deviations = channels
    }

    /// The mean absolute difference of red, green and blue from an earlier frame that is moved by
    /// `shift`, in what both have and with the mean of each channel made equal: 0…255.
    func difference(from earlier: ReducedFrame, at shift: GlobalShift) -> Float {
        let (left, top) = (max(0, -shift.x), max(0, -shift.y))
        let (columns, rows) = (width - abs(shift.x), height - abs(shift.y))
        let samples = 3 * columns
        return colours.withUnsafeBufferPointer { mine in
            earlier.colours.withUnsafeBufferPointer { others in
                var sums = SIMD4<Int32>()
                for row in top..<top + rows {
                    let from = 3 * (row * width + left)
                    let to = 3 * ((row + shift.y) * width + left + shift.x)
                    for column in 0..<columns {
                        for channel in 0..<3 {
                            let place = 3 &* column &+ channel
                            let before = Int32(others[to &+ place])
                            sums[channel] &+= Int32(mine[from &+ place]) &- before
                        }
                    }
                }
                let count = Int32(columns * rows)
                let means = (sums[0] / count, sums[1] / count, sums[2] / count)
                var row = [Int16](repeating: 0, count: samples)
                for column in 0..<columns {
                    row[3 * column] = Int16(means.0)
                    row[3 * column + 1] = Int16(means.1)
                    row[3 * column + 2] = Int16(means.2)
                }
                var total: Int32 = 0
                row.withUnsafeBufferPointer { offsets in
                    for row in top..<top + rows {
                        let from = 3 * (row * width + left)
                        let to = 3 * ((row + shift.y) * width + left + shift.x)
                        for index in 0..<samples {
                            let change = Int16(mine[from &+ index]) &- Int16(others[to &+ index])
                            total &+= Int32(abs(change &- offsets[index]))
                        }
                    }
                }
                return Float(total) / Float(3 * columns * rows)
            }
        }
    }

    /// Sums of cells of 4 × 4 pixels: [height × width × 3].
    private static func means(
        _ pixels: UnsafePointer<UInt8>,
        stride: Int,
        width: Int,
        height: Int
    ) -> [Int32] {
        let samples = width * cell * 3
        var column = [UInt16](repeating: 0, count: samples)
        var result = [Int32](repeating: 0, count: width * height * 3)
        column.withUnsafeMutableBufferPointer { column in
            result.withUnsafeMutableBufferPointer { result in
                for row in 0..<height {
                    let first = pixels + row &* cell &* stride
                    let (second, third) = (first + stride, first + 2 &* stride)
                    let fourth = third + stride
                    for index in 0..<samples {
                        let upper = UInt16(first[index]) &+ UInt16(second[index])
                        let lower = UInt16(third[index]) &+ UInt16(fourth[index])
                        column[index] = upper &+ lower
                    }
                    for place in 0..<width {
                        for channel in 0..<3 {
                            let from = 12 &* place &+ channel
                            let left = column[from] &+ column[from &+ 3]
                            let right = column[from &+ 6] &+ column[from &+ 9]
                            result[(row &* width &+ place) &* 3 &+ channel] = Int32(left &+ right)
                        }
                    }
                }
            }
        }
        return result
    }

    /// Blurs sums of cells with 1, 4, 6, 4, 1 (a deviation of one cell) in both directions and
    /// divides them by the pixels of a cell. Beyond the border the border's values go on.
    private static func blurred(_ sums: [Int32], width: Int, height: Int) -> [UInt8] {
        let samples = width * 3
        var rows = [Int32](repeating: 0, count: sums.count)
        var result = [UInt8](repeating: 0, count: sums.count)
        sums.withUnsafeBufferPointer { sums in
            rows.withUnsafeMutableBufferPointer { rows in
                for row in 0..<height {
                    let places = (-2...2).map { min(max(row + $0, 0), height - 1) * samples }
                    let (a, b, c, d, e) = (places[0], places[1], places[2], places[3], places[4])
                    for index in 0..<samples {
                        let outer = sums[a &+ index] &+ sums[e &+ index]
                        let inner = sums[b &+ index] &+ sums[d &+ index]
                        let centre = sums[c &+ index]
                        rows[row &* samples &+ index] = outer &+ 4 &* inner &+ 6 &* centre
                    }
                }
            }
        }
        var padded = [Int32](repeating: 0, count: samples + 12)
        padded.withUnsafeMutableBufferPointer { padded in
            result.withUnsafeMutableBufferPointer { result in
                for row in 0..<height {
                    let start = row &* samples
                    for index in 0..<samples { padded[6 &+ index] = rows[start &+ index] }
                    for index in 0..<6 {
                        padded[index] = rows[start &+ index % 3]
                        padded[samples &+ 6 &+ index] = rows[start &+ samples &- 3 &+ index % 3]
                    }
                    for index in 0..<samples {
                        let outer = padded[index] &+ padded[index &+ 12]
                        let inner = padded[index &+ 3] &+ padded[index &+ 9]
                        let sum = outer &+ 4 &* inner &+ 6 &* padded[index &+ 6]
                        result[start &+ index] = UInt8(truncatingIfNeeded: (sum &+ 2048) >> 12)
                    }
                }
            }
        }
        return result
    }
}
