import DepthAnythingV2
import Diagnostics
import SystemPackage
import TestSupport
import Testing

@Suite struct ConfigurationTests {
    /// What the published Small checkpoint's file says, in the spelling of transformers 4.
    static let small = """
        {"_commit_hash": null, "architectures": ["DepthAnythingForDepthEstimation"],
         "backbone": null, "backbone_config": {"architectures": ["Dinov2Model"],
           "hidden_size": 384, "image_size": 518, "model_type": "dinov2",
           "num_attention_heads": 6, "out_features": ["stage3", "stage6", "stage9", "stage12"],
           "out_indices": [3, 6, 9, 12], "patch_size": 14, "reshape_hidden_states": false,
           "torch_dtype": "float32"},
         "fusion_hidden_size": 64, "head_hidden_size": 32, "head_in_index": -1,
         "initializer_range": 0.02, "model_type": "depth_anything",
         "neck_hidden_sizes": [48, 96, 192, 384], "patch_size": 14,
         "reassemble_factors": [4, 2, 1, 0.5], "reassemble_hidden_size": 384,
         "torch_dtype": "float32", "transformers_version": null,
         "use_pretrained_backbone": false}
        """

    /// Reads `small` with some text replaced.
    private func read(_ changes: [(String, String)] = []) throws -> DepthAnythingConfiguration {
        let folder = try ModelFolder()
        var text = Self.small
        for (old, new) in changes {
            #expect(text.contains(old))
            text = text.replacing(old, with: new)
        }
        try folder.write(text)
        return try DepthAnythingConfiguration.read(from: folder.path)
    }

    @Test func whatIsLeftOutIsTheReferencesDefault() throws {
        let configuration = try read()
        let backbone = configuration.backbone
        #expect(backbone.hiddenSize == 384 && backbone.layers == 12 && backbone.heads == 6)
        #expect(backbone.mlpSize == 1536 && backbone.headSize == 64 && backbone.gridSize == 37)
        #expect(backbone.layerNormEpsilon == 1e-6 && backbone.appliesLayerNorm)
        #expect(backbone.hasQueryKeyValueBias && backbone.outIndices == [3, 6, 9, 12])
        #expect(configuration.reassembleFactors == [4, 2, 1, 0.5])
        #expect(configuration.headInIndex == 3 && configuration.depthKind == .relative)
        #expect(configuration.maxDepth == 1)
    }

    @Test(arguments: [
        [("\"out_indices\": [3, 6, 9, 12], ", "")],
        [("\"out_features\": [\"stage3\", \"stage6\", \"stage9\", \"stage12\"],", "")],
        [("[3, 6, 9, 12]", "[3, 6, -4, -1]")],
        [("\"torch_dtype\"", "\"dtype\"")],
        [("\"image_size\": 518", "\"image_size\": [518, 518]")],
        [("\"hidden_size\": 384", "\"hidden_size\": 384.0")],
        [("\"reassemble_factors\": [4, 2, 1, 0.5],", "")],
        [("\"head_in_index\": -1", "\"head_in_index\": 3, \"depth_estimation_type\": null")],
    ])
    func otherSpellingsMeanTheSame(changes: [(String, String)]) throws {
        #expect(try read(changes) == read())
    }

    @Test func everyFieldIsRead() throws {
        let backbone =
            "\"hidden_size\": 384, \"mlp_ratio\": 2, \"layer_norm_eps\": 1e-5, "
            + "\"qkv_bias\": false, \"apply_layernorm\": false, \"num_hidden_layers\": 13"
        let configuration = try read([
            ("\"hidden_size\": 384,", backbone + ","),
            ("\"fusion_hidden_size\": 64", "\"fusion_hidden_size\": 8"),
            (
                "\"head_hidden_size\": 32",
                "\"head_hidden_size\": 4, \"max_depth\": 20, "
                    + "\"depth_estimation_type\": \"metric\""
            ),
        ])
        #expect(configuration.backbone.mlpSize == 768 && configuration.backbone.layers == 13)
        #expect(configuration.backbone.layerNormEpsilon == 1e-5)
        #expect(!configuration.backbone.hasQueryKeyValueBias)
        #expect(!configuration.backbone.appliesLayerNorm)
        #expect(configuration.fusionHiddenSize == 8 && configuration.headHiddenSize == 4)
        #expect(configuration.depthKind == .metric && configuration.maxDepth == 20)
    }

