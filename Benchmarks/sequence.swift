// What the programs of `Benchmarks/tuning` and `Benchmarks/score` read: NAME.json (`{"width", "height",
// "rate"}`), NAME.frames (yuv420p) and NAME.truth (a byte a pixel, not 0 for the object).

import Foundation

/// A sequence with true masks.
struct Sequence {
    struct Shape: Decodable {
        let width: Int
        let height: Int
        let rate: Double
    }

    let shape: Shape
    let frames: [VideoFrame]
    let truths: [GrayImage]

    init(_ name: String, in folder: String) throws {
        let path = URL(fileURLWithPath: folder).appendingPathComponent(name)
        let shape = try JSONDecoder().decode(
            Shape.self,
            from: Data(contentsOf: path.appendingPathExtension("json"))
        )
        let count = shape.width * shape.height
        let length = count + 2 * ((shape.width + 1) / 2) * ((shape.height + 1) / 2)
        let samples = try Data(
            contentsOf: path.appendingPathExtension("frames"),
            options: .alwaysMapped
        )
        let truth = try [UInt8](Data(contentsOf: path.appendingPathExtension("truth")))
        self.shape = shape
        frames = (0..<samples.count / length).map { index in
            let frame = [UInt8](samples[index * length..<(index + 1) * length])
            return VideoFrame(
                index: index,
                time: nil,
                width: shape.width,
                height: shape.height,
                format: .yuv420p,
                pixels: PixelBuffer(byteCount: length) { $0.copyBytes(from: frame) }
            )
        }
        truths = (0..<truth.count / count).map { index in
            GrayImage(
                width: shape.width,
                height: shape.height,
                pixels: truth[index * count..<(index + 1) * count].map { $0 > 0 ? 255 : 0 }
            )
        }
    }

    /// Where the built-in method finds the object on each frame.
    func maps(_ tuning: SaliencyTuning) -> [ObjectMap] {
        var analyzer = SaliencyAnalyzer(
            width: shape.width,
            height: shape.height,
            frameRate: shape.rate,
            tuning: tuning
        )
        let early = frames.flatMap { analyzer.add($0) }
        return early + analyzer.finish()
    }
}

extension GrayImage {
    /// Intersection over union with another mask; 1 where both are empty.
    func iou(_ other: GrayImage) -> Double {
        var both = 0
        var either = 0
        for (a, b) in zip(pixels, other.pixels) {
            both += Int(a & b & 1)
            either += Int((a | b) & 1)
        }
        return either == 0 ? 1 : Double(both) / Double(either)
    }
}
