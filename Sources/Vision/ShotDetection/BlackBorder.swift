/// What of a frame is black.
enum BlackBorder {
    /// Black is luma up to this value: `pixel_black_th` 0.10 of FFmpeg's blackdetect.
    private static let blackest: UInt8 = 25
    /// A row or column is black if this share of it is, as a whole frame is to blackdetect.
    private static let share = 0.98

    /// The share of pixels of a plane of luma, [height × width], that are black, and the black rows and
    /// columns from each side.
    static func measure(_ luma: [UInt8], _ width: Int, _ height: Int) -> (Float, Bars) {
        var columns = [UInt16](repeating: 0, count: width)
        var rows = [Int](repeating: 0, count: height)
        luma.withUnsafeBufferPointer { luma in
            columns.withUnsafeMutableBufferPointer { columns in
                for row in 0..<height {
                    var sum: Int32 = 0
                    let start = row &* width
                    for column in 0..<width {
                        let black: UInt16 = luma[start &+ column] <= blackest ? 1 : 0
                        columns[column] &+= black
                        sum &+= Int32(black)
                    }
                    rows[row] = Int(sum)
                }
            }
        }
        func isBlack(_ count: Int, of total: Int) -> Bool { Double(count) >= share * Double(total) }
        var bars = Bars()
        let top = rows.prefix { isBlack($0, of: width) }.count
        let bottom = rows.reversed().prefix { isBlack($0, of: width) }.count
        let left = columns.prefix { isBlack(Int($0), of: height) }.count
        let right = columns.reversed().prefix { isBlack(Int($0), of: height) }.count
        bars.top = Float(top) / Float(height)
        bars.bottom = Float(bottom) / Float(height)
        bars.left = Float(left) / Float(width)
        bars.right = Float(right) / Float(width)
        return (Float(rows.reduce(0, +)) / Float(width * height), bars)
    }
}
