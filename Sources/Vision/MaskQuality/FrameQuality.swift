/// How far the mask of a frame can be trusted.
package struct FrameQuality: Sendable {
    /// The frame, from 0.
    package let frame: Int
    /// An estimate of the IoU with the true mask, 0…1.
    package let score: Double
    /// What it is made of; a part that cannot be known is missing.
    package let parts: [QualityPart: Double]
}

extension FrameQuality {
    /// Masks that were compared with those of the built-in method, which may be wrong themselves: their
    /// agreement counts as far as these are trusted.
    ///
    /// - Parameters:
    ///   - qualities: by `QualityModel.compared`.
    ///   - builtIn: of the built-in method's masks of the same clip.
    /// - Returns: the same with other scores.
    package static func weighed(
        _ qualities: [FrameQuality],
        by builtIn: [FrameQuality]
    ) -> [FrameQuality] {
        let trust = min(max((mean(builtIn) - 0.5) / 0.2, 0), 1)
        return qualities.map { quality in
            guard let agreement = quality.parts[.agreement] else { return quality }
            var parts = quality.parts
            parts[.agreement] = 0.5 + (agreement - 0.5) * trust
            return FrameQuality(
                frame: quality.frame,
                score: QualityModel.compared.score(parts, .some),
                parts: parts
            )
        }
    }

    /// The score of a clip: the mean of its frames', 0 of none.
    package static func mean(_ qualities: [FrameQuality]) -> Double {
        qualities.map(\.score).reduce(0, +) / Double(max(qualities.count, 1))
    }
}

/// What a method says itself about a mask.
package struct OwnSignals: Sendable {
    /// Its estimate of the IoU, 0…1.
    package var predictedIoU: Double?
    /// Whether it holds that the object is in the frame.
    package var isPresent: Bool?

    package init(predictedIoU: Double? = nil, isPresent: Bool? = nil) {
        (self.predictedIoU, self.isPresent) = (predictedIoU, isPresent)
    }
}
