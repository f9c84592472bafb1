import Detection
import Diagnostics
import Files
import MaskPipeline
import MaskStore
import Methods
import Prompts

extension MasksSamCommand {
    /// The detector's checkpoint, on the device that SAM 2 runs on.
    func detector(_ models: LoadedModels) async throws -> CheckpointModel {
        try await model.runtime.checkpoint(
            texts.textModel,
            of: DetectorModels.self,
            progress.log,
            models
        )
    }

    /// The method for prompts of which some are texts.
    ///
    /// - Throws: `EightCutError` when there is nothing to look for in a text, or a text is too long:
    ///   nothing is loaded before that is known.
    func textMethod(
        for video: ProbedVideo,
        _ prompts: PromptList,
        _ models: LoadedModels
    ) async throws -> any MaskMethod {
        let log = progress.log
        _ = try texts.searched(prompts)
        let detector = try await detector(models)
        guard let wanted = try texts.search(prompts, on: detector) else {
            throw EightCutError.internalFault(because: "there are no texts")
        }
        let names = wanted.texts.map { quoted($0.words) }.joined(separator: ", ")
        let most = wanted.frames.isExhaustive ? "" : "up to "
        let search = try TextSearch(wanted, detector, models: models) { findings, done, total in
            let best = findings.candidates.map { candidates in
                candidates.first.map { decimal((Double($0.score) * 1000).rounded() / 1000) }
                    ?? "none"
            }
            log.detail(
                "frame \(findings.frame) (\(done) of up to \(total)): best scores "
                    + best.joined(separator: ", ")
            )
        } onStart: { frames in
            // Nothing else is seen of a search that may take a minute.
            let number = counted(frames, "frame")
            log.note("looking for \(names) on \(most)\(number) with \(detector.name)")
        }
        let list = prompts.marks
        let marks = try await list.resolve(for: video.stream, of: video.path)
        let checkpoint = try await model.load(log, models)
        return TextSamMethod(
            try settings(nil, checkpoint),
            marks: TextSamMethod.Marks(list, list.isEmpty ? nil : marks),
            search: search,
            model: checkpoint,
            models: models,
            onCompared: { text, thing in
                guard let thing else {
                    return log.note(
                        "which of several \(quoted(text)) moves with the audio is unsure: the best "
                            + "scores are taken"
                    )
                }
                log.note(
                    "of several \(quoted(text)) the one with a score of \(decimal(thing.score)) "
                        + "moves with the audio"
                )
            },
            onFound: { found in
                for thing in found.objects { log.note(thing.summary) }
            }
        )
    }
}

extension FoundThing {
    /// What was found, in one line.
    fileprivate var summary: String {
        let corners = box.map { decimal($0.rounded()) }.joined(separator: ",")
        return "found \(quoted(text)) as object \(object): box \(corners) on frame \(frame) (score "
            + "\(decimal(score)), asked for \(quoted(query)))"
    }
}
