import Imaging

/// Tracks one object through the video, in one direction, from the first frame on which it is
/// prompted. Objects do not influence each other.
///
/// The first prompted frame, memories and pointers are those of transformers' `Sam2VideoModel`.
/// A prompt on a later frame is a correction, as the official predictor makes it
/// (facebookresearch/sam2, sam2/sam2_video_predictor.py, `add_new_points_or_box` with
/// `add_all_frames_to_correct_as_cond`): the mask tracked so far is a prompt as well, and the
/// frame's memory is kept for the rest of the video.
package struct ObjectTracker: Sendable {
    /// Number of the object, from 1.
    package let object: Int
    /// By frame.
    package let prompts: [Int: DecoderPrompt]
    package let direction: Direction
    package private(set) var bank: MemoryBank

    /// Logits of a tracked mask are clamped to this before they are a prompt.
    /// (facebookresearch/sam2, sam2/sam2_video_predictor.py, `add_new_points_or_box`: "to avoid
    /// rare numerical issues".)
    private static let promptLogitRange: ClosedRange<Float> = -32...32
    /// Turns a mask of 0 and 1 into logits, and its visibility into an object score: `x · scale +
    /// bias`. (`out_scale`, `out_bias` in `Sam2VideoModel._use_mask_as_output`.)
    private static let maskLogits = (scale: Float(20), bias: Float(-10))
    /// A logit whose sigmoid is exactly 1, and 0 with the other sign. Masks of
    /// prompted frames are binarized for the memory encoder (`is_mask_from_pts` in
    /// `Sam2VideoModel._encode_new_memory`), whose graph begins with a sigmoid.
    private static let saturated: Float = 1000

    /// Starts before the first frame, or continues with the memories of an earlier run.
    ///
    /// - Parameters:
    ///   - object: number of the object.
    ///   - prompts: by frame; at least one.
    ///   - direction: backward, only the first frame's prompt counts.
    ///   - bank: the memories so far.
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

    /// Whether this tracker needs a frame.
    package func concerns(_ frame: Int) -> Bool { direction.frames(from: start, to: frame) >= 0 }

    /// Segments the object on a frame and encodes the result into memory. Frames come one after
    /// the other, from `start` on.
    ///
    /// - Parameters:
    ///   - features: the frame's.
    ///   - frame: its number.
    ///   - model: the model that made the features.
    /// - Returns: the object's mask.
    /// - Throws: what the model throws.
    package mutating func track<Model: SegmentationModel>(
        _ features: Model.Features,
        frame: Int,
        with model: Model
    ) async throws -> TrackedMask {
        let isPrompted = frame == start || (direction == .forward && prompts[frame] != nil)
        let prompt = isPrompted ? prompts[frame] : nil
        if case .object(let mask) = prompt?.mask {
            return try await useMask(mask, features, frame, model)
        }
        let step =
            frame == start
            ? try await firstStep(features, model)
            : try await laterStep(features, frame, prompt, model)
        try await addMemory(of: step, features, frame, isPrompted: isPrompted, model)
        return step.mask
    }

    /// Segments the object on its first prompted frame without encoding it into memory.
    ///
    /// - Returns: the same mask as `track`.
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

    /// The result of one frame.
    private struct Step {
        let mask: TrackedMask
        let pointer: [Float]
        /// The decoder's masks that were not taken, without the single one.
        let alternatives: [[Float]]
    }

    /// The first frame, which has no memories.
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

    /// Any other frame. A prompt corrects the mask that was tracked without it.
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
        let range = Self.promptLogitRange
        corrected.mask = .logits(
            tracked.mask.logits.map { min(max($0, range.lowerBound), range.upperBound) }
        )
        return try await decode(conditioned, features, corrected, isInitial: false, model)
    }

    /// A mask that the user gives is the result; the decoder only adds the pointer.
    /// (`Sam2VideoModel._use_mask_as_output`.)
    private mutating func useMask<Model: SegmentationModel>(
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
        let isVisible = mask.contains { $0 > 0 }
        let memory = try await model.encodeMemory(
            features,
            mask: mask.map { $0 > 0.5 ? Self.saturated : -Self.saturated },
            isAbsent: !isVisible
        )
        let pointer = isVisible ? choice.pointer : decoded.noObjectPointer
        let result = Self.tracked(mask, model.traits)
        bank.note(result, frame: frame)
        bank.add(.init(memory: memory, pointer: pointer), frame: frame, as: .prompted)
        return result
    }

    /// A mask that the user gives as a tracked one, with a predicted IoU of 1.
    private static func tracked(_ mask: [Float], _ traits: TrackingTraits) -> TrackedMask {
        let (scale, bias) = maskLogits
        let isVisible = mask.contains { $0 > 0 }
        let small = AntialiasedPlaneResize(
            from: (traits.imageSize, traits.imageSize),
            to: (traits.maskSize, traits.maskSize)
        ).resized(mask.map { $0 * scale + bias })
        return TrackedMask(logits: small, objectScore: isVisible ? scale + bias : bias, iou: 1)
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
            pointer: choice.pointer,
            alternatives: decoded.masks.indices.dropFirst().filter { $0 != choice.index }
                .map { decoded.masks[$0] }
        )
    }

    private mutating func addMemory<Model: SegmentationModel>(
        of step: Step,
        _ features: Model.Features,
        _ frame: Int,
        isPrompted: Bool,
        _ model: Model
    ) async throws {
        let traits = model.traits
        bank.note(step.mask, frame: frame)
        guard
            let kind = isPrompted
                ? .prompted : bank.kind(of: step.mask, step.alternatives, frame: frame)
        else { return }
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
            as: kind
        )
    }
}
