import Imaging
import Saliency

/// The maps of frames that one tracker is given in order.
func maps(of frames: [VideoFrame], settings: SaliencySettings = SaliencySettings())
    -> [SaliencyMap]
{
    guard let first = frames.first else { return [] }
    var tracker = SaliencyTracker(width: first.width, height: first.height, settings: settings)
    var maps: [SaliencyMap] = []
    for frame in frames { maps += tracker.add(frame) }
    return maps + tracker.finish()
}

/// The masks of a scene's first frames.
func masks(of scene: Scene, frames: Int, settings: SaliencySettings = SaliencySettings())
    -> [GrayImage]
{
    maps(of: (0..<frames).map(scene.frame), settings: settings).map { $0.mask() }
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

/// Mean part of the pixels that change from one mask to the next.
func flicker(_ masks: [GrayImage]) -> Double {
    let changes = zip(masks, masks.dropFirst()).map { pair in
        zip(pair.0.pixels, pair.1.pixels).count { $0 != $1 }
    }
    guard let first = masks.first, !changes.isEmpty else { return 0 }
    return Double(changes.reduce(0, +)) / Double(changes.count * first.pixels.count)
}
