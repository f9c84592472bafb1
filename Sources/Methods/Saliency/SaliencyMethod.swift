import Imaging
import MaskPipeline
import MaskStore
import Media
import Saliency

/// Masks of what stands out and moves; needs no download.
package struct SaliencyMethod: MaskMethod {
    private let parameters: SaliencySettings

    /// Changes whenever the same settings give other masks than before.
    private static let revision = 1.0

    package init(_ parameters: SaliencySettings) {
        self.parameters = parameters
    }

    package let name = "saliency"

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

/// Each mask depends on the frames before it, so the tracker needs all of them; finished ones are
/// only not drawn.
private struct SaliencySession: MaskSession {
    var tracker: SaliencyTracker

    mutating func add(_ frame: VideoFrame) -> SessionStep {
        SessionStep(pending(tracker.add(frame)))
    }

    mutating func finish() -> [PendingMask] { pending(tracker.finish()) }

    private func pending(_ maps: [SaliencyMap]) -> [PendingMask] {
        maps.map { map in PendingMask(frame: map.frame) { Mask(image: map.mask()) } }
    }
}
