import Diagnostics
import MaskStore
import Media

/// What a consumer of clips needs: a trainer, or a program that loads data sets for one. Clips are
/// cut for it (`export --profile`), and data sets written (`dataset export --profile`).
///
/// A new consumer is a row of `all` and, where its folders are like no other's, a type in `Layouts`.
/// `docs/reference/export.md` and `docs/reference/dataset-export.md` have the same values.
package struct DatasetProfile: Sendable {
    /// The name, as in `--profile NAME`.
    package let name: String
    /// Who reads it, in a few words.
    package let consumer: String
    /// What it makes of clips; nil where it takes every clip as it is.
    package let clip: ClipRule?
    /// What it makes of masks; nil where it has no use for them.
    package let masks: MaskRule?
    /// Which frames it reads as images; nil for none.
    package let images: ImageRule?
    /// What it reads as an audio file; nil for nothing.
    package let audio: AudioRule?
    /// How it reads names and labels.
    package let table: LabelTable
    /// Where its files go, and what is in its tables.
    package let layout: any DatasetLayout

    package static let all = [
        // MMAudio @974010a, mmaudio/data/extraction/vgg_sound.py, `VGGSound`: at least 64 frames at
        // 8 fps, 200 at 25, and all samples. 353,280 of them are 345 blocks of 1024. It reserves
        // memory for 2^30 samples of each channel: 8 GiB for two, 24 GiB for six.
        DatasetProfile(
            "mmaudio-44k",
            "MMAudio and SelVA, 44.1 kHz model",
            clip: ClipRule(
                (353_280, 44_100),
                sound: true,
                sampleRate: 44_100,
                mostChannels: 2,
                mono: true,
                resampled: true
            ),
            table: .pandas,
            layout: VideoTableLayout(ending: ".tsv", separator: "\t", captions: ["label"])
        ),
        DatasetProfile(
            "mmaudio-16k",
            "MMAudio and SelVA, 16 kHz model",
            clip: ClipRule(
                (128_000, 16_000),
                sound: true,
                sampleRate: 16_000,
                mostChannels: 2,
                mono: true,
                resampled: true
            ),
            table: .pandas,
            layout: VideoTableLayout(ending: ".tsv", separator: "\t", captions: ["label"])
        ),
        // LTX-2 @400fd31, scripts/process_dataset.py. `compute_video_masks` keeps what is white, so
        // that the object, which is to be generated, is black; it stretches masks to the bucket,
        // and takes the maximum of frames 0 to 7, 8 to 15 and so on, where the encoder's latents
        // are of frames 0, 1 to 8, 9 to 16: the union of 8 frames before and after a frame has
        // the object of both groups.
        DatasetProfile(
            "ltx2",
            "LTX-2 trainer",
            clip: ClipRule(
                (8, 1),
                free: true,
                audio: false,
                frameRate: 25,
                frameStep: 8,
                sideMultiple: 32
            ),
            masks: MaskRule(.video, need: .uniform, polarity: .blackObject, dilation: 8),
            layout: LTX2Layout()
        ),
        // LTX-2 @400fd31, docs/training-modes.md: audio for a given video, 201 frames at 25 fps.
        DatasetProfile(
            "ltx2-v2a",
            "LTX-2 trainer, audio for a video",
            clip: ClipRule((8, 1), frameRate: 25, frameStep: 8, sideMultiple: 32, exact: true),
            layout: LTX2Layout()
        ),
        // SAGANet @ebd4c8b, saganet/data/extraction/segmented_music_solos.py: 125 frames of the clip
        // and of the masks at 25 fps, at any size. saganet/data/segmented_music_solos.py wants the
        // detail videos too, which training/extract_focal_prompt.py makes.
        DatasetProfile(
            "saganet",
            "SAGANet",
            clip: ClipRule((5, 1), frameRate: 25, sampleRate: 44_100, mono: true, resampled: true),
            masks: MaskRule(
                .video,
                need: .required,
                frameCount: 126,
                detail: MaskRule.Detail(side: 224, leastSide: 56)
            ),
            table: .lines,
            layout: SAGANetLayout()
        ),
        // ComfyUI-HunyuanVideo-FoleyTune @ac7f9ce, `_scan_video_folder`: every video in the folder
        // and one level below it is a clip, with the text beside it.
        DatasetProfile("foleytune", "ComfyUI FoleyTune", layout: CaptionLayout()),
        // ComfyUI-SelVA, branch feature/lora-timestep-sampling, nodes/selva_dataset_browser.py and
        // selva_lora_trainer.py: a clip without audio is left out; masks are read as images.
        DatasetProfile(
            "selva-comfy",
            "ComfyUI-SelVA",
            clip: ClipRule(),
            masks: MaskRule(.images),
            layout: SelVALayout()
        ),
        // HunyuanVideo-Foley @df7b005, infer.py, `generate_audio`, and `get_frames_av`, which stops
        // after 15 s.
        DatasetProfile(
            "hunyuan-foley",
            "HunyuanVideo-Foley",
            clip: ClipRule(audio: false, longest: 15),
            table: .pandasNamesAsText,
            layout: HunyuanFoleyLayout()
        ),
        // ThinkSound @4e2cfd5, data_utils/v2a_utils/vggsound_224.py, with the length that its
        // scripts use; it fills up what is missing with the last frame, and with silence. It reserves
        // as much memory for audio as MMAudio's loader.
        DatasetProfile(
            "thinksound",
            "ThinkSound",
            clip: ClipRule(
                (397_312, 44_100),
                sound: true,
                sampleRate: 44_100,
                mostChannels: 2,
                resampled: true
            ),
            table: .pandasNamesAsText,
            layout: VideoTableLayout(
                ending: ".csv",
                separator: ",",
                captions: ["caption", "caption_cot"]
            )
        ),
        // fal.ai, ltx23-trainer-v2/v2a: clips of fewer than `number_of_frames`, 89, are left out.
        DatasetProfile(
            "fal-v2a",
            "fal LTX trainer, video to audio",
            clip: ClipRule(leastFrames: 89),
            layout: CaptionLayout(leastClips: 10)
        ),
        // fal.ai, ltx23-trainer-v2/inpaint: what is white is generated.
        DatasetProfile(
            "fal-inpaint",
            "fal LTX trainer, inpainting",
            clip: ClipRule(audio: false),
            masks: MaskRule(.video, need: .required),
            layout: CaptionLayout(masks: CaptionLayout.Masks(ending: "_mask.mp4"))
        ),
        // diffusion-pipe @8f83dbf, models/base.py, `PreprocessMediaFile`, and ai-toolkit @27a03a91,
        // toolkit/dataloader_mixins.py: one image for a clip, of its size; what is white is
        // trained, and grey is a weight. Where there is none, one trains all and the other nothing.
        DatasetProfile(
            "still-mask",
            "diffusion-pipe and ai-toolkit",
            clip: ClipRule(audio: false),
            masks: MaskRule(.still, need: .required),
            layout: CaptionLayout(
                clips: "videos",
                masks: CaptionLayout.Masks(ending: ".png", folder: "masks")
            )
        ),
        // datasets 5.2.0, `load_dataset(folder)`.
        DatasetProfile(
            "hf",
            "Hugging Face datasets",
            masks: MaskRule(.video),
            layout: HuggingFaceLayout()
        ),
        // OpenNLPLab/AVSBench @f7414af, avs_scripts/avs_s4/dataloader.py, and
        // preprocess_scripts/preprocess_s4.py, which makes five spectrograms of five seconds.
        DatasetProfile(
            "avsbench",
            "AVSBench, single source",
            clip: ClipRule(shortest: 5),
            masks: MaskRule(.sampled, need: .required),
            images: ImageRule(ending: ".png", side: 224, seconds: 5),
            audio: AudioRule(sampleRate: 16_000, seconds: 5),
            table: .pandas,
            layout: AVSBenchLayout()
        ),
        // pycocotools 2.0.11, `COCO`.
        DatasetProfile(
            "coco",
            "COCO tools",
            masks: MaskRule(.runs, need: .required),
            images: ImageRule(ending: ".jpg"),
            layout: CocoLayout()
        ),
        // webdataset 1.0.2: `WebDataset("shard-{000000..000009}.tar")`.
        DatasetProfile(
            "webdataset",
            "WebDataset",
            masks: MaskRule(.video),
            layout: WebDatasetLayout()
        ),
        DatasetProfile("plain", "8cut", masks: MaskRule(.images), layout: PlainLayout()),
    ]

    /// The profiles that clips can be cut for: those that set a length.
    package static let ofClips = all.filter { $0.clip?.duration != nil }

    /// The profiles of data sets that can be written.
    package static let ofDatasets = all.filter { !($0.layout is NoLayout) }

    /// The profile of that name; nil when there is none.
    package static func named(_ name: String) -> DatasetProfile? {
        all.first { $0.name.isSameName(as: name) }
    }

    private init(
        _ name: String,
        _ consumer: String,
        clip: ClipRule? = nil,
        masks: MaskRule? = nil,
        images: ImageRule? = nil,
        audio: AudioRule? = nil,
        table: LabelTable = .json,
        layout: any DatasetLayout = NoLayout()
    ) {
        self.name = name
        self.consumer = consumer
        self.clip = clip
        self.masks = masks
        self.images = images
        self.audio = audio
        self.table = table
        self.layout = layout
    }
}
