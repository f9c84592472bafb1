import DepthAnythingV2
import Diagnostics
import SystemPackage
import TestSupport
import Testing

@Suite struct ImageProcessingTests {
    /// What the published checkpoints' file says.
    static let published = """
        {"_valid_processor_keys": ["images", "size"], "do_normalize": true, "do_pad": false,
         "do_rescale": true, "do_resize": true, "ensure_multiple_of": 14,
         "image_mean": [0.485, 0.456, 0.406], "image_processor_type": "DPTImageProcessor",
         "image_std": [0.229, 0.224, 0.225], "keep_aspect_ratio": true, "resample": 3,
         "rescale_factor": 0.00392156862745098, "size": {"height": 518, "width": 518},
         "size_divisor": null}
        """

    private func read(_ text: String) throws -> DepthImageProcessing {
        let folder = try ModelFolder()
        try folder.write(text, "preprocessor_config.json")
        return try DepthImageProcessing.read(from: folder.path)
    }

    @Test func thePublishedFileIsRead() throws {
        let processing = try read(Self.published)
        #expect(processing.width == 518 && processing.height == 518)
        #expect(processing.keepsAspectRatio && processing.multiple == 14)
        #expect(processing.resampling == .bicubic)
        #expect(processing.rescaleFactor == 1.0 / 255)
        #expect(processing.mean == [0.485, 0.456, 0.406])
        #expect(processing.deviation == [0.229, 0.224, 0.225])
        #expect(processing.inputSize(width: 1280, height: 720) == (924, 518))
        #expect(processing.inputSize(width: 720, height: 1280) == (518, 924))
    }

    @Test func whatIsLeftOutIsTheReferencesDefault() throws {
        let processing = try read("{}")
        #expect(processing.width == 384 && processing.height == 384)
        #expect(!processing.keepsAspectRatio && processing.multiple == 1)
        #expect(processing.resampling == .bicubic && processing.rescaleFactor == 1 / 255)
        #expect(processing.mean == [0.5, 0.5, 0.5] && processing.deviation == [0.5, 0.5, 0.5])
        #expect(try read("{\"size\": 384, \"feature_extractor_type\": \"DPTX\"}") == processing)
    }

    @Test func stepsThatAreOffDoNothing() throws {
        let text = Self.published.replacing(
            "\"do_normalize\": true",
            with: "\"do_normalize\": false"
        )
        .replacing("\"do_rescale\": true", with: "\"do_rescale\": false")
        let processing = try read(text)
        #expect(processing.rescaleFactor == 1)
        #expect(processing.mean == [0, 0, 0] && processing.deviation == [1, 1, 1])
    }

    @Test func theProcessorsFileGoesFirstWhenItHasThem() throws {
        let folder = try ModelFolder()
        try folder.write(Self.published, "preprocessor_config.json")
        let inner = Self.published.replacing("518", with: "266")
        try folder.write("{\"processor_class\": \"x\"}", "processor_config.json")
        #expect(try DepthImageProcessing.read(from: folder.path).width == 518)
        try folder.write("{\"image_processor\": \(inner)}", "processor_config.json")
        #expect(try DepthImageProcessing.read(from: folder.path).width == 266)
        let broken = inner.replacing("\"resample\": 3", with: "\"resample\": 1")
        try folder.write("{\"image_processor\": \(broken)}", "processor_config.json")
        let error = #expect(throws: EightCutError.self) {
            try DepthImageProcessing.read(from: folder.path)
        }
        #expect(error?.why.contains("'image_processor.resample'") == true)
        #expect(error?.subject?.hasSuffix("/processor_config.json") == true)
    }

    @Test(arguments: [
        ("\"resample\": 3", "\"resample\": 0", "'resample'"),
        ("\"do_pad\": false", "\"do_pad\": true", "'do_pad'"),
        ("\"do_resize\": true", "\"do_resize\": false", "'do_resize'"),
        ("\"size_divisor\": null", "\"do_center_crop\": true", "'do_center_crop'"),
        ("\"DPTImageProcessor\"", "\"CLIPImageProcessor\"", "'image_processor_type'"),
        ("{\"height\": 518, \"width\": 518}", "{\"shortest_edge\": 518}", "'size.width'"),
        ("{\"height\": 518, \"width\": 518}", "{\"height\": 0, \"width\": 518}", "'size.height'"),
        ("{\"height\": 518, \"width\": 518}", "\"518\"", "'size'"),
        ("\"ensure_multiple_of\": 14", "\"ensure_multiple_of\": 0", "'ensure_multiple_of'"),
        ("[0.485, 0.456, 0.406]", "[0.485, 0.456]", "'image_mean'"),
        ("[0.229, 0.224, 0.225]", "[0.229, 0, 0.225]", "'image_std'"),
        ("\"keep_aspect_ratio\": true", "\"keep_aspect_ratio\": 1", "'keep_aspect_ratio'"),
    ])
    func whatIsNotUnderstoodIsNamed(old: String, new: String, field: String) throws {
        #expect(Self.published.contains(old))
        let error = #expect(throws: EightCutError.self) {
            try read(Self.published.replacing(old, with: new))
        }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains(field) == true, "\(error?.why ?? "")")
    }

    @Test func damagedFilesAreUnderstoodOrRefused() throws {
        let folder = try ModelFolder()
        var mutator = Mutator(seed: 22)
        for _ in 0..<3000 {
            try folder.write(mutator.damage(Self.published), "preprocessor_config.json")
            do {
                let processing = try DepthImageProcessing.read(from: folder.path)
                for side in [Int.min, 0, 1, 518, 100_000, Int.max] {
                    let size = processing.inputSize(width: side, height: 720, shorterSide: side)
                    #expect(size.width > 0 && size.width.isMultiple(of: processing.multiple))
                    #expect(size.height > 0 && size.height.isMultiple(of: processing.multiple))
                }
            } catch let error as EightCutError {
                #expect(error.code == .inputUnusable)
            }
        }
    }
}
