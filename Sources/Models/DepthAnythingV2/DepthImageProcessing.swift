import Diagnostics
import Files
import SystemPackage
import Weights

/// How a frame becomes the model's input, as the checkpoint's files specify it. Names and defaults
/// are those of `DPTImageProcessor` in transformers (models/dpt/image_processing_dpt.py).
///
/// A pixel `v` of 0…255 becomes `(v * rescaleFactor - mean) / deviation`.
package struct DepthImageProcessing: Sendable, Equatable {
    /// The filter that resizes frames, with antialiasing.
    package enum Resampling: Int, Sendable, CaseIterable {
        case bilinear = 2
        case bicubic = 3
    }

    /// The width that is aimed at, in pixels.
    package let width: Int
    /// The height that is aimed at, in pixels.
    package let height: Int
    /// Whether the frame keeps its aspect ratio, so that only one side comes to what is aimed at.
    package let keepsAspectRatio: Bool
    /// Both sides are multiples of this.
    package let multiple: Int
    package let resampling: Resampling
    /// What pixels are multiplied with; 1 when `do_rescale` is off.
    package let rescaleFactor: Double
    /// What is then taken away from red, green and blue; zeros when `do_normalize` is off.
    package let mean: [Double]
    /// What they are then divided by; ones when `do_normalize` is off.
    package let deviation: [Double]

    /// Reads how a checkpoint wants its frames.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Returns: what its image processor's settings say.
    /// - Throws: `EightCutError`: `inputMissing` when there is no file, `inputUnusable` with the
    ///   field's name when something makes no sense or is not supported.
    package static func read(from folder: FilePath) throws -> DepthImageProcessing {
        try DepthImageProcessing(.ofImageProcessor(in: folder))
    }

    private init(_ fields: ConfigurationFields) throws {
        try Self.refuseWhatIsNotSupported(fields)
        (width, height) = try Self.size(fields)
        keepsAspectRatio = try fields.flag("keep_aspect_ratio", default: false)
        multiple = try fields.integer("ensure_multiple_of", default: 1, in: 1...1024)
        let filter = try fields.integer(
            "resample",
            default: Resampling.bicubic.rawValue,
            in: 0...Int.max
        )
        guard let resampling = Resampling(rawValue: filter) else {
            throw fields.problem("resample", "is \(filter); only 2 and 3 are supported")
        }
        self.resampling = resampling
        let scales = try fields.flag("do_rescale", default: true)
        let factor = try fields.number("rescale_factor", default: 1 / 255, in: 1e-9...1e9)
        rescaleFactor = scales ? factor : 1
        let normalizes = try fields.flag("do_normalize", default: true)
        let half = [0.5, 0.5, 0.5]
        let mean = try fields.colour("image_mean", default: half, in: -1e6...1e6)
        let deviation = try fields.colour("image_std", default: half, in: 1e-6...1e6)
        self.mean = normalizes ? mean : [0, 0, 0]
        self.deviation = normalizes ? deviation : [1, 1, 1]
    }

    private static func refuseWhatIsNotSupported(_ fields: ConfigurationFields) throws {
        for name in ["image_processor_type", "feature_extractor_type"] {
            guard try fields.text(name)?.hasPrefix(exactly: "DPT") ?? true else {
                throw fields.problem(name, "is none of DPT's")
            }
        }
        guard try fields.flag("do_resize", default: true) else {
            throw fields.problem("do_resize", "is false, which is not supported")
        }
        for name in ["do_pad", "do_center_crop", "do_reduce_labels"] {
            guard try !fields.flag(name, default: false) else {
                throw fields.problem(name, "is true, which is not supported")
            }
        }
    }

    /// The size that is aimed at; old files have one number for both sides.
    private static func size(_ fields: ConfigurationFields) throws -> (Int, Int) {
        let sides = 1...16_384
        if case .object? = fields.value("size"), let size = try fields.object("size") {
            for name in ["width", "height"] where size.value(name) == nil {
                throw size.problem(name, "is missing")
            }
            return (
                try size.integer("width", default: 0, in: sides),
                try size.integer("height", default: 0, in: sides)
            )
        }
        let side = try fields.integer("size", default: 384, in: sides)
        return (side, side)
    }
}

extension DepthImageProcessing {
    /// The size of the model's input for a frame: the rule of DPTImageProcessor's
    /// `get_resize_output_image_size`. Of the two scales that would bring one side to what is
    /// aimed at, the one nearer to 1 is taken for both (when the form is kept), and the sides are
    /// rounded to multiples, halves to the even one. A side that would come to nothing gets one
    /// multiple, where the reference fails.
    ///
    /// - Parameters:
    ///   - width: the frame's width in pixels.
    ///   - height: its height.
    ///   - shorterSide: replaces both sides that are aimed at; nil for what the file says. With
    ///     the form kept, a frame larger than this has it as its shorter side.
    /// - Returns: multiples of `multiple`, at least one.
    package func inputSize(width: Int, height: Int, shorterSide: Int? = nil)
        -> (width: Int, height: Int)
    {
        // Larger sides than any frame has would not fit an Int any more.
        let sides = 1.0...Double(1 << 24)
        let frame = (
            width: Double(width).clamped(to: sides), height: Double(height).clamped(to: sides)
        )
        var scale = (
            width: Double(shorterSide ?? self.width).clamped(to: sides) / frame.width,
            height: Double(shorterSide ?? self.height).clamped(to: sides) / frame.height
        )
        if keepsAspectRatio {
            let nearer = abs(1 - scale.width) < abs(1 - scale.height) ? scale.width : scale.height
            scale = (nearer, nearer)
        }
        return (rounded(scale.width * frame.width), rounded(scale.height * frame.height))
    }

    private func rounded(_ side: Double) -> Int {
        let count = (side / Double(multiple)).rounded(.toNearestOrEven)
        return max(1, Int(count)) * multiple
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
