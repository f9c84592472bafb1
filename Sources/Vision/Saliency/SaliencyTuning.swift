/// The numbers of the method, in one place.
///
/// Lengths are in samples of the small frame (`WorkingSize`), colours and luma in grey levels of
/// 0...255, parts and weights in 0...1. Where a number names no other origin, it was tuned by hand
/// on rendered clips.
enum SaliencyTuning {
    /// The sizes and frames that the method works on.
    enum Input {
        /// The longer side of a small frame is at most this long.
        static let longestSide = 192
        /// Frames that are read before and kept after the one whose map is made.
        static let lookAhead = 6
        static let lookBehind = 6
    }

    /// Camera motion: `CameraMotion`, `CameraEstimator`, `CameraFit`, `Warp`.
    enum Camera {
        /// Pyramid levels with a shorter side have nothing to fit a motion to.
        static let shortestSide = 6
        /// Gauss-Newton steps on the finest level of the pyramid, on the others, and to refine a
        /// motion that was composed of several.
        static let finestSteps = 3
        static let coarserSteps = 4
        static let refiningSteps = 1
        /// Levels wider than this are fitted to every second row.
        static let sparseWidth = 64
        /// The first search covers shifts of this many samples of the coarsest level, but no more
        /// than this fraction of its shorter side.
        static let searchReach = 4
        static let searchFraction = 3
        /// Standing still is the likeliest motion: others must have less than this part of its
        /// residual.
        static let stillPreference: Float = 0.95
        /// Greatest change of scale, rotation or shear, and greatest shift in units of half the
        /// longer side, of a plausible motion.
        static let greatestDeformation: Float = 0.25
        static let greatestShift: Float = 0.8
        /// Where Tukey's biweight reaches 0, in medians of the absolute residuals. Origin: 4.685
        /// standard deviations, for an efficiency of 95 % with normally distributed residuals (P.
        /// Holland and R. Welsch, Communications in Statistics A6(9), 1977), of which such a
        /// median has 1 / 1.4826.
        static let residualCutoff: Float = 4.685 * 1.4826
        /// The least such cutoff, in grey levels.
        static let leastCutoff: Float = 4
        /// An object is rarely at the frame's border: the width of the border is this fraction of
        /// a side, and samples within it have this weight.
        static let borderFraction = 6
        static let innerWeight: Float = 0.4
        /// Ridge added to the normal equations, relative to the strongest entry: little for
        /// shifts, more for deformations. And an absolute one, which is the least strongest entry
        /// too.
        static let shiftRidge = 1e-4
        static let deformationRidge = 2e-3
        static let ridge = 1.0
        /// Positions up to this far beyond the other frame's edge still count as inside.
        static let edgeTolerance: Float = 0.25
    }

    /// Where one scene ends and the next begins: `SceneChange`.
    enum SceneCut {
        /// A sample has changed when its luma or chroma differs by more grey levels.
        static let changeLevel: Float = 10
        /// A scene ends where more than this part of the frame changes.
        static let share: Float = 0.5
        /// Every how many-th sample is compared, and at least how many of the shorter side.
        static let step = 4
        static let leastSamples = 8
    }

    /// Exposure and noise: `BrightnessChange`.
    enum Brightness {
        /// Every how many-th row and column counts on the finest level.
        static let step = 3
        /// Samples that are this many medians off the first fit are left out of the second, and at
        /// least the grey levels up to which none is.
        static let outlierMedians: Float = 3
        static let outlierLevel: Float = 3
        /// Fewer samples determine no change.
        static let leastSamples: Float = 8
        /// Variance, in squared grey levels, that pulls the gain towards 1: a frame without
        /// contrast says nothing about it.
        static let gainPrior: Float = 30
        static let leastGain: Float = 0.6
        static let greatestGain: Float = 1.6
        /// How a difference of colours grows with the median residual above that of clean videos.
        static let noiseScale: Float = 3
        static let cleanResidual: Float = 1
        /// Noise of one frame from the median difference of two. Origin: 1.4826 / √2.
        static let deviationOfDifference: Float = 1.05
    }

    /// Motion against the camera's: `MotionEvidence`.
    enum Motion {
        /// Frames between the compared ones, at most.
        static let reach = 3
        /// Half the side of the squares over which the measure is taken.
        static let radius = 2
        /// Gradients below this, in grey levels a sample, are taken for noise.
        static let noise: Float = 3
        /// The least motion that counts: in samples, and in medians of the frame's motion (noise,
        /// a wrong fit, leaves in the wind).
        static let least: Float = 0.16
        static let leastMedians: Float = 3
        /// Motion above the least, as a multiple of it, from which the evidence is full.
        static let full: Float = 1.5
    }

