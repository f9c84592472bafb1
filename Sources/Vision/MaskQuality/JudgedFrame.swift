import Imaging
import OpticalFlow
import Saliency

/// What is kept of a frame to judge its mask.
struct JudgedFrame: Sendable {
    let shrunk: ShrunkFrame
    let colours: JudgedColours
    /// For the search for motion.
    let flow: FlowImage

    init(_ frame: VideoFrame, size: MapSize, flow settings: FlowSettings) {
        shrunk = ShrunkFrame(frame, size: size)
        flow = FlowImage(
            luma: shrunk.luma,
            width: size.flowWidth,
            height: size.flowHeight,
            settings: settings
        )
        colours = JudgedColours(shrunk, size: size)
    }
}

/// The colours of a frame at the judged size.
struct JudgedColours: Sendable {
    private let width: Int
    private let height: Int
    /// L, a and b of each place; the fourth lane is 0.
    let lab: [SIMD4<Float>]

    /// - Parameters:
    ///   - frame: the frame.
    ///   - size: the sizes of the analysis.
    ///   - places: those at which edges are looked for; nil for all. Colours elsewhere are left out.
    init(_ frame: ShrunkFrame, size: MapSize, at places: [Int]? = nil) {
        let (width, height) = (size.flowWidth, size.flowHeight)
        (self.width, self.height) = (width, height)
        lab = LabColour.standard.withConverter { converter in
            func colour(_ place: Int) -> SIMD4<Float> {
                converter.lab(
                    luma: Float(frame.luma[place]) * (1 / 255),
                    blue: (Float(frame.blue[place]) - 128) * (1 / 224),
                    red: (Float(frame.red[place]) - 128) * (1 / 224)
                )
            }
            guard let places else { return frame.luma.indices.map(colour) }
            var lab = [SIMD4<Float>](repeating: .zero, count: frame.luma.count)
            var isKnown = [Bool](repeating: false, count: lab.count)
            for place in places {
                let (row, column) = place.quotientAndRemainder(dividingBy: width)
                for y in max(row - 1, 0)...min(row + 1, height - 1) {
                    for x in max(column - 1, 0)...min(column + 1, width - 1) {
                        let near = y * width + x
                        guard !isKnown[near] else { continue }
                        isKnown[near] = true
                        lab[near] = colour(near)
                    }
                }
            }
            return lab
        }
    }

    /// The colour in which edges are looked for: smoothed, so that noise is none, and with hue and
    /// saturation counting more than light, which changes with shadows.
    func edge(_ place: Int) -> SIMD4<Float> {
        let (row, column) = place.quotientAndRemainder(dividingBy: width)
        let (left, right) = (max(column - 1, 0), min(column + 1, width - 1))
        func across(_ row: Int) -> SIMD4<Float> {
            let first = row * width
            return lab[first + left] + 2 * lab[first + column] + lab[first + right]
        }
        let sum = across(max(row - 1, 0)) + 2 * across(row) + across(min(row + 1, height - 1))
        return sum * (1 / 16) * SIMD4(1, 1.5, 1.5, 0)
    }
}
