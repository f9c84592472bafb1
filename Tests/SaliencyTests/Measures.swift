import Imaging
import Saliency

/// The maps of frames that one analyzer is given in order.
func maps(
    of frames: [VideoFrame],
    frameRate: Double? = 25,
    tuning: SaliencyTuning = .standard
) -> [ObjectMap] {
    guard let first = frames.first else { return [] }
    var analyzer = SaliencyAnalyzer(
        width: first.width,
        height: first.height,
        frameRate: frameRate,
        tuning: tuning
    )
    var maps: [ObjectMap] = []
    for frame in frames { maps += analyzer.add(frame) }
    return maps + analyzer.finish()
}

/// The masks of frames.
func masks(of frames: [VideoFrame]) -> [GrayImage] {
    guard let first = frames.first else { return [] }
    let drawing = MaskDrawing(width: first.width, height: first.height)
    return zip(maps(of: frames), frames).map { drawing.mask(of: $0, over: $1) }
}

/// The masks of a scene's first frames.
func masks(of scene: Scene, frames: Int) -> [GrayImage] {
    masks(of: (0..<frames).map(scene.frame))
}

/// Intersection over union of a mask and the truth; 1 where both are empty.
func iou(_ mask: GrayImage, _ truth: [Bool]) -> Double {
    var both = 0
    var either = 0
    for (pixel, isObject) in zip(mask.pixels, truth) {
        if pixel == 255, isObject { both += 1 }
        if pixel == 255 || isObject { either += 1 }
    }
    return either == 0 ? 1 : Double(both) / Double(either)
}

/// Mean IoU over a range of frames, and the least.
func ious(_ masks: [GrayImage], with scene: Scene, in range: Range<Int>)
    -> (mean: Double, least: Double)
{
    let values = range.map { iou(masks[$0], scene.truth($0)) }
    return (values.reduce(0, +) / Double(values.count), values.min() ?? 0)
}

/// Part of a mask that is object.
func share(_ mask: GrayImage) -> Double {
    Double(mask.pixels.count { $0 == 255 }) / Double(mask.pixels.count)
}

extension ObjectMap {
    /// Whether a map, of whatever frame, shows the same.
    func shows(_ other: ObjectMap) -> Bool {
        values == other.values && confidence == other.confidence && content == other.content
    }
}
