import DatasetProfiles
import Diagnostics
import Media

extension ExportRequest {
    /// Makes sure that the target of the clip neither rejects it nor reads something else than what
    /// it was made for. MMAudio, for example, takes other seconds of the video than of the audio
    /// where a clip is three times as long as the model's.
    ///
    /// - Throws: `EightCutError` when length, rate, audio or label are not the target's.
    package func checkProfile() throws {
        guard let name = settings.profile, let profile = DatasetProfile.named(name) else { return }
        if let label, let objection = profile.table.objection(to: label) {
            throw refused(
                "a clip for \(name) cannot have the label \(quoted(label)): \(objection)",
                "Choose another label."
            )
        }
        if let bucket = settings.bucket {
            guard let rate = settings.frameRate, let duration = bucket.duration(at: rate),
                settings.duration == duration
            else {
                throw refused(
                    "a clip of the bucket \(bucket) has \(bucket.frameCount) frames",
                    "Leave the duration out, or the bucket."
                )
            }
        }
        guard let rule = profile.clip, !rule.isFree else { return }
        let isAsNeeded =
            settings.duration == rule.duration
            && (rule.frameRate ?? settings.frameRate) == settings.frameRate
            && (rule.sampleRate ?? settings.sampleRate) == settings.sampleRate
        guard isAsNeeded else {
            throw refused(
                "--profile \(name) sets its length and its rates, and its loader rejects or misreads "
                    + "other clips",
                "Leave the profile out for a clip of another length or rate."
            )
        }
        guard settings.audio != .none else {
            throw refused(
                "--profile \(name) is for a model that learns the audio, which is left out",
                "Leave the profile out for clips without audio."
            )
        }
    }

    private func refused(_ why: String, _ remedy: String) -> EightCutError {
        EightCutError(.usage, "cannot cut", on: input.string, because: why, remedy: remedy)
    }
}

extension ExportedClip {
    /// A warning where the source ended too early for the clip's target; nil otherwise.
    var profileWarning: String? {
        let (plan, settings) = (result.plan, request.settings)
        let wanted = settings.frameCount(at: plan.frameRate)
        guard let name = settings.profile, plan.frameCount < wanted else { return nil }
        return "\(quoted(files.main.string)) has \(plan.frameCount) of the \(wanted) frames of "
            + "--profile \(name): loaders reject or skip such clips."
    }
}