    /// Appearance in a single frame: `Appearance`, `BarrierDistance`, `BorderContrast`.
    enum Appearance {
        /// Saliency that the middles of the frame's sides lose; little, as objects leave the
        /// centre.
        static let centreBias: Float = 0.15
        /// Barrier, in grey levels, that gives a separation of one half.
        static let halfBarrier: Float = 25
        /// Distance from the border's colours, in standard deviations, from which a colour stands
        /// out, and what each further one adds.
        static let leastContrast: Float = 2.2
        static let contrastSlope: Float = 0.4
        /// The ring that shows the background's own barriers: inset by this fraction of the
        /// shorter side, but by at least so many samples.
        static let ringFraction = 24
        static let leastInset = 2
        /// Background level of the barriers: `scale * median + offset`, at most `greatest`. Of a
        /// frame that an object nearly fills, the ring is inside the object.
        static let ringScale: Float = 1.3
        static let ringOffset: Float = 4
        static let greatestRing: Float = 40
        /// Raster scans. Origin: J. Zhang et al., ICCV 2015.
        static let barrierPasses = 3
        /// Thickness of the border bands as a fraction of the shorter side; thin, so that an
        /// object that nearly fills the frame does not fill them too.
        static let bandFraction = 40
        /// Colours closer than this many grey levels are not distinguished.
        static let colourNoise: Float = 3
    }

    /// The grid over position and colour: `ColourModel`.
    enum Colours {
        static let lumaBins = 16
        static let chromaBins = 8
        /// Width of a chroma bin in grey levels.
        static let chromaStep: Float = 10
        /// Cells over the longer side of the frame.
        static let longerCells = 10
        /// Part of the evidence left a frame later.
        static let retention: Float = 0.88
        /// Weight of what a colour is elsewhere, where a position has little evidence of its own.
        static let priorWeight: Float = 2
        /// Evidence for the background that is always there: of a colour in the whole frame, and
        /// of a colour at a position.
        static let colourFloor: Float = 1
        static let positionFloor: Float = 0.05
    }

    /// Previous frames: `SceneMemory`, `BackgroundPlate`.
    enum Memory {
        /// Differences of colour, summed over the channels, that noise explains, and those that it
        /// does not.
        static let sameColour: Float = 5
        static let otherColour: Float = 16
        /// The same for the background, whose colours are means over time.
        static let sameBackground: Float = 6
        static let otherBackground: Float = 16
        /// What one frame adds to the confidence in the background, and what it takes away.
        static let confidenceGain: Float = 0.12
        static let confidenceLoss: Float = 0.1
        /// Confidence becomes probability as `scale * confidence - offset`.
        static let confidenceScale: Float = 2
        static let confidenceOffset: Float = 0.5
        /// Part of the way that the background's colour goes to that of a new frame.
        static let backgroundRate: Float = 0.25
        /// Saliency above which a sample is no background.
        static let objectLevel: Float = 0.4
    }

    /// How the cues are combined: `Fusion`, `SaliencyEstimator`.
    enum Fusion {
        /// Part of the motion evidence left a frame later, how much less of it where there is no
        /// texture, and how much less where the background is seen again.
        static let retention: Float = 0.99
        static let texturelessLoss: Float = 0.3
        static let backgroundLoss: Float = 0.7
        /// Part of the way from old to new motion evidence that one frame goes.
        static let learningRate: Float = 0.7
        /// Motion evidence below this does not count as motion of the frame.
        static let evidenceFloor: Float = 0.3
        /// Part of the frame that has to move before motion begins to count, and to count fully,
        /// and what is left of motion's share a frame later.
        static let leastShare: Float = 0.001
        static let fullShare: Float = 0.006
        static let shareRetention: Float = 0.985
        /// Barriers are taken for higher than they are, so that a sample is connected with the
        /// border only where there is next to none.
        static let barrierWeight: Float = 1.7
        /// Texture up to this says nothing about standing still.
        static let textureFloor: Float = 0.1
        /// Weight of a moving sample: an object is smaller than its background, and only its edges
        /// move with confidence.
        static let objectWeight: Float = 2
        /// Weight of a still sample: this much in any case, and this much for full confidence.
        static let leastBackground: Float = 0.02
        static let stillBackground: Float = 0.78
        /// How much the background's probability takes from the colour model, and how much motion
        /// evidence counts by itself.
        static let backgroundWeight: Float = 0.5
        static let motionWeight: Float = 0.8
        /// Where nothing moves: weights of the colour model and of appearance.
        static let colourWeight: Float = 0.5
        static let appearanceWeight: Float = 0.5
        /// Blend with the previous map at a smoothing of 1: less than all, so that even the
        /// smoothest map follows in the end.
        static let greatestBlend: Float = 0.9
        /// Bounds of Otsu's threshold: a map without an object, or without a background, does not
        /// have two classes.
        static let lowestThreshold: Float = 0.35
        static let highestThreshold: Float = 0.6
    }

    /// Outlines: `Reconstruction`, `GuidedFilter`.
    enum Outline {
        /// Half the side of the specks and holes that go, as a fraction of the longer side.
        static let speckFraction = 100
        /// Raster scans of a reconstruction.
        static let reconstructionPasses = 2
        /// Half the side of the windows in which the map is taken for a linear function of luma.
        static let filterRadius = 2
        /// Half the side of the squares over which the filter's coefficients are averaged.
        static let coefficientRadius = 1
        /// Variance of luma, with luma in 0...1, below which an edge does not guide.
        static let filterSmoothing: Float = 0.0012
        /// Standard deviations of noise that an edge has to be above.
        static let noiseMargin: Float = 2
        /// The greatest noise of full-size luma, in grey levels, that is reckoned with.
        static let greatestNoise: Float = 16
    }
}
