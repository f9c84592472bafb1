import Diagnostics
import Progress

/// A clip that was cut and is in its place.
package struct ExportedClip: Sendable {
    /// What was asked for.
    package let request: ExportRequest
    /// Its files.
    package let files: ClipFiles
    /// How it was cut.
    package let result: CutResult
    /// Its number in the library.
    package let id: Int64

    /// What the user should know about it.
    var warnings: [ProgressEvent.Warning] {
        let path = quoted(files.main.string)
        var warnings: [ProgressEvent.Warning] = []
        if result.plan.audio != nil, result.isSilent {
            warnings.append(
                .init(
                    code: "silentAudio",
                    message: "\(path) is silent: its peak is below -60 dBFS."
                )
            )
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
}
