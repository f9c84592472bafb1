import Diagnostics
import Files
import SystemPackage
import Weights

/// How a frame becomes the model's input, as the checkpoint's files specify it. Names and defaults
/// are those of `Sam2VideoVideoProcessor` in transformers
/// (models/sam2_video/video_processing_sam2_video.py).
///
/// A frame is stretched to a square. A pixel `v` of 0…255 becomes
/// `(v * rescaleFactor - mean) / deviation`.
package struct Sam2ImageProcessing: Sendable, Equatable {
    /// Rows and columns of the model's input, in pixels.
    package let size: Int
    /// What pixels are multiplied with; 1 when `do_rescale` is off.
    package let rescaleFactor: Double
    /// What is then taken away from red, green and blue; zeros when `do_normalize` is off.
    package let mean: [Double]
    /// What they are then divided by; ones when `do_normalize` is off.
    package let deviation: [Double]

    /// The names of the files that can say it, those first that newer versions write. In the
    /// first it is one object of several.
    package static let fileNames = [
        "processor_config.json", "video_preprocessor_config.json", "preprocessor_config.json",
    ]

    /// Reads how a checkpoint wants its frames.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Returns: what the first of the files says that speaks of it.
    /// - Throws: `EightCutError`: `inputMissing` when there is no file, `inputUnusable` with the
    ///   field's name when something makes no sense or is not supported.
    package static func read(from folder: FilePath) throws -> Sam2ImageProcessing {
        let isThere = { (name: String) in
            (try? Folder.kind(of: folder.appending(name))) == .file
        }
        if isThere(fileNames[0]) {
            let whole = try ConfigurationFields(folder.appending(fileNames[0]))
            for name in ["video_processor", "image_processor"] {
                if let fields = try whole.object(name) { return try Sam2ImageProcessing(fields) }
            }
        }
        let name = isThere(fileNames[1]) ? fileNames[1] : fileNames[2]
        return try Sam2ImageProcessing(ConfigurationFields(folder.appending(name)))
    }

    private init(_ fields: ConfigurationFields) throws {
        for name in ["image_processor_type", "video_processor_type"] {
            guard try fields.text(name)?.hasPrefix(exactly: "Sam2") ?? true else {
                throw fields.problem(name, "is none of SAM 2's")
            }
        }
        guard try fields.flag("do_resize", default: true) else {
            throw fields.problem("do_resize", "is false, which is not supported")
        }
        for name in ["do_pad", "do_center_crop"] {
            guard try !fields.flag(name, default: false) else {
                throw fields.problem(name, "is true, which is not supported")
            }
        }
        try fields.require("resample", 2, default: 2)
        size = try Self.side(fields)
        let scales = try fields.flag("do_rescale", default: true)
        let factor = try fields.number("rescale_factor", default: 1 / 255, in: 1e-9...1e9)
        rescaleFactor = scales ? factor : 1
        let normalizes = try fields.flag("do_normalize", default: true)
        // ImageNet's.
        let mean = try fields.colour(
            "image_mean",
            default: [0.485, 0.456, 0.406],
            in: -1e6...1e6
        )
        let deviation = try fields.colour(
            "image_std",
            default: [0.229, 0.224, 0.225],
            in: 1e-6...1e6
        )
        self.mean = normalizes ? mean : [0, 0, 0]
        self.deviation = normalizes ? deviation : [1, 1, 1]
    }

    private static func side(_ fields: ConfigurationFields) throws -> Int {
        guard let size = try fields.object("size") else { return 1024 }
        let sides = try ["height", "width"].map { name in
            guard size.value(name) != nil else { throw size.problem(name, "is missing") }
            return try size.integer(name, default: 0, in: 64...4096)
        }
        guard sides[0] == sides[1] else { throw fields.problem("size", "is not square") }
        return sides[0]
    }
}
