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

    init(_ frame: ShrunkFrame, size: MapSize) {
        (width, height) = (size.flowWidth, size.flowHeight)
        lab = LabColour.standard.withConverter { converter in
            frame.luma.indices.map { place in
                converter.lab(
                    luma: Float(frame.luma[place]) * (1 / 255),
                    blue: (Float(frame.blue[place]) - 128) * (1 / 224),
                    red: (Float(frame.red[place]) - 128) * (1 / 224)
                )
            }
        }
    }

    /// Colours in which edges are looked for: smoothed, so that noise is none, and with hue and
    /// saturation counting more than light, which changes with shadows. As many as `lab`.
    var edges: [SIMD4<Float>] {
        let weight = SIMD4<Float>(1, 1.5, 1.5, 0)
        var rows = lab
        for row in 0..<height {
            let first = row * width
            for column in 0..<width {
                let left = lab[first + max(column - 1, 0)]
                let right = lab[first + min(column + 1, width - 1)]
                rows[first + column] = (left + 2 * lab[first + column] + right) * 0.25
            }
        }
        var result = rows
        for row in 0..<height {
            let (above, below) = (max(row - 1, 0) * width, min(row + 1, height - 1) * width)
            for column in 0..<width {
                let middle = rows[row * width + column]
                let sum = rows[above + column] + 2 * middle + rows[below + column]
                result[row * width + column] = sum * 0.25 * weight
            }
        }
        return result
    }
}
