import Glibc
import SystemPackage
import Weights

/// How a frame becomes the detector's input, as the checkpoint's files specify it. Names and
/// defaults are those of `Owlv2ImageProcessor` in transformers
/// (models/owlv2/image_processing_owlv2.py).
///
/// Samples are multiplied with `rescaleFactor`, the frame is padded at the right and the bottom to a
/// square with zeros, blurred where the square becomes smaller, resized without antialiasing, and
/// then `(v - mean) / deviation`. Nothing is rounded in between.
package struct Owlv2ImageProcessing: Sendable, Equatable {
    /// Side of the square, in pixels.
    package let side: Int
    package let rescaleFactor: Double
    package let mean: [Double]
    package let deviation: [Double]

    /// Mean and deviation that CLIP was trained with.
    private static let clip = (
        mean: [0.48145466, 0.4578275, 0.40821073], deviation: [0.26862954, 0.26130258, 0.27577711]
    )

    /// Reads how a checkpoint wants its frames.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Returns: what its image processor's settings say.
    /// - Throws: `EightCutError`: `inputMissing` when there is no file, `inputUnusable` with the
    ///   field's name when something makes no sense or is not supported.
    package static func read(from folder: FilePath) throws -> Owlv2ImageProcessing {
        try Owlv2ImageProcessing(.ofImageProcessor(in: folder))
    }

    private init(_ fields: ConfigurationFields) throws {
        for name in ["do_resize", "do_pad", "do_rescale", "do_normalize"]
        where try !fields.flag(name, default: true) {
            throw fields.problem(name, "is false, which is not supported")
        }
        guard try fields.integer("resample", default: 2, in: 0...Int.max) == 2 else {
            throw fields.problem("resample", "is not 2, bilinear, which alone is supported")
        }
        side = try Self.side(fields)
        rescaleFactor = try fields.number("rescale_factor", default: 1 / 255, in: 1e-9...1e9)
        mean = try fields.colour("image_mean", default: Self.clip.mean, in: -1e6...1e6)
        deviation = try fields.colour("image_std", default: Self.clip.deviation, in: 1e-6...1e6)
    }

    private static func side(_ fields: ConfigurationFields) throws -> Int {
        guard let size = try fields.object("size") else { return 960 }
        let sides = 1...16_384
        let width = try size.integer("width", default: 960, in: sides)
        guard try size.integer("height", default: 960, in: sides) == width else {
            throw size.problem("height", "is not 'width': the input is a square")
        }
        return width
    }
}

