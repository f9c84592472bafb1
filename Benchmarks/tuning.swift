// The program of `Benchmarks/tuning`: runs the built-in method with other numbers than the standard
// ones. Compiled together with the method.
//
//     tuning                     prints the standard numbers as JSON
//     tuning FOLDER STEP NAME... reads numbers as JSON, a line each, and answers each line with
//                                one of J, F and the confidence of every sequence, over every
//                                STEP-th frame
//
// FOLDER holds NAME.json (`{"width", "height", "rate"}`), NAME.frames (yuv420p) and NAME.truth (a
// byte a pixel, not 0 for the object).

import Foundation

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

    /// Means of J, F and the confidence over every `step`-th frame.
    func scores(_ tuning: SaliencyTuning, step: Int) -> [Double] {
        var analyzer = SaliencyAnalyzer(
            width: shape.width,
            height: shape.height,
            frameRate: shape.rate,
            tuning: tuning
        )
        var maps: [ObjectMap] = []
        for frame in frames { maps += analyzer.add(frame) }
        maps += analyzer.finish()
        let drawing = MaskDrawing(width: shape.width, height: shape.height, tuning: tuning)
        var sums = [0.0, 0, 0]
        let scored = stride(from: 0, to: maps.count, by: step)
        for index in scored {
            let map = maps[index]
            let mask = drawing.mask(of: map, over: frames[index])
            sums[0] += overlap(mask, truths[index])
            sums[1] += ContourAccuracy.f(mask, truths[index])
            sums[2] += Double(map.confidence)
        }
        return sums.map { $0 / Double((maps.count + step - 1) / step) }
    }

    private func overlap(_ mask: GrayImage, _ truth: GrayImage) -> Double {
        var both = 0
        var either = 0
        for (a, b) in zip(mask.pixels, truth.pixels) {
            both += Int(a & b & 1)
            either += Int((a | b) & 1)
        }
        return either == 0 ? 1 : Double(both) / Double(either)
    }
}

let arguments = CommandLine.arguments
guard arguments.count > 3, let step = Int(arguments[2]), step > 0 else {
    FileHandle.standardOutput.write(try JSONEncoder().encode(SaliencyTuning.standard))
    exit(0)
}
let sequences = try arguments.dropFirst(3).map { try Sequence($0, in: arguments[1]) }
while let line = readLine() {
    let tuning = try JSONDecoder().decode(SaliencyTuning.self, from: Data(line.utf8))
    let scores = sequences.map { $0.scores(tuning, step: step) }
    FileHandle.standardOutput.write(try JSONEncoder().encode(scores) + Data("\n".utf8))
}
