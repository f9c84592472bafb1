import Imaging
import MaskPipeline
import MaskStore
import Media
import Saliency

/// The built-in method: needs no download.
package struct SaliencyMethod: MaskMethod {
    private let parameters: SaliencySettings

    /// Changes whenever the same settings give other masks than before.
    private static let revision = 1.0

    /// A method with these parameters.
    package init(_ parameters: SaliencySettings) {
        self.parameters = parameters
    }

    /// "saliency".
    package let name = "saliency"

    /// The parameters and the revision of the method.
    package var settings: [String: SettingValue] {
        let threshold: SettingValue =
            switch parameters.threshold {
            case .otsu: .text("otsu")
            case .fixed(let level): .number(Double(level))
            }
        return [
            "revision": .number(Self.revision), "threshold": threshold,
            "smooth": .number(parameters.smooth),
        ]
    }

    /// Planar Y'CbCr: what most videos are stored as, so nothing is converted.
    package let pixelFormat = PixelFormat.yuv420p

    /// Gets ready for one video.
    package func makeSession(for video: MaskVideo) -> any MaskSession {
        SaliencySession(
            tracker: SaliencyTracker(
                width: video.stream.width,
                height: video.stream.height,
                settings: parameters
            )
        )
    }
}

/// The tracker remembers, so frames that are done are looked at all the same; only drawing their
/// masks is saved.
private struct SaliencySession: MaskSession {
    var tracker: SaliencyTracker
    var done: Set<Int> = []

    mutating func add(_ frame: VideoFrame, isDone: Bool) -> [PendingMask] {
        if isDone { done.insert(frame.index) }
        return pending(tracker.add(frame))
    }

    mutating func finish() -> [PendingMask] {
        pending(tracker.finish())
    }

    private mutating func pending(_ maps: [SaliencyMap]) -> [PendingMask] {
        maps.compactMap { map in
            if done.remove(map.frame.index) != nil { return nil }
            return PendingMask(frame: map.frame) { Mask(image: map.mask()) }
        }
    }
}