/// Resizes frames of one size to a detector's input.
package struct Owlv2Resize: Sendable {
    private let processing: Owlv2ImageProcessing
    private let width: Int
    private let height: Int
    /// For each place along a side of the square, the sources that it is a sum of.
    private let columns: [WeightedSum]
    private let rows: [WeightedSum]

    package init(_ processing: Owlv2ImageProcessing, width: Int, height: Int) {
        self.processing = processing
        (self.width, self.height) = (width, height)
        let square = max(width, height)
        let sums = WeightedSum.resizing(from: square, to: processing.side)
        // What is in the padding is 0, so it adds nothing.
        columns = sums.map { $0.cut(at: width) }
        rows = sums.map { $0.cut(at: height) }
    }

    /// The patches in which there is something of the frame, and not padding alone.
    ///
    /// - Parameter size: the side of a patch, in pixels of the input.
    /// - Returns: their numbers, row by row, from 0.
    func patchesInFrame(of size: Int) -> [Int] {
        let grid = processing.side / size
        let seeing = { (sums: [WeightedSum]) in
            (0..<grid).filter { patch in
                sums[patch * size..<(patch + 1) * size].contains { !$0.weights.isEmpty }
            }
        }
        let columns = seeing(columns)
        return seeing(rows).flatMap { row in columns.map { row * grid + $0 } }
    }

    /// Fills the input, [3, side, side], from samples, [height, width, 3].
    package func resize(
        _ samples: UnsafeBufferPointer<UInt8>,
        into pixels: UnsafeMutableBufferPointer<Float>
    ) {
        let side = processing.side
        // [height, side, 3]
        let narrow = [Float](unsafeUninitializedCapacity: height * side * 3) { buffer, count in
            for row in 0..<height {
                let source = samples.baseAddress.map { $0 + row * width * 3 }
                guard let source else { break }
                for (column, sum) in columns.enumerated() {
                    var (red, green, blue): (Float, Float, Float) = (0, 0, 0)
                    for (offset, weight) in sum.weights.enumerated() {
                        let sample = source + (sum.start + offset) * 3
                        red += weight * Float(sample[0])
                        green += weight * Float(sample[1])
                        blue += weight * Float(sample[2])
                    }
                    let place = (row * side + column) * 3
                    buffer[place] = red
                    buffer[place + 1] = green
                    buffer[place + 2] = blue
                }
            }
            count = height * side * 3
        }
        let factor = processing.deviation.map { Float(processing.rescaleFactor / $0) }
        let shift = zip(processing.mean, processing.deviation).map { Float(-$0 / $1) }
        for (row, sum) in rows.enumerated() {
            for column in 0..<side {
                for channel in 0..<3 {
                    var value: Float = 0
                    for (offset, weight) in sum.weights.enumerated() {
                        value +=
                            weight * narrow[((sum.start + offset) * side + column) * 3 + channel]
                    }
                    pixels[(channel * side + row) * side + column] =
                        value * factor[channel] + shift[channel]
                }
            }
        }
    }
}

/// A sum of neighbours along a line, each with its weight.
struct WeightedSum: Sendable, Equatable {
    /// The first of them.
    let start: Int
    let weights: [Float]

    /// Without the neighbours from a place on.
    func cut(at end: Int) -> WeightedSum {
        WeightedSum(start: start, weights: Array(weights.prefix(max(0, end - start))))
    }

    /// What a line is resized by: where it becomes shorter, a Gaussian blur with mirrored edges
    /// (σ = (factor − 1) / 2, ⌈3σ⌉ neighbours on each side); then linear interpolation between pixel
    /// centres.
    ///
    /// - Parameters:
    ///   - length: of the line.
    ///   - target: its new length.
    /// - Returns: a sum for each new place.
    static func resizing(from length: Int, to target: Int) -> [WeightedSum] {
        let factor = Float(length) / Float(target)
        let blur = gaussian(deviation: max(0, (factor - 1) / 2))
        let radius = blur.count / 2
        return (0..<target).map { place in
            let position = max(0, (Float(place) + 0.5) * factor - 0.5)
            let near = min(Int(position), length - 1)
            let far = min(near + 1, length - 1)
            let part = position - Float(near)
            var weights: [Int: Double] = [:]
            for (centre, share) in [(near, 1 - part), (far, part)] {
                for (index, weight) in blur.enumerated() {
                    let source = mirrored(centre + index - radius, length)
                    weights[source, default: 0] += Double(share) * weight
                }
            }
            let used = weights.filter { $0.value != 0 }.keys
            guard let first = used.min(), let last = used.max() else {
                return WeightedSum(start: 0, weights: [])
            }
            return WeightedSum(
                start: first,
                weights: (first...last).map { Float(weights[$0] ?? 0) }
            )
        }
    }

    private static func gaussian(deviation: Float) -> [Double] {
        guard deviation > 0 else { return [1] }
        let radius = Int((3 * deviation).rounded(.up))
        let values = (-radius...radius).map { distance in
            let ratio = Double(distance) / Double(deviation)
            return exp(-ratio * ratio / 2)
        }
        let sum = values.reduce(0, +)
        return values.map { $0 / sum }
    }

    /// The place that a place beyond an end stands for; the outermost is not repeated.
    private static func mirrored(_ place: Int, _ length: Int) -> Int {
        if place < 0 { return min(-place, length - 1) }
        return place < length ? place : max(0, 2 * (length - 1) - place)
    }
}
