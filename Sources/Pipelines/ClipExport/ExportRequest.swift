import ClipLibrary
import Diagnostics
import Media
import Progress
import SystemPackage

/// What is to be cut out of a video: one clip, or several that overlap.
package struct ExportRequest: Sendable, Equatable {
    /// The video.
    package var input: FilePath
    /// Where a list has the address of an object in a store (`s3://bucket/key`) instead: a path
    /// cannot hold it. `8cut export` reads files only.
    package var inputAddress: String?
    /// Where the first clip begins.
    package var start: ClipStart
    /// The clips' name, to which a number is added.
    package var name: String
    /// What is heard; nil where it is not known.
    package var label: String?
    /// What kind of thing is heard.
    package var category: String?
    /// How the clips are cut.
    package var settings: CutSettings
    /// How many clips, each `spread` later than the one before.
    package var count = 1
    /// Nanoseconds between the starts of two clips.
    package var spread = 1_000_000_000
    /// Whether clips that are in the folder already are left out: rows of a list.
    package var skipsExisting = false
    /// The origin of an error: "line 3 of cuts.csv"; nil for the command line.
    package var origin: String?

    package init(
        input: FilePath,
        start: ClipStart,
        name: String,
        label: String? = nil,
        category: String? = nil,
        settings: CutSettings
    ) {
        self.input = input
        self.start = start
        self.name = name
        self.label = label
        self.category = category
        self.settings = settings
    }

    /// An error about this request, with its origin.
    package func naming(_ error: EightCutError) -> EightCutError {
        guard let origin else { return error }
        return EightCutError(
            error.code,
            error.what,
            on: error.subject,
            because: error.why + " (\(origin))",
            remedy: error.remedy
        )
    }

    /// How many siblings share the clip's number; 0 for a single clip.
    var siblings: Int { count > 1 ? count : 0 }
}

/// A clip that is to be cut.
struct PlannedClip: Sendable {
    let request: ExportRequest
    let plan: CutPlan
    let encoder: VideoEncoder
}

/// A clip that was cut and is in its place.
package struct ExportedClip: Sendable {
    package let request: ExportRequest
    package let files: ClipFiles
    package let result: CutResult
    /// Its number in the library.
    package let id: Int64

    /// What the user should know about it.
    var warnings: [ProgressEvent.Warning] {
        let path = quoted(files.main.string)
        var warnings = [ProgressEvent.Warning]()
        if let damage = result.damage {
            warnings.append(
                .init(
                    code: ErrorCode.inputDamaged.rawValue,
                    message: "\(path) holds what can be decoded: \(damage)."
                )
            )
        }
        if let short = profileWarning {
            warnings.append(.init(code: "shortForProfile", message: short))
        }
        if result.plan.audio != nil, let silence = silence(path) {
            warnings.append(.init(code: "silentAudio", message: silence))
        } else if result.missingAudio > 0.1 {
            let seconds = (result.missingAudio * 10).rounded() / 10
            warnings.append(
                .init(
                    code: "shortAudio",
                    message: "\(path): audio ends \(seconds) s before the video; "
                        + "the rest is silent."
                )
            )
        } else if result.plan.audio == nil, request.settings.audio != .none {
            warnings.append(
                .init(
                    code: "noAudio",
                    message: "\(path) has no audio: the video has no audio stream."
                )
            )
        }
        return warnings
    }

    /// What is wrong with a clip in which nothing, or not enough, is heard.
    private func silence(_ path: String) -> String? {
        let remedy =
            "Take one channel, with --audio-channels left or right, or another audio stream, with "
            + "--audio-stream."
        switch result.audibility {
        case .audible: return nil
        case .silent: return "\(path) is silent: its peak is below -60 dBFS."
        case .cancelled:
            return "\(path) is silent, or nearly so, although its source is not: mixed, the "
                + "channels cancel each other out. " + remedy
        case .cancelledWhenHeard:
            let profile = request.settings.profile ?? "its target"
            return "\(path) is silent, or nearly so, for \(profile), which mixes the channels to "
                + "one: they cancel each other out. " + remedy
        }
    }
}
