import Imaging

/// How a mask is shown on a frame: the object tinted and outlined.
package struct MaskOverlay: Sendable {
    private let tint: (red: Int, green: Int, blue: Int)
    /// Of 256.
    private let opacity: Int

    /// A colour that is rare in nature.
    static let color: (UInt8, UInt8, UInt8) = (255, 0, 140)

    /// The colour half transparent.
    package init() {
        tint = (Int(Self.color.0), Int(Self.color.1), Int(Self.color.2))
        opacity = 105
    }

    /// Shows that a frame has no mask, which is not the same as one without an object.
    package static func darken(_ image: inout RGBImage) {
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            for index in pixels.indices { pixels[index] /= 3 }
        }
    }

    /// Paints the mask onto a frame of the same size.
    package func paint(_ mask: GrayImage, onto image: inout RGBImage) {
        guard mask.width == image.width, mask.height == image.height else { return }
        let (width, height) = (mask.width, mask.height)
        // An outline must be visible in a small image and not hide a large one.
        let reach = max(2, min(width, height) / 240)
        let tint = [self.tint.red, self.tint.green, self.tint.blue]
        let opacity = self.opacity
        mask.pixels.withUnsafeBufferPointer { mask in
            image.pixels.withUnsafeMutableBufferPointer { pixels in
                for y in 0..<height {
                    for x in 0..<width where mask[y * width + x] >= 128 {
                        let isEdge =
                            x < reach || y < reach || x + reach >= width
                            || y + reach >= height || mask[y * width + x - reach] < 128
                            || mask[y * width + x + reach] < 128
                            || mask[(y - reach) * width + x] < 128
                            || mask[(y + reach) * width + x] < 128
                        let weight = isEdge ? 256 : opacity
                        for channel in 0..<3 {
                            let index = (y * width + x) * 3 + channel
                            let old = Int(pixels[index])
                            pixels[index] = UInt8(old + (tint[channel] - old) * weight / 256)
                        }
                    }
                }
            }
        }
    }
}

extension RGBImage {
    /// Takes the samples of a decoded rgb24 frame.
    init(_ frame: VideoFrame) {
        let pixels = frame.withPlane(0) { _, _ in
            frame.pixels.withUnsafeBytes { [UInt8]($0) }
        }
        self.init(width: frame.width, height: frame.height, pixels: pixels)
    }
}
