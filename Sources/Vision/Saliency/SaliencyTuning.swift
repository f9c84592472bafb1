import OpticalFlow

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
    package var bars = Bars()
    package var stream = Stream()
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

        /// The search for motion between frames.
        package var flow: FlowSettings {
            FlowSettings(
                finestScale: 1,
                patchStride: patchStride,
                gradientSteps: gradientSteps,
                variationalSteps: variationalSteps
            )
        }
    }

    /// Black bars: `BlackBars`. Origin of these and the next: test videos with bars, text, logos,
    /// repeated frames, flashes, fades and cuts.
    package struct Bars: Sendable, Codable {
        /// Frames at the start of a video that show its bars.
        package var frames = 8
        /// Median luma of a bar's rows is below, of the limited range of 16…235.
        package var darkest: Float = 37
        /// Its quantiles at both ends, and how far apart they are at most.
        package var tail: Float = 0.03
        package var range = 11
        /// The same quantile in a bar that has text in it.
        package var textTail: Float = 0.35
        /// Part of a side that a bar may take, and the least pixels of two bars together.
        package var greatestPart: Float = 0.3
        package var least = 4
        /// So many frames in a row that show more than so many pixels more content end the bars.
        package var contradictions = 3
        package var tolerance = 4
    }

    /// Cuts, repeated frames, flashes, fades, overlays: `FrameStream`, `LightChange`, `Overlay`.
    /// Luma is in steps of a byte.
    package struct Stream: Sendable, Codable {
        /// Frames before and after a frame that say what it is.
        package var lookBehind = 8
        package var lookAhead = 7
        /// A repeated frame changes less than this, and less than this part of a quantile of the
        /// changes around.
        package var repeatChange: Float = 0.45
        package var repeatPart: Float = 0.15
        package var repeatQuantile: Float = 0.8
        /// A flash: step of mean luma, frames it lasts, and part of the step that may remain.
        package var flashStep: Float = 12
        package var flashFrames = 4
        package var flashReturn: Float = 0.35
        /// A cut: distance of histograms, of smoothed luma, how often the usual steps, and part of
        /// the distance that frames after and before keep.
        package var cutColours: Float = 0.3
        package var cutLuma: Float = 12
        package var cutRatio: Float = 2
        package var cutRemains: Float = 0.7
        /// Seconds and frames of a stretch that is searched for overlays and fades.
        package var stretch = 4.0
        package var mostFrames = 100
        /// Part of the places that all grow brighter, or all darker.
        package var lightShare: Float = 0.93
        /// An overlay: least frames, median deviation of the content's luma, gradient of its
        /// edges, part of that by which they change, samples between strokes, and greatest part
        /// of the content.
        package var overlayFrames = 8
        package var overlayMovement: Float = 6
        package var overlayEdge: Float = 10
        package var overlayChange: Float = 0.25
        package var overlayClosing = 4
        package var overlayShare: Float = 0.25
        /// Frames in which what is laid over for a short time is searched, and the part of the
        /// gradient by which its edges change.
        package var overlaySpan = 16
        package var overlayShortChange: Float = 0.12
        /// The least edges of a part, and how far they have to have all directions alike, 0…1.
        package var overlayEdges: Float = 20
        package var overlayIsotropy: Float = 0.3
        /// By how many of its heights a line of text is longer than what is found of it.
        package var overlayReach: Float = 1
        /// Deviation over time of the even ground of an overlay.
        package var overlayGround: Float = 3
        /// A part that takes more of both sides is an object that the camera follows.
        package var overlaySide: Float = 0.2
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
        /// Log odds that a place loses that moves as something still and near would: at most so many
        /// times as far as the camera's motion, which is at least so long, and with this cosine to
        /// it or more.
        package var nearWeight: Float = 8
        package var nearRatio: Float = 3
        package var nearLeast: Float = 0.2
        package var nearCosine: Float = 0.8
        /// Frames that may lie between two that are compared, and the motion that they should show.
        package var gaps = [1, 2, 3, 4, 6, 8]
        package var gapMotion: Float = 5
        /// Weight of the change that the camera's motion does not explain over that gap; the change
        /// that gives one half: in medians of the frame's, and added to that.
        package var changeWeight: Float = 2.5
        package var changeNoise: Float = 2
        package var changeLeast: Float = 2.2
        /// Mean edge, in steps for each fine sample, up to which no change says nothing, and from
        /// there to where it says all.
        package var leastTexture: Float = 2
        package var textureRange: Float = 1
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
        /// The estimate of the IoU: a part, and weights of the root of the mean share of the frame
        /// that is object, of the ambiguity of the clip and of the frame, and of how like the usual
        /// area a frame's is. Origin: ridge regression to J on the twelve sequences.
        package var base: Float = 0.41
        package var sizeWeight: Float = 0.822
        package var meanAmbiguityWeight: Float = 0.513
        package var ambiguityWeight: Float = -0.61
        package var steadyWeight: Float = 0.176
        /// Below this separation of object and background the estimate is reduced. By eye.
        package var fullSeparation: Float = 0.6
        /// In still clips, separation by looks that counts for nothing, and what is added for all.
        package var leastLooks: Float = 0.6
        package var looksRange: Float = 0.2
        /// The most that what stands out in a still clip is trusted: below the level of the warning,
        /// since it may be any part of the background.
        package var stillTrust: Float = 0.45
        /// Multiple of the noise, above 1, that the strongest motion has to be for full trust.
        package var clearRange: Float = 2.5
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
