import Synchronization
import Tracking

/// A model of arithmetic: features are the frame's number, and so are memories and pointers, so
/// that its questions show which memories were selected.
struct FakeModel: SegmentationModel {
    /// Features of a frame, and what was added to them.
    struct Conditioned: Sendable, Equatable {
        enum Addition: Sendable, Equatable {
            case nothing, initial
            case memories(MemorySelection)
        }

        let frame: Int
        let addition: Addition
    }

    /// What the decoder was asked.
    struct Question: Sendable, Equatable {
        let conditioned: Conditioned
        let prompt: DecoderPrompt

        var frame: Int { conditioned.frame }
        var selection: MemorySelection? {
            if case .memories(let selection) = conditioned.addition { selection } else { nil }
        }
    }

    /// A memory to encode.
    struct Memory: Sendable, Equatable {
        let frame: Int
        let mask: [Float]
        let isAbsent: Bool
    }

    private struct Record {
        var questions: [Question] = []
        var memories: [Memory] = []
    }

    private final class Log: Sendable {
        let record = Mutex(Record())
    }

    let traits: TrackingTraits
    private let log = Log()
    private let answer: @Sendable (Question) -> DecodedMasks

    /// - Parameters:
    ///   - traits: the settings for the tracker.
    ///   - answer: the decoder; one mask of four plain ones unless given.
    init(
        _ traits: TrackingTraits = FakeModel.traits(),
        answer: @escaping @Sendable (Question) -> DecodedMasks = { FakeModel.masks(of: $0.frame) }
    ) {
        self.traits = traits
        self.answer = answer
    }

    /// Those of the published models, with tiny frames.
    static func traits(
        memories: Int = 7,
        pointers: Int = 16,
        conditioningFrames: Int? = nil,
        rules: MemoryRules = .standard
    ) -> TrackingTraits {
        TrackingTraits(
            imageSize: 8,
            maskSize: 2,
            memories: memories,
            pointers: pointers,
            conditioningFrames: conditioningFrames,
            memoryRules: rules
        )
    }

    /// Four masks; a pointer is the frame's number and the mask's.
    static func masks(
        of frame: Int,
        logits: [[Float]] = (1...4).map { [Float](repeating: Float($0), count: 4) },
        ious: [Float] = [0.5, 0.6, 0.9, 0.7],
        objectScore: Float = 3
    ) -> DecodedMasks {
        DecodedMasks(
            masks: logits,
            ious: ious,
            pointers: logits.indices.map { [Float(frame), Float($0)] },
            objectScore: objectScore,
            noObjectPointer: [-1, -1]
        )
    }

    /// What the decoder was asked, in order.
    var questions: [Question] { log.record.withLock { $0.questions } }
    /// The memories to encode, in order.
    var memories: [Memory] { log.record.withLock { $0.memories } }

    func unconditioned(_ features: Int) -> Conditioned {
        Conditioned(frame: features, addition: .nothing)
    }

    func initial(_ features: Int) -> Conditioned {
        Conditioned(frame: features, addition: .initial)
    }

    func attend(_ features: Int, to memories: MemorySelection) async throws -> Conditioned {
        Conditioned(frame: features, addition: .memories(memories))
    }

    func decode(
        _ conditioned: Conditioned,
        of features: Int,
        for prompt: DecoderPrompt
    ) async throws -> DecodedMasks {
        let question = Question(conditioned: conditioned, prompt: prompt)
        log.record.withLock { $0.questions.append(question) }
        return answer(question)
    }

    func encodeMemory(_ features: Int, mask: [Float], isAbsent: Bool) async throws -> SpatialMemory
    {
        log.record.withLock {
            $0.memories.append(Memory(frame: features, mask: mask, isAbsent: isAbsent))
        }
        return .exact([Float(features)])
    }
}

extension MemorySelection {
    /// The frames that memories are of, with which temporal encoding each gets.
    var frames: [[Int]] {
        memories.map { entry in
            guard case .exact(let numbers) = entry.memory else { return [] }
            return [Int(numbers[0]), entry.age]
        }
    }
    /// The frames that pointers are of, with how many frames ago each is, out of 15.
    var pointerFrames: [[Int]] {
        pointers.map { [Int($0.pointer[0]), Int(($0.time * 15).rounded())] }
    }
}

extension ObjectTracker {
    /// A tracker without memories.
    init(_ prompts: [Int: DecoderPrompt], _ model: FakeModel, _ direction: Direction = .forward) {
        self.init(
            object: 1,
            prompts: prompts,
            direction: direction,
            bank: MemoryBank(model.traits, direction)
        )
    }
}

extension DecoderPrompt {
    /// One positive point.
    static let point = DecoderPrompt(points: [Point(x: 0.5, y: 0.25, kind: .positive)])
    /// Two points.
    static let twoPoints = DecoderPrompt(
        points: [
            Point(x: 0.5, y: 0.25, kind: .positive), Point(x: 0.75, y: 0.25, kind: .negative),
        ]
    )
}
