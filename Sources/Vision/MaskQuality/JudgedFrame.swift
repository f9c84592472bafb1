import Imaging
import OpticalFlow
import Saliency

/// What is kept of a frame to judge its mask.
struct JudgedFrame: Sendable {
    let shrunk: ShrunkFrame
    /// L, a and b of each place at the judged size; the fourth lane is 0.
    let colours: [SIMD4<Float>]
    /// For the search for motion.
    let flow: FlowImage

    init(_ frame: VideoFrame, size: MapSize, flow settings: FlowSettings) {
        let shrunk = ShrunkFrame(frame, size: size)
        self.shrunk = shrunk
        flow = FlowImage(
            luma: shrunk.luma,
            width: size.flowWidth,
            height: size.flowHeight,
            settings: settings
        )
        colours = LabColour.standard.withConverter { converter in
            shrunk.luma.indices.map { place in
                converter.lab(
                    luma: Float(shrunk.luma[place]) * (1 / 255),
                    blue: (Float(shrunk.blue[place]) - 128) * (1 / 224),
                    red: (Float(shrunk.red[place]) - 128) * (1 / 224)
                )
            }
        }
    }

    /// Colours in which edges are looked for: smoothed, so that noise is none, and with hue and
    /// saturation counting more than light, which changes with shadows.
    ///
    /// - Parameters:
    ///   - width: columns.
    ///   - height: rows.
    /// - Returns: as many as `colours`.
    func edgeColours(width: Int, height: Int) -> [SIMD4<Float>] {
        let weight = SIMD4<Float>(1, 1.5, 1.5, 0)
        var rows = colours
        for row in 0..<height {
            let first = row * width
            for column in 0..<width {
                let left = colours[first + max(column - 1, 0)]
                let right = colours[first + min(column + 1, width - 1)]
                rows[first + column] = (left + 2 * colours[first + column] + right) * 0.25
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
