import Imaging

/// One frame at the working size: area-averaged Y', Cb and Cr in 0...255, and a luma
/// pyramid.
struct SmallFrame: Sendable {
    let luma: Plane
    let blue: Plane
    let red: Plane
    /// Y', Cb and Cr of every sample; the fourth lane is 0.
    let colours: [SIMD4<Float>]
    /// Luma at a half, a quarter and an eighth of the working size.
    let pyramid: [Plane]

    init(_ frame: VideoFrame, size: WorkingSize) {
        luma = Self.averaged(frame, plane: 0, size: size, halvings: 1)
        blue = Self.averaged(frame, plane: 1, size: size, halvings: 2)
        red = Self.averaged(frame, plane: 2, size: size, halvings: 2)
        colours = Self.interleaved(luma, blue, red)
        let half = luma.halved()
        let quarter = half.halved()
        pyramid = [half, quarter, quarter.halved()]
    }

    /// The full-size samples of a row that one small sample stands for.
    private struct Columns {
        let left: Int32
        let right: Int32
        let scale: Float

        init(_ range: Range<Int>) {
            left = Int32(range.lowerBound)
            right = Int32(range.upperBound)
            scale = 1 / Float(range.count)
        }
    }

    private static func interleaved(_ luma: Plane, _ blue: Plane, _ red: Plane)
        -> [SIMD4<Float>]
    {
        var colours = [SIMD4<Float>](repeating: .zero, count: luma.count)
        var target = colours.mutableSpan
        let y = luma.values.span
        let b = blue.values.span
        let r = red.values.span
        for index in 0..<y.count {
            target[unchecked: index] = SIMD4(
                y[unchecked: index],
                b[unchecked: index],
                r[unchecked: index],
                0
            )
        }
        return colours
    }

    /// Averages one plane over squares; `halvings` is 2 where the plane itself is halved.
    private static func averaged(
        _ frame: VideoFrame,
        plane number: Int,
        size: WorkingSize,
        halvings: Int
    ) -> Plane {
        var result = Plane(unwritten: size.width, size.height)
        frame.withPlane(number) { layout, samples in
            let columns = (0..<size.width).map { x in
                let left = min(x * size.factor / halvings, layout.width - 1)
                let right = min(max(left + 1, (x + 1) * size.factor / halvings), layout.width)
                return Columns(left..<right)
            }
            let ends = columns.span
            var target = result.values.mutableSpan
            // Sums of up to 128 rows fit 16 bits; of taller squares only every n-th row counts.
            let step = size.factor / 128 + 1
            withUnsafeTemporaryAllocation(of: UInt16.self, capacity: layout.width) { sums in
                guard let sum = sums.baseAddress, let pixels = samples.baseAddress else { return }
                for y in 0..<size.height {
                    let top = min(y * size.factor / halvings, layout.height - 1)
                    let bottom = min(
                        max(top + 1, (y + 1) * size.factor / halvings),
                        layout.height
                    )
                    sum.initialize(repeating: 0, count: layout.width)
                    var rows = 0
                    for row in stride(from: top, to: bottom, by: step) {
                        let source = pixels + row * layout.bytesPerRow
                        for x in 0..<layout.width {
                            sum[x] &+= UInt16(truncatingIfNeeded: source[x])
                        }
                        rows += 1
                    }
                    let scale = 1 / Float(rows)
                    for x in 0..<size.width {
                        let span = ends[unchecked: x]
                        var total: UInt32 = 0
                        var column = Int(span.left)
                        while column < Int(span.right) {
                            total &+= UInt32(truncatingIfNeeded: sum[column])
                            column &+= 1
                        }
                        target[unchecked: y &* size.width &+ x] =
                            Float(total) * (scale * span.scale)
                    }
                }
            }
        }
        return result
    }
}

/// The size at which saliency is estimated: the full size over a whole number, so that every small
/// sample stands for the same square of full-size ones.
struct WorkingSize: Sendable, Equatable {
    /// Full-size samples along the side of a small one.
    let factor: Int
    /// Columns of a small frame; the last one may stand for fewer full-size columns.
    let width: Int
    /// Rows of a small frame.
    let height: Int

    init(frameWidth: Int, frameHeight: Int) {
        let longer = max(frameWidth, frameHeight)
        let limit = SaliencyTuning.Input.longestSide
        factor = max(1, (longer + limit - 1) / limit)
        width = (frameWidth + factor - 1) / factor
        height = (frameHeight + factor - 1) / factor
    }

    var count: Int { width * height }
}
