// The program of `Benchmarks/flow`: renders the scenes of the tests, and measures the project's
// optical flow on them. Compiled together with the flow and the scenes.
//
//     flow FOLDER WIDTH HEIGHT PRESET ROUNDS
//
// writes FOLDER/images (pairs of luma planes) and FOLDER/truth (u and v of each pair, as
// 32-bit floats), and prints one JSON object.

import Glibc

func write<Element: BitwiseCopyable>(_ elements: [Element], to path: String) {
    guard let file = fopen(path, "wb") else { exit(1) }
    fwrite(elements, MemoryLayout<Element>.stride, elements.count, file)
    fclose(file)
}

/// Milliseconds that the process has computed.
func time() -> Double {
    var value = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &value)
    return Double(value.tv_sec) * 1000 + Double(value.tv_nsec) / 1_000_000
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

let arguments = CommandLine.arguments
guard arguments.count == 6, let width = Int(arguments[2]), let height = Int(arguments[3]),
    let rounds = Int(arguments[5]),
    let settings = [
        "medium": FlowSettings.medium, "fast": .fast, "ultrafast": .ultrafast,
    ][arguments[4]]
else { exit(2) }

let scenes = FlowScene.all.map {
    $0.enlarged(Float(width) / Float($0.width), width: width, height: height)
}
var images: [UInt8] = []
var truths: [Float] = []
var search = DenseInverseSearch(settings)
var imageTimes: [Double] = []
var flowTimes: [Double] = []
var errors: [String] = []
for scene in scenes {
    let pair = [scene.luma(0), scene.luma(1)]
    let truth = scene.truth()
    images += pair[0] + pair[1]
    truths += truth.u + truth.v
    var field = FlowField(width: 0, height: 0)
    for _ in 0..<rounds {
        let start = time()
        let prepared = pair.map {
            FlowImage(luma: $0, width: width, height: height, settings: settings)
        }
        let middle = time()
        field = search.flow(from: prepared[0], to: prepared[1])
        imageTimes.append((middle - start) / 2)
        flowTimes.append(time() - middle)
    }
    field = field.enlarged(scale: settings.finestScale, width: width, height: height)
    var sum: Float = 0
    for index in 0..<width * height {
        let (x, y) = (field.u[index] - truth.u[index], field.v[index] - truth.v[index])
        sum += (x * x + y * y).squareRoot()
    }
    errors.append("\"\(scene.name)\": \(sum / Float(width * height))")
}
write(images, to: arguments[1] + "/images")
write(truths, to: arguments[1] + "/truth")
print(
    "{\"errors\": {\(errors.joined(separator: ", "))},",
    "\"image\": \(median(imageTimes)), \"flow\": \(median(flowTimes))}"
)