    @Test(arguments: [
        ("\"depth_anything\"", "\"dpt\"", "'model_type'"),
        ("\"dinov2\"", "\"dinov2_with_registers\"", "'backbone_config.model_type'"),
        ("\"model_type\": \"dinov2\",", "", "'backbone_config.model_type'"),
        ("\"backbone\": null", "\"backbone\": \"facebook/dinov2-small\"", "'backbone'"),
        ("\"backbone\": null", "\"use_timm_backbone\": true", "'use_timm_backbone'"),
        ("\"patch_size\": 14, \"reshape", "\"use_swiglu_ffn\": true, \"reshape", "use_swiglu_ffn'"),
        ("\"patch_size\": 14, \"reshape", "\"hidden_act\": \"silu\", \"reshape", "hidden_act'"),
        ("\"reshape_hidden_states\": false,", "", "'backbone_config.reshape_hidden_states'"),
        ("\"hidden_size\": 384,", "\"hidden_size\": \"384\",", "'backbone_config.hidden_size'"),
        ("\"hidden_size\": 384,", "\"hidden_size\": 0,", "'backbone_config.hidden_size'"),
        ("\"hidden_size\": 384,", "\"hidden_size\": -384,", "'backbone_config.hidden_size'"),
        ("\"hidden_size\": 384,", "\"hidden_size\": 1e18,", "'backbone_config.hidden_size'"),
        ("\"hidden_size\": 384,", "\"hidden_size\": 384.5,", "'backbone_config.hidden_size'"),
        ("\"num_attention_heads\": 6", "\"num_attention_heads\": 7", "num_attention_heads'"),
        ("[3, 6, 9, 12]", "[3, 6, 9, 13]", "'backbone_config.out_indices'"),
        ("[3, 6, 9, 12]", "[3, 6, 9, -14]", "'backbone_config.out_indices'"),
        ("[3, 6, 9, 12]", "[3, 6, 9, 11]", "'backbone_config.out_features'"),
        ("\"stage12\"", "\"stage13\"", "'backbone_config.out_features'"),
        (
            "\"out_indices\": [3, 6, 9, 12]", "\"out_indices\": null, \"stage_names\": [\"a\"]",
            "'backbone_config.stage_names'"
        ),
        ("[48, 96, 192, 384]", "[48, 96, 192]", "'neck_hidden_sizes'"),
        ("[48, 96, 192, 384]", "[]", "'neck_hidden_sizes'"),
        ("[4, 2, 1, 0.5]", "[4, 2, 1, 0.4]", "'reassemble_factors'"),
        ("[4, 2, 1, 0.5]", "[4, 2, 1, 0]", "'reassemble_factors'"),
        (
            "\"reassemble_hidden_size\": 384", "\"reassemble_hidden_size\": 768",
            "'reassemble_hidden_size'"
        ),
        ("\"head_in_index\": -1", "\"head_in_index\": 4", "'head_in_index'"),
        ("\"head_in_index\": -1", "\"depth_estimation_type\": \"x\"", "'depth_estimation_type'"),
        ("\"head_in_index\": -1", "\"max_depth\": -1", "'max_depth'"),
        ("\"patch_size\": 14,\n", "\"patch_size\": 16,\n", "'patch_size'"),
    ])
    func whatIsNotUnderstoodIsNamed(old: String, new: String, field: String) throws {
        let error = #expect(throws: EightCutError.self) { try read([(old, new)]) }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains(field) == true, "\(error?.why ?? "")")
        #expect(error?.subject?.hasSuffix("config.json") == true)
    }

    @Test func aFolderWithoutTheFileIsNamed() throws {
        let folder = try ModelFolder()
        let error = #expect(throws: EightCutError.self) {
            try DepthAnythingConfiguration.read(from: folder.path)
        }
        #expect(error?.code == .inputMissing)
    }

    @Test func damagedFilesAreUnderstoodOrRefused() throws {
        let folder = try ModelFolder()
        var mutator = Mutator(seed: 21)
        var refused = 0
        for _ in 0..<3000 {
            try folder.write(mutator.damage(Self.small))
            do {
                let configuration = try DepthAnythingConfiguration.read(from: folder.path)
                let backbone = configuration.backbone
                #expect(backbone.hiddenSize.isMultiple(of: backbone.heads))
                #expect(backbone.mlpSize > 0 && backbone.gridSize > 0)
                #expect(backbone.outIndices.allSatisfy { (0...backbone.layers).contains($0) })
                #expect(configuration.neckHiddenSizes.count == backbone.outIndices.count)
            } catch let error as EightCutError {
                #expect(error.code == .inputUnusable)
                refused += 1
            }
        }
        #expect(refused > 1000)
    }
}
