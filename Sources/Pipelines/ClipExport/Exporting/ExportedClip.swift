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
        if result.plan.sound != nil, result.isSilent {
            warnings.append(
                .init(code: "silentSound", message: "\(path) is silent: all is below -60 dBFS.")
            )
        } else if result.missingSound > 0.1 {
            let seconds = (result.missingSound * 10).rounded() / 10
            warnings.append(
                .init(
                    code: "shortSound",
                    message: "\(path): the video has no sound for its last \(seconds) s; "
                        + "they are silent."
                )
            )
        } else if result.plan.sound == nil, request.settings.sound != .none {
            warnings.append(
                .init(code: "noSound", message: "\(path) has no sound, as the video has none.")
            )
        }
        return warnings
    }
}
