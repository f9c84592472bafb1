/// One image as the search needs it, made once and used with any number of other images, as the
/// first and as the second: its scales, their gradients, and what patches need of both.
package struct FlowImage: Sendable {
    /// One scale of the image: where its planes are in `storage`.
    struct Level: Sendable {
        let scale: Int
        let width: Int
        let height: Int
        /// From one row of `image` to the next.
        let stride: Int
        /// Sample (0, 0), with `FlowImage.margin` repeated samples on all sides.
        let image: Int
        /// Derivatives to the right and downwards, without margins: rows of `width`.
        let gradientX: Int
        let gradientY: Int
        let grid: PatchGrid
        /// `PatchTemplate.floats` numbers for each patch.
        let templates: Int
    }

    /// A patch may be moved by its own size beyond the edge, and is read with one sample more.
    static let margin = FlowSettings.patchSize + 2

    package let settings: FlowSettings
    /// Size of the image that this was made of.
    package let width: Int
    package let height: Int
    /// Finest first; empty if not even the finest scale holds a patch.
    let levels: [Level]
    let storage: [Float]

    /// `luma` has the samples of the image, row by row.
    package init(luma: [UInt8], width: Int, height: Int, settings: FlowSettings) {
        precondition(luma.count >= width * height)
        self.settings = settings
        self.width = width
        self.height = height
        var count = 0
        levels = Self.layout(width, height, settings, &count)
        let levels = levels
        storage = [Float](unsafeUninitializedCapacity: count) { buffer, used in
            used = count
            guard let base = buffer.baseAddress else { return }
            luma.withUnsafeBufferPointer { luma in
                Self.fill(base, count, levels, luma, width, height)
            }
        }
    }

    /// Size of the field between two such images.
    package var fieldWidth: Int { width >> settings.finestScale }
    package var fieldHeight: Int { height >> settings.finestScale }

    private static func layout(
        _ width: Int,
        _ height: Int,
        _ settings: FlowSettings,
        _ count: inout Int
    ) -> [Level] {
        var levels: [Level] = []
        for scale in settings.scales(width: width, height: height) {
            let size = (width: width >> scale, height: height >> scale)
            guard min(size.width, size.height) >= FlowSettings.patchSize else { break }
            let grid = PatchGrid(
                width: size.width,
                height: size.height,
                stride: settings.patchStride
            )
            let stride = size.width + 2 * margin
            let image = count
            let gradientX = image + stride * (size.height + 2 * margin)
            let gradientY = gradientX + size.width * size.height
            let templates = gradientY + size.width * size.height
            count = templates + grid.count * PatchTemplate.floats
            levels.append(
                Level(
                    scale: scale,
                    width: size.width,
                    height: size.height,
                    stride: stride,
                    image: image + margin * stride + margin,
                    gradientX: gradientX,
                    gradientY: gradientY,
                    grid: grid,
                    templates: templates
                )
            )
        }
        return levels
    }

    private static func fill(
        _ storage: UnsafeMutablePointer<Float>,
        _ count: Int,
        _ levels: [Level],
        _ luma: UnsafeBufferPointer<UInt8>,
        _ width: Int,
        _ height: Int
    ) {
        storage.initialize(repeating: 0, count: count)
        var finer: Level?
        for level in levels {
            let image = storage + level.image
            if let finer {
                let source = storage + finer.image
                Decimation.halve(into: image, level) { row in
                    UnsafePointer(source + row &* finer.stride)
                }
            } else {
                Decimation.reduce(luma, width, height, into: image, level)
            }
            repeatEdges(image, level)
            differentiate(image, level, storage + level.gradientX, storage + level.gradientY)
            PatchTemplate.fill(storage, level)
            finer = level
        }
    }

    private static func repeatEdges(_ image: UnsafeMutablePointer<Float>, _ level: Level) {
        for y in 0..<level.height {
            let row = image + y &* level.stride
            let (first, last) = (row[0], row[level.width - 1])
            for x in 1...margin {
                row[-x] = first
                row[level.width - 1 + x] = last
            }
        }
        let first = image - margin
        let last = first + (level.height - 1) * level.stride
        for y in 1...margin {
            (first - y * level.stride).update(from: first, count: level.stride)
            (last + y * level.stride).update(from: last, count: level.stride)
        }
    }

    /// Central differences, which the margin makes one-sided at half weight at the edges.
    private static func differentiate(
        _ image: UnsafeMutablePointer<Float>,
        _ level: Level,
        _ gradientX: UnsafeMutablePointer<Float>,
        _ gradientY: UnsafeMutablePointer<Float>
    ) {
        for y in 0..<level.height {
            let row = image + y &* level.stride
            let (above, below) = (row - level.stride, row + level.stride)
            let start = y &* level.width
            for x in 0..<level.width {
                gradientX[start &+ x] = (row[x &+ 1] - row[x &- 1]) * 0.5
                gradientY[start &+ x] = (below[x] - above[x]) * 0.5
            }
        }
    }
}
