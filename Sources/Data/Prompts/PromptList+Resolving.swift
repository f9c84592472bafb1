import Diagnostics
import Imaging
import SystemPackage

extension PromptList {
    /// Holds the prompts against a video and reads their masks.
    ///
    /// - Parameters:
    ///   - width: columns of the video, upright.
    ///   - height: rows of the video, upright.
    ///   - frameCount: how many frames it has; nil when that is not known (see
    ///     `check(frameCount:)`).
    /// - Returns: the prompts in pixels; the middle of the first frame when there are none.
    /// - Throws: `EightCutError` that names the prompt: something lies outside of the video, two
    ///   prompts contradict, an object begins with negative points only, or a mask cannot be used.
    package func resolve(width: Int, height: Int, frameCount: Int? = nil) throws -> ResolvedPrompts
    {
        guard !isEmpty else { return .centre(width: width, height: height) }
        if let frameCount { try check(frameCount: frameCount) }
        let placement = PixelPlacement(width: width, height: height)
        var drafts: [Int: [Int: FrameDraft]] = [:]
        for entry in entries {
            let (object, frame) = (entry.prompt.object, entry.prompt.frame)
            try drafts[object, default: [:]][
                frame,
                default: FrameDraft(object: object, frame: frame)
            ].add(entry, placement)
        }
        let objects = drafts.sorted { $0.key < $1.key }.map { number, frames in
            (number: number, frames: frames.values.sorted { $0.frame < $1.frame })
        }
        for object in objects { try object.frames.first?.checkBeginning() }
        // Pictures are read when all that takes no time is known to be right.
        let masks = try readMasks(objects.flatMap(\.frames), placement)
        return ResolvedPrompts(
            objects: objects.map { number, frames in
                ResolvedObject(
                    number: number,
                    frames: frames.map { draft in
                        let mask = draft.mask.flatMap { masks[$0.path] }
                        let marks = FrameInput.marks(
                            box: draft.box?.box,
                            points: draft.sortedPoints
                        )
                        return ResolvedFrame(
                            frame: draft.frame,
                            input: mask.map(FrameInput.mask) ?? marks
                        )
                    }
                )
            }
        )
    }

    private func readMasks(_ drafts: [FrameDraft], _ size: PixelPlacement) throws
        -> [FilePath: GrayImage]
    {
        var seen: Set<FilePath> = []
        let files = drafts.compactMap(\.mask).filter { seen.insert($0.path).inserted }
        let limit = max(1, MaskPrompt.maximumPixels / max(1, size.width * size.height))
        if files.count > limit {
            throw files[limit].origin.refusal(
                "there are more than \(limit) masks, too many to be held in memory at "
                    + "\(size.width)x\(size.height)",
                remedy: "One for each object is enough."
            )
        }
        var masks: [FilePath: GrayImage] = [:]
        for (path, origin) in files {
            masks[path] = try MaskPrompt.read(
                path,
                width: size.width,
                height: size.height,
                origin
            )
        }
        return masks
    }
}
