import Imaging

/// Finds where the object of every frame is. It takes the frames of a video in order and decides
/// the maps of a window of frames together, so a map comes up to a window's length late.
///
/// Frames are only read while they are added: a mask is drawn from a map and the frame itself,
/// decoded again, by `MaskDrawing`.
package struct SaliencyAnalyzer: Sendable {
    private var tracker: SaliencyTracker

    /// Starts on a video.
    ///
    /// - Parameters:
    ///   - width: columns of every frame.
    ///   - height: rows of every frame.
    ///   - frameRate: frames per second, which says how many frames a window has; nil if unknown.
    package init(width: Int, height: Int, frameRate: Double?) {
        tracker = SaliencyTracker(width: width, height: height, settings: SaliencySettings())
    }

    /// Takes the next frame in presentation order, yuv420p and of the size given to `init`.
    ///
    /// - Returns: the maps that are now decided, in order.
    package mutating func add(_ frame: VideoFrame) -> [ObjectMap] {
        tracker.add(frame).map(\.objectMap)
    }

    /// The maps that are left after the last frame, in order.
    package mutating func finish() -> [ObjectMap] { tracker.finish().map(\.objectMap) }
}

extension SaliencyMap {
    fileprivate var objectMap: ObjectMap {
        let values = probabilities
        return ObjectMap(
            frame: frame.index,
            time: frame.time,
            width: width,
            height: height,
            values: values,
            confidence: Self.separation(values)
        )
    }

    /// Mean inside minus mean outside.
    private static func separation(_ values: [UInt8]) -> Float {
        let inside = values.filter { $0 >= 128 }
        guard !inside.isEmpty, inside.count < values.count else { return 0 }
        let total = values.reduce(0) { $0 + Int($1) }
        let sum = inside.reduce(0) { $0 + Int($1) }
        let outside = Float(total - sum) / Float(values.count - inside.count)
        return (Float(sum) / Float(inside.count) - outside) / 255
    }
}
