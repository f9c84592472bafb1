import DepthAnythingV2
import DepthMasks
import Imaging
import MaskPipeline
import MaskStore
import Methods
import SystemPackage

/// Depth Anything V2: masks, and the depth that they are binarized from.
struct DepthComparison: EngineComparison {
    /// Whether the checkpoint gives metres.
    private let isMetric: Bool

    let script = ReferenceScript.depth
    let limits: ParityReport.Limits

    /// - Parameter model: the checkpoint.
    /// - Throws: `EightCutError` when its configuration cannot be used.
    init(_ model: CheckpointModel) throws {
        let configuration = try DepthAnythingConfiguration.read(from: model.folder)
        isMetric = configuration.depthKind == .metric
        // In 16 and 8 bits depth may differ as long as the masks do not; metres are turned into
        // inverse depth before they are enlarged here, and after that by the script, which shows
        // at edges.
        limits = .init(
            leastIoU: 0.99,
            mostError: model.precision == .float32 && !isMetric ? 1e-3 : nil
        )
    }

    func arguments(in folder: FilePath) -> [String] { ["--save-depth"] }

    func method(_ model: CheckpointModel, in folder: FilePath) -> any MaskMethod {
        DepthMethod(DepthSettings(keepsDepth: true), model: model)
    }

    func compare(_ native: NativeResult, _ reference: ReferenceResult) throws -> [FrameComparison] {
        try native.records.map { record in
            try Task.checkCancellation()
            return try compare(record, native, reference)
        }
    }

    private func compare(
        _ record: FrameRecord,
        _ native: NativeResult,
        _ reference: ReferenceResult
    ) throws -> FrameComparison {
        let frame = record.frame
        let masks = try MaskPair(MaskName.of(frame: frame), native.folder, reference.folder)
        let (width, height) = (masks.reference.width, masks.reference.height)
        var expected = try FloatFile.read(reference.folder.appending(FloatFile.name(of: frame)))
        if isMetric {
            guard expected.count == width * height else { throw FloatFile.unequal("depth", frame) }
            expected = DepthMap(width: width, height: height, metres: expected).values
        }
        let depth = try depth(record, in: native.folder)
        guard depth.count == expected.count, let least = expected.min(), let most = expected.max()
        else { throw FloatFile.unequal("depth", frame) }
        let largest = zip(depth, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        return FrameComparison(
            frame: frame,
            maskIoU: masks.iou,
            depthError: most > least ? Double(largest / (most - least)) : Double(largest),
            objects: nil
        )
    }

    /// The depth of a frame, to the precision of 16 bits, larger where it is nearer.
    private func depth(_ record: FrameRecord, in folder: FilePath) throws -> [Float] {
        let image = try PNG.readGray16(
            folder.appending(DepthSettings.depthFolder).appending(MaskName.of(frame: record.frame))
        )
        let scores = record.scores ?? [:]
        let farthest = Float(scores["farthest"] ?? 0)
        let step = (Float(scores["nearest"] ?? 0) - farthest) / 65_535
        return image.pixels.map { farthest + Float($0) * step }
    }
}
