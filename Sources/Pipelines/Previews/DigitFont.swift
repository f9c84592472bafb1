import Imaging

/// Digits of 5×7 dots, for frame numbers and scores.
enum DigitFont {
    private static let glyphs: [[UInt8]] = [
        [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
        [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
        [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110],
        [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
        [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        [0b01110, 0b10000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
        [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
        [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00001, 0b01110],
    ]

    private static let point: [UInt8] = [0, 0, 0, 0, 0, 0b00110, 0b00110]

    /// Columns that a text takes, at a scale of 1.
    static func width(of text: String) -> Int { text.utf8.count * 6 + 1 }

    /// Rows that a text takes, at a scale of 1.
    static let height = 9

    /// Writes a number in white on a dark plate, its upper left corner at `x`, `y`.
    ///
    /// - Parameters:
    ///   - text: digits and points.
    ///   - image: the image to write onto.
    ///   - x: column of the plate's left edge.
    ///   - y: row of the plate's upper edge.
    ///   - scale: pixels of a dot's side.
    static func draw(_ text: String, onto image: inout RGBImage, x: Int, y: Int, scale: Int) {
        let characters = text.utf8.map { byte in
            glyphs.indices.contains(Int(byte) - 0x30) ? glyphs[Int(byte) - 0x30] : point
        }
        let plate = (width: width(of: text) * scale, height: height * scale)
        fill(&image, x: x, y: y, width: plate.width, height: plate.height, level: 0)
        for (place, glyph) in characters.enumerated() {
            for (row, dots) in glyph.enumerated() {
                for column in 0..<5 where dots & (0b10000 >> UInt8(column)) != 0 {
                    fill(
                        &image,
                        x: x + (place * 6 + 1 + column) * scale,
                        y: y + (row + 1) * scale,
                        width: scale,
                        height: scale,
                        level: 255
                    )
                }
            }
        }
    }

    private static func fill(
        _ image: inout RGBImage,
        x: Int,
        y: Int,
        width: Int,
        height: Int,
        level: UInt8
    ) {
        for row in max(0, y)..<max(0, min(y + height, image.height)) {
            for column in max(0, x)..<max(0, min(x + width, image.width)) {
                let index = (row * image.width + column) * 3
                for channel in 0..<3 { image.pixels[index + channel] = level }
            }
        }
    }
}
