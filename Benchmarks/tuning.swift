// The program of `Benchmarks/tuning`: runs the built-in method with other numbers than the standard
// ones. Compiled together with the method.
//
//     tuning                     prints the standard numbers as JSON
//     tuning FOLDER STEP NAME... reads numbers as JSON, a line each, and answers each line with
//                                one of J, F and the confidence of every sequence, over every
//                                STEP-th frame

import Foundation

extension Sequence {
    /// Means of J, F and the confidence over every `step`-th frame.
    func scores(_ tuning: SaliencyTuning, step: Int) -> [Double] {
        let maps = maps(tuning)
        let drawing = MaskDrawing(width: shape.width, height: shape.height, tuning: tuning)
        var sums = [0.0, 0, 0]
        let scored = stride(from: 0, to: maps.count, by: step)
        for index in scored {
            let map = maps[index]
            let mask = drawing.mask(of: map, over: frames[index])
            sums[0] += mask.iou(truths[index])
            sums[1] += ContourAccuracy.f(mask, truths[index])
            sums[2] += Double(map.confidence)
        }
        return sums.map { $0 / Double((maps.count + step - 1) / step) }
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
