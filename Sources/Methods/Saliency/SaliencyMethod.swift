import Imaging
import MaskPipeline
import MaskQuality
import MaskStore
import Media
import Saliency

/// Masks of what stands out and moves; needs no download.
package struct SaliencyMethod: MaskMethod {
    /// The probability, 0…255 for 0…1, from which on a place is object.
    package static let standardThreshold: UInt8 = 128

    private let threshold: UInt8

    /// Changes whenever the same settings give other masks than before.
    static let revision = 2.0

    /// - Parameter threshold: the probability, 0…255 for 0…1, from which on a place is object.
    package init(threshold: UInt8 = standardThreshold) {
        self.threshold = threshold
    }

    package let name = "saliency"

    package var settings: [String: SettingValue] {
        ["revision": .number(Self.revision), "threshold": .number(Double(threshold))]
    }

    /// Planar Y'CbCr: what most videos are stored as, so nothing is converted.
    package let pixelFormat = PixelFormat.yuv420p

    /// Measured on two cores as the part of the time until the first mask: 0.79 and 0.83 in two
    /// videos of 1280x720, 0.75 in one of 1920x1080, 0.78 to 0.85 in three of 854x480. The rest is
    /// drawing and writing.
    package let analysisShare = 0.8

    package let judgesItself = true

    package let stage = "wait for the analysis"

    package func makeSession(for video: MaskVideo) -> any MaskSession {
        SaliencySession(
            analysis: video.startAnalysis(),
            drawing: MaskDrawing(
                width: video.stream.width,
                height: video.stream.height,
                threshold: threshold
            ),
            count: video.doneCount
        )
    }
}

/// Draws the mask of each frame from its map, which the analysis of the clip decides.
private struct SaliencySession: MaskSession {
    let analysis: ClipAnalysis
    let drawing: MaskDrawing
    /// How many frames there have been.
    var count: Int
    let skipsFinishedFrames = true

    mutating func add(_ frame: VideoFrame) async throws -> SessionStep {
        let map = try await analysis.map(of: frame)
        count = frame.index + 1
        return SessionStep([
            PendingMask(frame: frame) { [drawing] in
                let image = drawing.mask(of: map, over: frame)
                return Mask(
                    image: image,
                    scores: MaskConfidence(map.confidence).scores,
                    judgement: MaskJudgement(of: image, over: frame, map.motion)
                )
            }
        ])
    }

    func finish() async throws -> [PendingMask] {
        try await analysis.checkEnd(after: count)
        return []
    }

    func end() async { await analysis.end() }
}

extension MaskJudgement {
    /// What a mask that was just drawn is judged by.
    fileprivate init(of mask: GrayImage, over frame: VideoFrame, _ motion: FrameMotion?) {
        guard let motion else {
            self.init()
            return
        }
        self.init(
            DrawnMask.parts(of: mask, over: frame, motion),
            beginsShot: motion.beginsShot && frame.index > 0
        )
    }
}
