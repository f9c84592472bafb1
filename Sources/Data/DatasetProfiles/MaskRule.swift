import MaskStore

/// What a consumer needs of the masks of a clip.
package struct MaskRule: Sendable, Equatable {
    /// What they are written as.
    package enum Form: String, Sendable, Codable {
        /// A folder of images, one for each frame, as 8cut has them.
        case images
        /// A grey video without loss, with one frame for each mask.
        case video
        /// One image for all frames: the mean.
        case still
    }

    package let form: Form
    /// Whether a clip without masks is rejected.
    package let isRequired: Bool
    /// Which value the object has.
    package let polarity: MaskPolarity
    /// A mask covers the object of so many frames before and after its own too.
    package let dilation: Int

    init(
        _ form: Form,
        required: Bool = false,
        polarity: MaskPolarity = .whiteObject,
        dilation: Int = 0
    ) {
        self.form = form
        isRequired = required
        self.polarity = polarity
        self.dilation = dilation
    }
}
