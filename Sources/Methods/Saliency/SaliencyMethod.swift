import Media
import Pixels
import Saliency

/// The built-in method: needs no download.
public struct SaliencyMethod: MaskMethod {
    private let parameters: SaliencySettings

    /// Changes whenever the same settings give other masks than before.
    private static let revision = 1.0

    /// A method with these parameters.
    public init(_ parameters: SaliencySettings) {
        self.parameters = parameters
    }

    /// "saliency".
    public let name = "saliency"

    /// The parameters and the revision of the method.
    public var settings: [String: SettingValue] {
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
    public let pixelFormat = PixelFormat.yuv420p

    /// Gets ready for one video.
    public func makeSession(for video: MaskVideo) -> any MaskSession {
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
