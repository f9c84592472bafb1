import ClipExport
import ClipLibrary
import DatasetProfiles
import Diagnostics

/// What the user can do about a clip that the consumer would reject. Whoever finds a reason may know
/// more; this is for those who do not know the clip.
struct ClipRemedy: Sendable {
    let clip: LibraryClip
    let profile: DatasetProfile

    /// The reasons, each with what can be done about it.
    func advised(_ rejections: [Rejection]) -> [Rejection] {
        rejections.map { rejection in
            var rejection = rejection
            rejection.remedy = rejection.remedy ?? remedy(rejection.rule)
            return rejection
        }
    }

    private func remedy(_ rule: Rejection.Rule) -> String {
        switch rule {
        case .frames, .size, .rate: "Cut it to fit with 8cut export --replace \(clip.id)\(fitting)."
        case .samples:
            "Take other audio with 8cut export --replace \(clip.id) --audio-stream N, or leave it out."
        case .label: "Change the label with 8cut library relabel \(clip.id) --label TEXT."
        case .name: "Export it under another name, with 8cut export --name."
        case .masks: MaskFinder.remedy(clip, nil)
        case .file, .table: "8cut library check --fix --search FOLDER finds files that were moved."
        case .source: Self.source(clip)
        }
    }

    /// What to do about a video that is gone.
    static func source(_ clip: LibraryClip) -> String {
        "Put the video back, or name it with 8cut export --replace \(clip.id) --input VIDEO."
    }

    /// Options of `export` that make a clip fit.
    private var fitting: String {
        guard let rule = profile.clip else { return "" }
        if rule.duration != nil { return " --profile \(profile.name)" }
        let usual = rule.leastFrames > 1 ? CutSettings().duration : nil
        guard let length = rule.longest ?? rule.shortest ?? usual else { return "" }
        return " --duration \(Int(length.value))"
    }
}
