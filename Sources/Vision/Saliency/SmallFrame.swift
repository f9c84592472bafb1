import OpticalFlow

/// What the search for motion needs of a frame.
struct SmallFrame: Sendable {
    /// The numbers and times of the frame and of those that repeat it.
    var shown: [(index: Int, time: Double?)]
    /// Which places an overlay covers; empty if there is none.
    let covered: [Bool]
    /// Luma at twice the map's size, as the search for motion needs it.
    let flow: FlowImage
    /// The same as bytes.
    let luma: [UInt8]
    /// L, a and b of every place; the fourth lane is 0.
    let colours: [SIMD4<Float>]

    init(
        _ frame: ShrunkFrame,
        covered: [Bool] = [],
        size: MapSize,
        flow settings: FlowSettings
    ) {
        self.covered = covered
        shown = [(frame.index, frame.time)]
        let (width, fineWidth) = (size.width, size.flowWidth)
        flow = FlowImage(
            luma: frame.luma,
            width: fineWidth,
            height: size.flowHeight,
            settings: settings
        )
        var colours = [SIMD4<Float>](repeating: .zero, count: size.count)
        LabColour.standard.withConverter { converter in
            func mean(_ plane: [UInt8], _ first: Int) -> Float {
                let upper = Int(plane[first]) + Int(plane[first + 1])
                let lower = Int(plane[first + fineWidth]) + Int(plane[first + fineWidth + 1])
                return Float(upper + lower) * 0.25
            }
            for row in 0..<size.height {
                for column in 0..<width {
                    let first = 2 * row * fineWidth + 2 * column
                    colours[row * width + column] = converter.lab(
                        luma: mean(frame.luma, first) * (1 / 255),
                        blue: (mean(frame.blue, first) - 128) * (1 / 224),
                        red: (mean(frame.red, first) - 128) * (1 / 224)
                    )
                }
            }
        }
        luma = frame.luma
        self.colours = colours
    }
}
