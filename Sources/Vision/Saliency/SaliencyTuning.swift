/// The numbers of the method, in one place. They are values, so that a study can choose others; a
/// run of the program has `standard`.
///
/// Motion is in places of the map (about 1/107 of the longer side of a wide frame) from one frame
/// to the next, colours in steps of L*a*b* scaled to 0…255 each, parts and weights in 0…1. Origin:
/// a coordinate search on twelve sequences of DAVIS 2016, checked by cross-validation, where a
/// number names no other.
package struct SaliencyTuning: Sendable, Codable {
    package static let standard = SaliencyTuning()

    package var input = Input()
    package var camera = Camera()
    package var motion = Motion()
    package var carry = Carry()
    package var inference = Inference()
    package var outline = Outline()
    package var appearance = Appearance()
    package var confidence = Confidence()

    package init() {}

    /// Sizes and windows: `MapSize`, `SceneWindows`.
    package struct Input: Sendable, Codable {
        /// Places of a map. Origin: 107 × 60 for wide frames.
        package var places = 6420
        /// Seconds that are decided together, and that two such windows share.
        package var window = 8.0
        package var overlap = 2.0
        /// The most frames of a window, which bounds the memory.
        package var mostFrames = 240
        /// Frames per second where a video does not say it.
        package var frameRate = 25.0
        /// Optical flow: Gauss–Newton steps, refinements and distance of patches. Origin: OpenCV's
        /// preset "medium".
        package var patchStride = 3
        package var gradientSteps = 25
        package var variationalSteps = 5
    }

    /// The camera's motion: `PlanarMotionFit`.
    package struct Camera: Sendable, Codable {
        /// Every how many-th column and row counts.
        package var step = 3
        package var iterations = 8
        /// Weight of the frame's centre; that of its border is 1 more.
        package var centreWeight: Float = 0.25
        /// Where Tukey's biweight reaches 0, in medians of the residuals: in the first iteration,
        /// less by one in each further one, and at last.
        package var firstCutoff: Float = 6
        package var lastCutoff: Float = 2
        /// Added to the median residual.
        package var leastNoise: Float = 0.01
        /// Added to the diagonal of the normal equations.
        package var ridge: Float = 1e-3
    }

    /// Motion against the camera's: `MotionEvidence`.
    package struct Motion: Sendable, Codable {
        /// The strongest motion of a frame is this quantile.
        package var quantile: Float = 0.98
        /// Motion that gives one half: this part of the strongest.
        package var halfPart: Float = 0.4
        /// The same, in medians of the residual.
        package var halfNoise: Float = 2
        /// The same, at least.
        package var halfLeast: Float = 0.05
        /// Log odds by which a place gains for each factor by which the flow explains it better than
        /// the camera's motion does (times e), and what is added to both errors.
        package var explanationWeight: Float = 1.4
        package var errorFloor: Float = 0.75
        /// Frames that may lie between two that are compared, and the motion that they should show.
        package var gaps = [1, 2, 3, 4, 6, 8]
        package var gapMotion: Float = 5
        /// Weight of the change that the camera's motion does not explain over that gap; the change
        /// that gives one half: in medians of the frame's, and added to that.
        package var changeWeight: Float = 2.5
        package var changeNoise: Float = 2
        package var changeLeast: Float = 2.2
        /// Mean reliability below one over this lets appearance decide.
        package var stillness: Float = 4
    }

    /// Carrying along the flow: `CarryPath`.
    package struct Carry: Sendable, Codable {
        /// Part that is carried on where colours agree.
        package var share: Float = 0.97
        /// Difference of colours, summed over the channels, that lets 1/e of it through.
        package var colourScale: Float = 25
    }

    /// What the clip decides: `Inference`, `ClipColours`, `LocalGrid`.
    package struct Inference: Sendable, Codable {
        package var rounds = 6
        /// Weights of the witnesses: motion, the clip's colours, the local grid.
        package var motionWeight: Float = 1
        package var colourWeight: Float = 0.2
        package var gridWeight: Float = 1.6
        /// Factor of their mean log odds.
        package var sharpening: Float = 3.5
        /// Added to the log odds.
        package var bias: Float = -0.9
        package var centre: Float = 3
        /// Square of the centre prior's width, across and down, in half longer sides.
        package var centreAcross: Float = 0.5
        package var centreDown: Float = 0.25
        /// How fast a place's weight grows with its distance from one half.
        package var certainty: Float = 1.5
        /// Bins of the clip's colours.
        package var lightBins = 12
        package var chromaBins = 16
        /// Factor by which a and b are stretched about their middle.
        package var chromaStretch: Float = 2
        /// Frames of a cell of the local grid, and cells over the longer and the shorter side of a
        /// frame, over lightness and both colours.
        package var timeCell = 8
        package var acrossCells = 10
        package var downCells = 7
        package var lightCells = 20
        package var chromaCells = 64
    }

    /// Full size: `MaskDrawing`.
    package struct Outline: Sendable, Codable {
        /// Half the side, in places, of the squares in which the map is linear in the luma, and
        /// over which its coefficients are averaged.
        package var filterRadius = 1
        package var coefficientRadius = 1
        /// Variance of luma, with luma in 0…1, below which an edge does not guide.
        package var smoothing: Float = 1e-3
    }

    /// How far a mask can be trusted: `Confidence`.
    package struct Confidence: Sendable, Codable {
        /// Fewer places are no object.
        package var leastPlaces = 6
        /// Weight of the agreement with the neighbours' maps; the rest goes to separation alone.
        package var agreement: Float = 0.5
    }

    /// A frame's looks where nothing moves: `Appearance`.
    package struct Appearance: Sendable, Codable {
        /// Saliency that the middles of the frame's sides lose; little, as objects leave the
        /// centre.
        package var centreBias: Float = 0.15
        /// Barrier, in steps, that gives a separation of one half.
        package var halfBarrier: Float = 25
        /// Distance from the border's colours, in standard deviations, from which a colour stands
        /// out, and what each further one adds.
        package var leastContrast: Float = 2.2
        package var contrastSlope: Float = 0.4
        /// The ring that shows the background's own barriers: inset by this fraction of the
        /// shorter side, but by at least so many places.
        package var ringFraction = 24
        package var leastInset = 2
        /// Background level of the barriers: `scale * median + offset`, at most `greatest`. Of a
        /// frame that an object nearly fills, the ring is inside the object.
        package var ringScale: Float = 1.3
        package var ringOffset: Float = 4
        package var greatestRing: Float = 40
        /// Raster scans. Origin: J. Zhang et al., ICCV 2015.
        package var barrierPasses = 3
        /// Thickness of the border bands as a fraction of the shorter side; thin, so that an
        /// object that nearly fills the frame does not fill them too.
        package var bandFraction = 40
        /// Colours closer than this many steps are not distinguished.
        package var colourNoise: Float = 3
    }
}
