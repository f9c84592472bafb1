/// How far the mask of a frame can be trusted.
package struct FrameQuality: Sendable {
    /// The frame, from 0.
    package let frame: Int
    /// An estimate of the IoU with the true mask, 0…1.
    package let score: Double
    /// What it is made of; a part that cannot be known is missing.
    package let parts: [QualityPart: Double]
    /// Whether another shot begins with the frame, as far as that was asked.
    package let beginsShot: Bool

    init(frame: Int, score: Double, parts: [QualityPart: Double], beginsShot: Bool = false) {
        (self.frame, self.score, self.parts) = (frame, score, parts)
        self.beginsShot = beginsShot
    }

    /// - Parameters:
    ///   - frame: the frame, from 0.
    ///   - parts: all that is known; those that do not count for the model are dropped.
    ///   - model: for which masks.
    ///   - extent: what the mask covers.
    ///   - beginsShot: whether another shot begins with the frame.
    package init(
        frame: Int,
        _ parts: [QualityPart: Double],
        by model: QualityModel,
        _ extent: MaskCoverage,
        beginsShot: Bool = false
    ) {
        let counted = extent == .some ? parts.filter { model.parts.contains($0.key) } : [:]
        let score = model.score(counted, extent)
        self.init(frame: frame, score: score, parts: counted, beginsShot: beginsShot)
    }
}

/// How much of the frame a mask covers.
package enum MaskCoverage: Sendable {
    case empty
    /// Empty, and the model holds that the object is not in the frame.
    case absent
    case some
    case full
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
                parts: parts,
                beginsShot: quality.beginsShot
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
    /// How few places it was undecided about, 0…1.
    package var clarity: Double?
    /// The IoU of the mask's box with that of what the label names, as a detector has seen it, 0…1.
    package var label: Double?

    package init(
        predictedIoU: Double? = nil,
        isPresent: Bool? = nil,
        clarity: Double? = nil,
        label: Double? = nil
    ) {
        (self.predictedIoU, self.isPresent) = (predictedIoU, isPresent)
        (self.clarity, self.label) = (clarity, label)
    }
}
