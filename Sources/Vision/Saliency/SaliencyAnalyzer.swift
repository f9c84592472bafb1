import Imaging

/// Finds where the object of every frame is. It takes the frames of a video in order and decides
/// the maps of a window of frames together, so a map comes up to a window's length late.
///
/// Frames are only read while they are added: a mask is drawn from a map and the frame itself,
/// decoded again, by `MaskDrawing`. Work is shared among the processors; the maps do not depend on
/// their number.
package struct SaliencyAnalyzer: Sendable {
    private let width: Int
    private let height: Int
    private let frameRate: Double
    private let tuning: SaliencyTuning
    private var pipeline: ScenePipeline?
    /// The first frames, until they show whether there are black bars.
    private var first: [VideoFrame] = []
    /// How many frames in a row have shown content where bars were, and what they showed.
    private var contradictions: (count: Int, area: ContentArea?) = (0, nil)

    /// Starts on a video.
    ///
    /// - Parameters:
    ///   - width: columns of every frame.
    ///   - height: rows of every frame.
    ///   - frameRate: frames per second, which says how many frames a window has; nil if unknown.
    ///   - tuning: the numbers of the method.
    package init(
        width: Int,
        height: Int,
        frameRate: Double?,
        tuning: SaliencyTuning = .standard
    ) {
        precondition(width > 0 && height > 0, "a frame has at least one sample")
        (self.width, self.height, self.tuning) = (width, height, tuning)
        let known = frameRate.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        self.frameRate = known ?? tuning.input.frameRate
    }

    /// Takes the next frame in presentation order, yuv420p and of the size given to `init`.
    ///
    /// - Returns: the maps that are now decided, in order.
    package mutating func add(_ frame: VideoFrame) -> [ObjectMap] {
        precondition(frame.format == .yuv420p, "the analysis reads yuv420p")
        precondition(
            frame.width == width && frame.height == height,
            "every frame has the size given at the start"
        )
        guard let current = pipeline?.size else {
            first.append(frame)
            return first.count < tuning.bars.frames ? [] : start()
        }
        var maps: [ObjectMap] = []
        if let area = contradiction(frame, current.content) {
            maps = end()
            pipeline = makePipeline(area)
        }
        return maps + analyse(frame)
    }

    /// The maps that are left after the last frame, in order.
    package mutating func finish() -> [ObjectMap] {
        let maps = first.isEmpty ? [] : start()
        return maps + end()
    }

    private mutating func start() -> [ObjectMap] {
        pipeline = makePipeline(BlackBars.content(first, tuning: tuning.bars))
        let frames = first
        first = []
        return frames.flatMap { analyse($0) }
    }

    private mutating func end() -> [ObjectMap] {
        guard let content = pipeline?.size.content, let maps = pipeline?.finish() else { return [] }
        pipeline = nil
        return placed(maps, content)
    }

    private mutating func analyse(_ frame: VideoFrame) -> [ObjectMap] {
        guard let size = pipeline?.size else { return [] }
        return placed(pipeline?.add(ShrunkFrame(frame, size: size)) ?? [], size.content)
    }

    private func makePipeline(_ content: ContentArea?) -> ScenePipeline {
        ScenePipeline(
            size: MapSize(
                frameWidth: width,
                frameHeight: height,
                content: content,
                places: tuning.input.places
            ),
            frameRate: frameRate,
            tuning: tuning
        )
    }

    /// The content's new area, where some frames in a row show more of it than the bars leave.
    private mutating func contradiction(
        _ frame: VideoFrame,
        _ content: ContentArea
    ) -> ContentArea? {
        guard content.width < width || content.height < height,
            let seen = BlackBars.content(frame, tuning: tuning.bars)
        else { return nil }
        let both = content.union(seen)
        let grown = max(both.width - content.width, both.height - content.height)
        guard grown > tuning.bars.tolerance else {
            contradictions = (0, nil)
            return nil
        }
        contradictions.count += 1
        contradictions.area = contradictions.area.map { $0.union(both) } ?? both
        guard contradictions.count >= tuning.bars.contradictions else { return nil }
        defer { contradictions = (0, nil) }
        return contradictions.area
    }

    /// Maps of the content as maps of the frame: bars are no object.
    private func placed(_ maps: [ObjectMap], _ content: ContentArea) -> [ObjectMap] {
        guard content.width < width || content.height < height else { return maps }
        let full = MapSize(frameWidth: width, frameHeight: height, places: tuning.input.places)
        return maps.map { $0.placed(in: content, of: full) }
    }
}

extension ObjectMap {
    /// The map of a frame from that of its content, bilinear; 0 outside the content.
    fileprivate func placed(in content: ContentArea, of full: MapSize) -> ObjectMap {
        func taps(_ count: Int, _ length: Int, _ start: Int, _ part: Int, _ small: Int)
            -> [(first: Int, second: Int, part: Float)?]
        {
            (0..<count).map { place in
                let pixel = (Float(place) + 0.5) * Float(length) / Float(count) - Float(start)
                guard pixel > 0, pixel < Float(part) else { return nil }
                let position = min(
                    max(pixel * Float(small) / Float(part) - 0.5, 0),
                    Float(small - 1)
                )
                let first = Int(position)
                return (first, min(first + 1, small - 1), position - Float(first))
            }
        }
        let columns = taps(full.width, full.frameWidth, content.left, content.width, width)
        let rows = taps(full.height, full.frameHeight, content.top, content.height, height)
        var result = [UInt8](repeating: 0, count: full.count)
        for (y, row) in rows.enumerated() {
            guard let row else { continue }
            for (x, column) in columns.enumerated() {
                guard let column else { continue }
                func mixed(_ line: Int) -> Float {
                    let left = Float(values[line * width + column.first])
                    let right = Float(values[line * width + column.second])
                    return left + (right - left) * column.part
                }
                let (upper, lower) = (mixed(row.first), mixed(row.second))
                result[y * full.width + x] = UInt8(upper + (lower - upper) * row.part + 0.5)
            }
        }
        return ObjectMap(
            frame: frame,
            time: time,
            width: full.width,
            height: full.height,
            values: result,
            confidence: confidence,
            content: content,
            motion: motion
        )
    }
}
