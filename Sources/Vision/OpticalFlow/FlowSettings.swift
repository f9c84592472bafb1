/// How far a search for optical flow goes. The three presets use the parameters that OpenCV's
/// `DISOpticalFlow` has under the same names, except that half the gradient steps suffice: its
/// gradients are eight times as steep as the image, so that each of its steps goes an eighth of
/// the way, each of these half of it. More steps only let hidden patches drift.
package struct FlowSettings: Sendable, Hashable {
    /// Width and height of a patch, in samples: fixed, since the loops are written for it.
    package static let patchSize = 8

    /// The field is computed down to images of 1/2^finestScale of the width and the height.
    package var finestScale: Int
    /// The search begins at images of 1/2^coarsestScale; nil selects it by the size of the image.
    package var coarsestScale: Int?
    /// Distance between neighbouring patches, in samples, 1 to `patchSize`.
    package var patchStride: Int
    /// Most Gauss–Newton steps of a patch on one scale, both passes together.
    package var gradientSteps: Int
    /// Times that the variational refinement linearizes its penalties on one scale; 0 leaves the
    /// refinement out.
    package var variationalSteps: Int
    /// Sweeps of successive over-relaxation for each of these.
    package var relaxationSweeps: Int

    package init(
        finestScale: Int,
        coarsestScale: Int? = nil,
        patchStride: Int,
        gradientSteps: Int,
        variationalSteps: Int,
        relaxationSweeps: Int = 5
    ) {
        self.finestScale = max(finestScale, 0)
        self.coarsestScale = coarsestScale
        self.patchStride = min(max(patchStride, 1), Self.patchSize)
        self.gradientSteps = max(gradientSteps, 0)
        self.variationalSteps = max(variationalSteps, 0)
        self.relaxationSweeps = max(relaxationSweeps, 0)
    }

    package static let medium = FlowSettings(
        finestScale: 1,
        patchStride: 3,
        gradientSteps: 12,
        variationalSteps: 5
    )
    package static let fast = FlowSettings(
        finestScale: 2,
        patchStride: 4,
        gradientSteps: 8,
        variationalSteps: 5
    )
    package static let ultrafast = FlowSettings(
        finestScale: 2,
        patchStride: 4,
        gradientSteps: 6,
        variationalSteps: 0
    )

    /// The scales of an image, finest first.
    ///
    /// The coarsest one has patches that cover about a quarter of the longer side, so that motion
    /// of that size can be found, but the shorter side still holds a patch.
    func scales(width: Int, height: Int) -> ClosedRange<Int> {
        if let coarsestScale { return finestScale...max(coarsestScale, finestScale) }
        let long = max(width, height)
        let short = min(width, height)
        var scale = 0
        // Rounds log2(long / (4 * patchSize)): a half more is a factor of the square root of 2.
        while long * long >= 8 * Self.patchSize * Self.patchSize << (2 * scale + 2),
            short >> (scale + 1) >= Self.patchSize
        {
            scale += 1
        }
        return finestScale...max(scale, finestScale)
    }
}
