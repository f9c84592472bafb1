/// The one error type of the program: what failed, on what, why, and what to do about it.
///
/// The same value sets the exit status, crosses the progress pipe as JSON and fills a dialog.
/// Remedies do not name options: only the command knows its options, and adds them by the code.
package struct EightCutError: Error, Sendable, Equatable, Codable {
    /// The kind of failure, which decides the exit status.
    package let code: ErrorCode
    /// What could not be done, as a clause: "cannot read the video".
    package let what: String
    /// What it could not be done to, mostly a path.
    package let subject: String?
    /// Why, as a clause.
    package let why: String
    /// What the user can do about it, in one or two sentences.
    package let remedy: String?

    package init(
        _ code: ErrorCode,
        _ what: String,
        on subject: String? = nil,
        because why: String,
        remedy: String? = nil
    ) {
        self.code = code
        self.what = what
        self.subject = subject
        self.why = why
        self.remedy = remedy
    }
}

extension EightCutError {
    /// The same error with another remedy, for callers that know better what the user can do.
    package func advising(_ remedy: String?) -> EightCutError {
        EightCutError(code, what, on: subject, because: why, remedy: remedy)
    }

    /// The error of a mistake in this program.
    package static func internalFault(
        _ what: String = "cannot go on",
        because why: String
    ) -> EightCutError {
        let place = issueTracker.isEmpty ? "" : " at \(issueTracker)"
        return EightCutError(
            .internalFault,
            what,
            because: why,
            remedy: "Please report this\(place), with the command that you ran."
        )
    }
}

extension EightCutError: CustomStringConvertible {
    /// The error in one line, and the remedy in a second one. Reasons may quote what others wrote.
    package var description: String {
        var text = what
        if let subject { text += " " + quoted(subject) }
        text += ": " + visibleLines(why, limit: 4000)
        if let remedy { text += "\n  " + visibleLines(remedy, limit: 4000) }
        return text
    }
}
