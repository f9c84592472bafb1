import Files
import Imaging
import SystemPackage

/// Masks as they lie over the picture.
package struct MaskPainter {
    /// Red, green and blue, from 0 to 255.
    package let colour: (red: Int, green: Int, blue: Int)
    /// How much covers the picture, from 0 to 1.
    package let opacity: Double
    /// Whether a line is drawn around the object.
    package let hasOutline: Bool
    /// Whether the object is black in the mask.
    package let isInverted: Bool

    package init(
        colour: (red: Int, green: Int, blue: Int),
        opacity: Double,
        hasOutline: Bool,
        isInverted: Bool
    ) {
        (self.colour, self.opacity) = (colour, opacity)
        (self.hasOutline, self.isInverted) = (hasOutline, isInverted)
    }

    /// Reads a mask and paints it.
    ///
    /// - Throws: `EightCutError` when it cannot be read.
    func read(_ path: FilePath) throws -> ScreenImage { paint(try PNG.readGray(path)) }

    /// Paints a mask.
    package func paint(_ mask: GrayImage) -> ScreenImage {
        let (width, height) = (mask.width, mask.height)
        let fill = pixel(opacity)
        let line = hasOutline ? pixel(1) : fill
        let flip: UInt8 = isInverted ? 255 : 0
        // A line that is seen also where the picture is shown small.
        let reach = max(1, max(width, height) / 480)
        return ScreenImage(width: width, height: height, isOpaque: false) { bytes in
            let target = bytes.bindMemory(to: UInt32.self)
            mask.pixels.withUnsafeBufferPointer { source in
                for y in 0..<height {
                    let row = y * width
                    for x in 0..<width {
                        let place = row + x
                        guard (source[place] ^ flip) >= 128 else {
                            target[place] = 0
                            continue
                        }
                        let isInside =
                            x >= reach && y >= reach && x + reach < width && y + reach < height
                            && (source[place - reach] ^ flip) >= 128
                            && (source[place + reach] ^ flip) >= 128
                            && (source[place - reach * width] ^ flip) >= 128
                            && (source[place + reach * width] ^ flip) >= 128
                        target[place] = isInside ? fill : line
                    }
                }
            }
        }
    }

    /// Blue, green, red and opacity in the order of memory.
    private func pixel(_ opacity: Double) -> UInt32 {
        let part = { (value: Int) in UInt32((Double(value) * opacity).rounded()) }
        return UInt32((opacity * 255).rounded()) << 24 | part(colour.red) << 16
            | part(colour.green) << 8 | part(colour.blue)
    }
}
