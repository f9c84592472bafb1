import Imaging

extension RGBImage {
    /// Takes the samples of a decoded rgb24 frame.
    init(_ frame: VideoFrame) {
        let pixels = frame.withPlane(0) { _, _ in
            frame.pixels.withUnsafeBytes { [UInt8]($0) }
        }
        self.init(width: frame.width, height: frame.height, pixels: pixels)
    }
}

extension GrayImage {
    /// The picture at another size, every sample the nearest one.
    func scaled(width: Int, height: Int) -> GrayImage {
        guard width != self.width || height != self.height else { return self }
        var samples = [UInt8]()
        samples.reserveCapacity(width * height)
        for y in 0..<height {
            let row = (2 * y + 1) * self.height / (2 * height) * self.width
            for x in 0..<width {
                samples.append(pixels[row + (2 * x + 1) * self.width / (2 * width)])
            }
        }
        return GrayImage(width: width, height: height, pixels: samples)
    }
}
