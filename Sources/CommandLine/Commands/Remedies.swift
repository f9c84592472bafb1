import ArgumentParser
import Diagnostics
import Files

/// What the user of a command can do about a failure.
///
/// The targets below do not know the options of a command: they give a code, and where they know
/// more a remedy without options, such as "Choose another folder." The option comes from here.
package struct Remedies: Sendable {
    /// The option that chooses where the command writes.
    package let output: String?
    /// What else to do; for `outputUnusable` only where the error has no remedy.
    package let byCode: [ErrorCode: String]
    /// Options by the setting that a remedy names: "frame rate" is `--fps`.
    package let settings: [String: String]
    /// Whether the same command goes on where it was interrupted.
    package let resumes: Bool

    package init(
        output: String? = nil,
        byCode: [ErrorCode: String] = [:],
        settings: [String: String] = [:],
        resumes: Bool = true
    ) {
        self.resumes = resumes
        self.output = output
        self.byCode = byCode
        self.settings = settings
    }

    /// Options of every command that reads a video.
    private static let common = ["as the video stream": "--video-stream"]

    /// The remedies of a command.
    package static func of(_ command: any ParsableCommand.Type) -> Remedies {
        (command as? any AdvisingCommand.Type)?.remedies ?? Remedies()
    }

    /// The error with a remedy that the user of the command can carry out.
    package func advise(_ error: EightCutError) -> EightCutError {
        adviseByCode(error.advisingCommandLine(error.remedy.map(namingSettings)))
    }

    /// "Set the frame rate." becomes "Set the frame rate (--fps)."
    private func namingSettings(_ remedy: String) -> String {
        settings.merging(Self.common) { own, _ in own }.reduce(remedy) { remedy, setting in
            guard let place = remedy.firstRange(of: setting.key) else { return remedy }
            return remedy[..<place.upperBound] + " (\(setting.value))" + remedy[place.upperBound...]
        }
    }

    private func adviseByCode(_ error: EightCutError) -> EightCutError {
        if error.code == .interrupted, !resumes {
            return error.advisingCommandLine("Run the same command again to start over.")
        }
        let leavesTheChoice = error.remedy?.hasPrefix(exactly: "Choose ") ?? true
        if error.code == .outputUnusable, leavesTheChoice, isInHome(error.subject) {
            return error.advisingCommandLine("Set EIGHTCUT_HOME to a folder that you may write to.")
        }
        guard let remedy = error.remedy else {
            return error.advisingCommandLine(byCode[error.code])
        }
        if error.code == .outputUnusable {
            guard let output, leavesTheChoice else { return error }
            return error.advisingCommandLine(Self.naming(output, in: remedy))
        }
        guard let more = byCode[error.code] else { return error }
        return error.advisingCommandLine(remedy + " " + more)
    }

    private func isInHome(_ subject: String?) -> Bool {
        guard let subject else { return false }
        let home = EightCutHome.current.path.string
        return subject == home || subject.hasPrefix(exactly: home + "/")
    }

    /// "Choose another folder, or …" becomes "Choose another folder with --to, or …".
    private static func naming(_ option: String, in remedy: String) -> String {
        guard let end = remedy.unicodeScalars.firstIndex(where: { $0 == "," || $0 == "." }) else {
            return remedy
        }
        let link = remedy[end] == "," ? " with " : ", with "
        return remedy[..<end] + link + option + remedy[end...]
    }
}

/// A command that knows what its user can do about failures.
package protocol AdvisingCommand: ParsableCommand {
    static var remedies: Remedies { get }
}
