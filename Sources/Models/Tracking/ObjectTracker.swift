import Imaging

/// Follows one object through the video, in one direction, from the first frame on which it is
/// prompted. Nothing of one object has an effect on another.
///
/// The first prompted frame, memories and pointers are those of transformers' `Sam2VideoModel`.
/// A prompt on a later frame is a correction, as the official predictor makes it
/// (facebookresearch/sam2, sam2/sam2_video_predictor.py, `add_new_points_or_box` with
/// `add_all_frames_to_correct_as_cond`): the mask that was tracked so far is a prompt as well, and
/// the frame is remembered for ever.
package struct ObjectTracker: Sendable {
    /// Number of the object, from 1.
    package let object: Int
    /// What it is prompted with, by frame.
    package let prompts: [Int: DecoderPrompt]
    /// Which way.
    package let direction: Direction
    /// What is remembered.
    package private(set) var bank: MemoryBank

    /// The range that logits are cut to before they are a prompt.
    private static let logitRange: ClosedRange<Float> = -32...32
    /// What a mask of 0 and 1 is made to, as logits.
    private static let objectLogits = (scale: Float(20), bias: Float(-10))
    /// A logit that counts as surely object in memory, or with its sign turned as surely none.
    private static let saturated: Float = 1000

    /// Starts before the first frame, or goes on from what is remembered.
    ///
    /// - Parameters:
    ///   - object: number of the object.
    ///   - prompts: what it is prompted with, by frame; one frame at least.
    ///   - direction: which way; backward, only the first frame's prompt counts.
    ///   - bank: what is remembered.
    package init(
        object: Int,
        prompts: [Int: DecoderPrompt],
        direction: Direction,
        bank: MemoryBank
    ) {
        self.object = object
        self.prompts = prompts
        self.direction = direction
        self.bank = bank
    }

    /// The frame on which the object is prompted first.
    package var start: Int { prompts.keys.min() ?? 0 }

    /// Whether a frame is one that this tracker must be given.
    package func concerns(_ frame: Int) -> Bool { direction.frames(from: start, to: frame) >= 0 }

    /// Finds the object on a frame; frames come one after the other, from `start` on.
    ///
    /// - Parameters:
    ///   - features: what the model knows of the frame.
    ///   - frame: its number.
    ///   - model: the model.
    /// - Returns: the mask.
    /// - Throws: what the model throws.
    package mutating func track<Model: SegmentationModel>(
        _ features: Model.Features,
        frame: Int,
        with model: Model
    ) async throws -> TrackedMask {
        let isPrompted = frame == start || (direction == .forward && prompts[frame] != nil)
        let prompt = isPrompted ? prompts[frame] : nil
        if case .object(let mask) = prompt?.mask {
            return try await take(mask, features, frame, model)
        }
        let step =
            frame == start
            ? try await firstStep(features, model)
            : try await laterStep(features, frame, prompt, model)
        try await encodeMemory(step, features, frame, isPrompted: isPrompted, model)
        return step.mask
    }

    /// Finds the object on the first frame that it is prompted on, and remembers nothing.
    ///
    /// - Parameters:
    ///   - features: what the model knows of that frame.
    ///   - model: the model.
    /// - Returns: the mask that `track` gives for it.
    /// - Throws: what the model throws.
    package func firstMask<Model: SegmentationModel>(
        _ features: Model.Features,
        with model: Model
    ) async throws -> TrackedMask {
        if case .object(let mask) = prompts[start]?.mask {
            return Self.tracked(mask, model.traits)
        }
        return try await firstStep(features, model).mask
    }

    /// What was found on a frame.
    private struct Step {
        let mask: TrackedMask
        let pointer: [Float]
    }

    /// The first frame, which nothing came before.
    private func firstStep<Model: SegmentationModel>(
        _ features: Model.Features,
        _ model: Model
    ) async throws -> Step {
        try await decode(
            model.initial(features),
            features,
            prompts[start] ?? DecoderPrompt(),
            isInitial: true,
            model
        )
    }

    /// Any other frame; with a prompt, what was found without it is corrected.
    private func laterStep<Model: SegmentationModel>(
        _ features: Model.Features,
        _ frame: Int,
        _ prompt: DecoderPrompt?,
        _ model: Model
    ) async throws -> Step {
        let conditioned = try await model.attend(features, to: bank.selection(for: frame))
        let tracked = try await decode(
            conditioned,
            features,
            DecoderPrompt(),
            isInitial: false,
            model
        )
        guard var corrected = prompt else { return tracked }
        let range = Self.logitRange
        corrected.mask = .logits(
            tracked.mask.logits.map { min(max($0, range.lowerBound), range.upperBound) }
        )
        return try await decode(conditioned, features, corrected, isInitial: false, model)
    }

    /// A mask that the user gives is the result; the decoder is only asked for the pointer.
    private mutating func take<Model: SegmentationModel>(
        _ mask: [Float],
        _ features: Model.Features,
        _ frame: Int,
        _ model: Model
    ) async throws -> TrackedMask {
        let decoded = try await model.decode(
            model.unconditioned(features),
            of: features,
            for: DecoderPrompt(mask: .object(mask))
        )
        let choice = MaskChoice(decoded, isMultiple: true, stability: nil)
        let isThere = mask.contains { $0 > 0 }
        let memory = try await model.encodeMemory(
            features,
            mask: mask.map { $0 > 0.5 ? Self.saturated : -Self.saturated },
            isAbsent: !isThere
        )
        let pointer = isThere ? choice.pointer : decoded.noObjectPointer
        bank.add(.init(memory: memory, pointer: pointer), frame: frame, isPrompted: true)
        return Self.tracked(mask, model.traits)
    }

    /// A mask that the user gives, as if it had been tracked.
    private static func tracked(_ mask: [Float], _ traits: TrackingTraits) -> TrackedMask {
        let (scale, bias) = objectLogits
        let isThere = mask.contains { $0 > 0 }
        let small = AntialiasedPlaneResize(
            from: (traits.imageSize, traits.imageSize),
            to: (traits.maskSize, traits.maskSize)
        ).resized(mask.map { $0 * scale + bias })
        return TrackedMask(logits: small, objectScore: isThere ? scale + bias : bias, iou: 1)
    }

    private func decode<Model: SegmentationModel>(
        _ conditioned: Model.Conditioned,
        _ features: Model.Features,
        _ prompt: DecoderPrompt,
        isInitial: Bool,
        _ model: Model
    ) async throws -> Step {
        let traits = model.traits
        let decoded = try await model.decode(conditioned, of: features, for: prompt)
        let isMultiple =
            (isInitial || traits.multimaskForTracking)
            && (traits.multimaskPoints?.contains(prompt.points.count) ?? false)
        let choice = MaskChoice(decoded, isMultiple: isMultiple, stability: traits.stability)
        return Step(
            mask: TrackedMask(
                logits: choice.logits,
                objectScore: decoded.objectScore,
                iou: choice.iou
            ),
            pointer: choice.pointer
        )
    }

    private mutating func encodeMemory<Model: SegmentationModel>(
        _ step: Step,
        _ features: Model.Features,
        _ frame: Int,
        isPrompted: Bool,
        _ model: Model
    ) async throws {
        let traits = model.traits
        var full = BilinearResize(
            from: (traits.maskSize, traits.maskSize),
            to: (traits.imageSize, traits.imageSize)
        ).resized(step.mask.logits)
        if isPrompted {
            for index in full.indices {
                full[index] = full[index] > 0 ? Self.saturated : -Self.saturated
            }
        }
        let memory = try await model.encodeMemory(
            features,
            mask: full,
            isAbsent: step.mask.objectScore <= 0
        )
        bank.add(
            .init(memory: memory, pointer: step.pointer),
            frame: frame,
            isPrompted: isPrompted
        )
    }
}
