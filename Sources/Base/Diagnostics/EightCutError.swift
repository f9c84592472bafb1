/// The one error type of the program: what failed, on what, why, and what to do about it.
///
/// The same value sets the exit status, crosses the progress pipe as JSON and fills a dialog.
package struct EightCutError: Error, Sendable, Equatable, Codable {
    /// What kind of failure it is; decides the exit status.
    package let code: ErrorCode
    /// What could not be done, as a clause: "cannot read the video".
    package let what: String
    /// The thing that it was done to, mostly a path.
    package let subject: String?
    /// Why, in the words of whoever knows best.
    package let why: String
    /// What the user can do about it.
    package let remedy: String?

    /// Puts an error together.
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
    /// The same failure with another advice, for those who know better what can be done.
    package func advising(_ remedy: String?) -> EightCutError {
        EightCutError(code, what, on: subject, because: why, remedy: remedy)
    }
}

extension EightCutError: CustomStringConvertible {
    /// The error in one line, and the remedy in a second one.
    package var description: String {
        var text = what
        if let subject { text += " " + quoted(subject) }
        text += ": " + why
        if let remedy { text += "\n  " + remedy }
        return text
    }
}
