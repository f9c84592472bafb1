/// A line of digits that is laid over a frame, as a timecode or a subtitle is.
struct Lettering {
    /// Rows of five dots for each digit, the left one in the highest bit.
    private static let digits: [[UInt8]] = [
        [14, 17, 19, 21, 25, 17, 14], [4, 12, 4, 4, 4, 4, 14], [14, 17, 1, 2, 4, 8, 31],
        [31, 2, 4, 2, 1, 17, 14], [2, 6, 10, 18, 31, 2, 2], [31, 16, 30, 1, 1, 17, 14],
        [6, 8, 16, 30, 17, 17, 14], [31, 1, 2, 4, 8, 8, 8], [14, 17, 17, 14, 17, 17, 14],
        [14, 17, 17, 15, 1, 2, 12],
    ]
    /// Samples of a dot, and of a digit with the gap behind it.
    private static let dot = 2
    private static let pitch = 6 * dot

    let left: Int
    let top: Int
    /// Letters stand on a dark plate, or have a dark outline.
    var hasPlate = false
    private let text: [Int]

    /// A number with so many digits, zeros in front.
    init(_ number: Int, digits count: Int, left: Int, top: Int, hasPlate: Bool = false) {
        (self.left, self.top, self.hasPlate) = (left, top, hasPlate)
        var (rest, text) = (number, [Int](repeating: 0, count: count))
        for place in text.indices.reversed() {
            text[place] = rest % 10
            rest /= 10
        }
        self.text = text
    }

    /// Luma at a column and row; nil where the frame shows.
    func grey(_ x: Int, _ y: Int) -> UInt8? {
        let (across, down) = (x - left, y - top)
        let (width, height) = (text.count * Self.pitch, 7 * Self.dot)
        guard across >= -1, across < width, down >= -1, down <= height else { return nil }
        if isInk(across, down) { return 220 }
        let touches = (-1...1).contains { y in
            (-1...1).contains { x in isInk(across + x, down + y) }
        }
        return hasPlate || touches ? 25 : nil
    }

    private func isInk(_ x: Int, _ y: Int) -> Bool {
        guard x >= 0, y >= 0, x < text.count * Self.pitch, y < 7 * Self.dot else { return false }
        let (column, row) = (x % Self.pitch / Self.dot, y / Self.dot)
        return column < 5 && Self.digits[text[x / Self.pitch]][row] & (16 >> column) != 0
    }
}
