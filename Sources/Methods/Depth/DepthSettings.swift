import DepthMasks
import MaskStore

/// What the user can set about masks of what is near.
package struct DepthSettings: Sendable {
    /// Where depth is cut.
    package var threshold: DepthThreshold
    /// Whether limits and threshold are taken over time, so that masks do not flicker.
    package var isSteady: Bool
    /// The pixels that a frame's shorter side is brought to for the model, about; nil for what the
    /// checkpoint says.
    package var resolution: Int?
    /// Whether the depth maps are kept beside the masks.
    package var keepsDepth: Bool

    /// Puts settings together; by default the masks are those of the original design.
    package init(
        threshold: DepthThreshold = .otsu,
        isSteady: Bool = false,
        resolution: Int? = nil,
        keepsDepth: Bool = false
    ) {
        self.threshold = threshold
        self.isSteady = isSteady
        self.resolution = resolution
        self.keepsDepth = keepsDepth
    }

    /// The settings as the manifest holds them.
    var described: [String: SettingValue] {
        let threshold: SettingValue =
            switch threshold {
            case .otsu: .text("otsu")
            case .fixed(let level): .number(Double(level))
            }
        return [
            "threshold": threshold, "steady": .flag(isSteady),
            "resolution": resolution.map { .number(Double($0)) } ?? .text("checkpoint"),
            "keepsDepth": .flag(keepsDepth),
        ]
    }
}
