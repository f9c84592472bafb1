import Detection
import Diagnostics
import Imaging
import MaskPipeline
import MaskStore
import Media
import Prompts

/// Masks of what texts name: a detector finds the objects on a few frames, SAM 2 tracks them. The
/// detector is freed before SAM 2 is loaded.
package struct TextSamMethod: MaskMethod {
    /// What is asked for besides texts.
    package struct Marks: Sendable {
        /// Prompts without texts.
        let list: PromptList
        /// The same in pixels; nil where there are none.
        let resolved: ResolvedPrompts?

        package init(_ list: PromptList, _ resolved: ResolvedPrompts?) {
            self.list = list
            self.resolved = resolved
        }
    }

    /// Receives what was found; what it throws ends the run.
    package typealias FindObserver = @Sendable (TextFindings) throws -> Void

    /// Receives, for a text with several things, the one that moves with the audio; nil where that is
    /// unsure.
    package typealias SoundObserver = @Sendable (_ text: String, FoundThing?) throws -> Void

    private let parameters: SamSettings
    private let marks: Marks
    private let search: TextSearch
    private let model: CheckpointModel
    private let models: LoadedModels
    private let onCompared: SoundObserver
    private let onFound: FindObserver
    /// What was found; nil until the search.
    private var objects: (texts: TextObjects, prompts: ResolvedPrompts)?

    /// - Parameters:
    ///   - parameters: what decides what the masks look like; its prompts are not used.
    ///   - marks: prompts of other objects.
    ///   - search: looks for the texts.
    ///   - model: SAM 2's checkpoint.
    ///   - models: loads SAM 2.
    ///   - onCompared: receives which of several things moves with the audio.
    ///   - onFound: receives what was found.
    package init(
        _ parameters: SamSettings,
        marks: Marks,
        search: TextSearch,
        model: CheckpointModel,
        models: LoadedModels,
        onCompared: @escaping SoundObserver = { _, _ in },
        onFound: @escaping FindObserver = { _ in }
    ) {
        self.parameters = parameters
        self.marks = marks
        self.search = search
        self.model = model
        self.models = models
        self.onCompared = onCompared
        self.onFound = onFound
    }

    package let name = "sam"

    /// The boxes are no setting: the same video and settings give the same.
    package var settings: [String: SettingValue] {
        var settings = SamMethod(parameters, model: model).settings
        settings["promptsRevision"] = nil
        settings["prompts"] = .text(marks.resolved?.fingerprint ?? "text")
        return settings.merging(search.described) { own, _ in own }
    }

    /// Before the search, the folders of all objects that there may be.
    package var auxiliary: [AuxiliaryFolder] {
        guard parameters.objects == .separate else { return sam(nil).auxiliary }
        if let objects { return sam(objects.prompts).auxiliary }
        let marked = marks.resolved?.objects.map(\.number) ?? []
        return Set(marked + search.possibleObjects).sorted().map { .ofObject($0) }
    }

    package let pixelFormat = PixelFormat.rgb24

    package func prepared(for preparation: MaskPreparation) async throws -> any MaskMethod {
        let findings: TextFindings
        if let kept = KeptFindings(preparation, search.settings.texts) {
            findings = search.findings(kept.frames, kept.decisions ?? [:])
        } else {
            findings = try await search.run(in: preparation.path, preparation.stream)
                .preferringWhatMovesWithAudio(
                    in: preparation.path,
                    preparation.stream,
                    onDecision: onCompared
                )
        }
        if let error = findings.nothingFound(in: preparation.path) { throw error }
        try onFound(findings)
        var list = marks.list
        try list.append(PromptList(findings.objects))
        let (width, height) = (preparation.stream.width, preparation.stream.height)
        let prompts = try list.resolve(width: width, height: height)
        var found = self
        found.objects = (
            TextObjects(findings, prompts, identity: preparation.identity), prompts
        )
        return found
    }

    package func makeSession(for video: MaskVideo) async throws -> any MaskSession {
        guard let objects else {
            throw EightCutError.internalFault(because: "the objects were not looked for")
        }
        return try await sam(objects.prompts, objects.texts).makeSession(for: video)
    }

    private func sam(_ prompts: ResolvedPrompts?, _ texts: TextObjects? = nil) -> SamMethod {
        var parameters = self.parameters
        parameters.prompts = prompts
        return SamMethod(parameters, model: model, models: models, texts: texts)
    }
}
