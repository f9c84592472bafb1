import Files
import MaskPipeline
import MaskStore
import Methods
import Prompts
import SystemPackage
import Tracking

/// SAM 2: the masks of each object, and the logits that they are binarized from. Holes are not filled,
/// small components not removed.
struct SamComparison: EngineComparison {
    private let prompts: ResolvedPrompts
    /// The same as the text of a file.
    private let json: String
    /// The folder of the native engine's logits.
    private static let folder = "native-logits"

    let script = ReferenceScript.sam
    let limits: ParityReport.Limits

    /// - Parameters:
    ///   - model: the checkpoint.
    ///   - list: the prompts as they were given, `placed`.
    ///   - resolved: the same in pixels.
    init(_ model: CheckpointModel, _ list: PromptList, _ resolved: ResolvedPrompts) {
        prompts = resolved
        json = list.isEmpty ? resolved.canonicalJSON : list.json
        limits = .init(
            leastIoU: 0.995,
            mostError: model.precision == .float32 ? 1e-3 : nil
        )
    }

    func arguments(in folder: FilePath) throws -> [String] {
        let file = folder.appending("prompts.json")
        try AtomicFile.write(json, to: file)
        return ["--prompts", file.string, "--objects", "separate", "--save-logits"]
    }

    func method(_ model: CheckpointModel, in folder: FilePath) throws -> any MaskMethod {
        let settings = SamSettings(
            prompts: prompts,
            objects: .separate,
            fillHoles: 0,
            dropSpecks: 0
        )
        let logits = folder.appending(Self.folder)
        for object in prompts.objects {
            try Folder.create(logits.appending(SamSettings.folder(of: object.number)))
        }
        return SamMethod(settings, model: model) { frame, object, mask in
            let path = logits.appending(SamSettings.folder(of: object)).appending(
                FloatFile.name(of: frame)
            )
            try FloatFile.write(mask.logits, to: path)
        }
    }

    func compare(_ native: NativeResult, _ reference: ReferenceResult) throws -> [FrameComparison] {
        var ranges: [Int: Float] = [:]
        for object in prompts.objects {
            ranges[object.number] = try range(of: object.number, native.frames, reference)
        }
        return try native.records.map { record in
            try Task.checkCancellation()
            return FrameComparison(
                frame: record.frame,
                maskIoU: try iou(MaskName.of(frame: record.frame), native, reference),
                depthError: nil,
                objects: try ranges.sorted { $0.key < $1.key }.map { number, range in
                    try compare(number, on: record, range, native, reference)
                }
            )
        }
    }

    private func compare(
        _ object: Int,
        on record: FrameRecord,
        _ range: Float,
        _ native: NativeResult,
        _ reference: ReferenceResult
    ) throws -> ObjectComparison {
        let name = SamSettings.folder(of: object)
        let file = FloatFile.name(of: record.frame)
        let own = native.folder.removingLastComponent().appending(Self.folder)
        let logits = try FloatFile.read(own.appending(name).appending(file))
        let expected = try FloatFile.read(reference.folder.appending(name).appending(file))
        guard logits.count == expected.count else {
            throw FloatFile.unequal("logits", record.frame)
        }
        let largest = zip(logits, expected).reduce(Float(0)) { most, pair in
            // What is no number must not pass.
            let difference = abs(pair.0 - pair.1)
            return difference.isNaN ? .greatestFiniteMagnitude : max(most, difference)
        }
        return ObjectComparison(
            object: object,
            maskIoU: try iou(
                name + "/" + MaskName.of(frame: record.frame),
                native,
                reference
            ),
            logitError: range > 0 ? Double(largest) / Double(range) : Double(largest),
            objectScore: record.scores?[name + ".objectScore"] ?? 0,
            isThereForReference: Self.isThere(expected)
        )
    }

    /// The reference's highest logit less its lowest, over all frames on which it sees the object.
    private func range(of object: Int, _ frames: Int, _ reference: ReferenceResult) throws -> Float
    {
        var (least, most) = (Float.infinity, -Float.infinity)
        for frame in 0..<frames {
            try Task.checkCancellation()
            let path = reference.folder.appending(SamSettings.folder(of: object))
                .appending(FloatFile.name(of: frame))
            let logits = try FloatFile.read(path)
            guard Self.isThere(logits) else { continue }
            least = min(least, logits.min() ?? least)
            most = max(most, logits.max() ?? most)
        }
        return most > least ? most - least : 0
    }

    private static func isThere(_ logits: [Float]) -> Bool {
        logits.contains { $0 != TrackedMask.noObjectScore }
    }
}
