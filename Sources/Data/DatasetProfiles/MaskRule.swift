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
        /// Images of those frames that are read as images, in their size.
        case sampled
        /// Run lengths in a table, for each object.
        case runs
    }

    /// Whether clips without masks are rejected.
    package enum Need: Sendable {
        /// Never.
        case optional
        /// Where other clips of the data set have masks.
        case uniform
        /// Always.
        case required
    }

    /// A second pair of videos that shows the object alone, stretched to a square.
    package struct Detail: Sendable, Equatable {
        /// Columns and rows.
        package let side: Int
        /// The least width and height of the box around the object, once the whole frame is
        /// stretched to `side`.
        package let leastSide: Int
    }

    package let form: Form
    package let need: Need
    /// Which value the object has.
    package let polarity: MaskPolarity
    /// A mask covers the object of so many frames before and after its own too.
    package let dilation: Int
    /// How many masks there are; nil for one for each frame.
    package let frameCount: Int?
    /// Nil where the consumer has no use for it.
    package let detail: Detail?

    /// Whether a clip without masks is rejected.
    package var isRequired: Bool { need == .required }

    init(
        _ form: Form,
        need: Need = .optional,
        polarity: MaskPolarity = .whiteObject,
        dilation: Int = 0,
        frameCount: Int? = nil,
        detail: Detail? = nil
    ) {
        self.form = form
        self.need = need
        self.polarity = polarity
        self.dilation = dilation
        self.frameCount = frameCount
        self.detail = detail
    }
}
