/// The one error type of the program: what failed, on what, why, and what to do about it.
///
/// The same value sets the exit status, crosses the progress pipe as JSON and fills a dialog.
/// Remedies do not name options: only the command knows its options, and adds them by the code.
package struct EightCutError: Error, Sendable, Equatable {
    /// The kind of failure, which decides the exit status.
    package let code: ErrorCode
    /// What it could not be done to, mostly a path.
    package let subject: String?
    /// What the user can do about it, in one or two sentences.
    package let remedy: String?
    /// The texts, so that they can be translated. The remedy is the one without options.
    package let texts: Texts

    package struct Texts: Sendable, Equatable, Codable {
        package let what: MessageText
        package let why: MessageText
        package let remedy: MessageText?
    }

    /// - Parameters:
    ///   - code: the kind of failure.
    ///   - what: what could not be done, as a clause: "cannot read the video".
    ///   - subject: what it could not be done to.
    ///   - why: why, as a clause.
    ///   - remedy: what the user can do about it.
    package init(
        _ code: ErrorCode,
        _ what: MessageText,
        on subject: String? = nil,
        because why: MessageText,
        remedy: MessageText? = nil
    ) {
        self.init(code, subject, Texts(what: what, why: why, remedy: remedy), remedy?.english)
    }

    /// The same with texts that are known at run time only.
    @_disfavoredOverload
    package init(
        _ code: ErrorCode,
        _ what: some MessageConvertible,
        on subject: String? = nil,
        because why: some MessageConvertible,
        remedy: MessageText? = nil
    ) {
        self.init(code, what.messageText, on: subject, because: why.messageText, remedy: remedy)
    }

    @_disfavoredOverload
    package init(
        _ code: ErrorCode,
        _ what: some MessageConvertible,
        on subject: String? = nil,
        because why: some MessageConvertible,
        remedy: String?
    ) {
        let remedy = remedy.map { MessageText($0) }
        self.init(code, what.messageText, on: subject, because: why.messageText, remedy: remedy)
    }

    private init(_ code: ErrorCode, _ subject: String?, _ texts: Texts, _ remedy: String?) {
        (self.code, self.subject, self.texts, self.remedy) = (code, subject, texts, remedy)
    }

    /// What could not be done, as a clause: "cannot read the video".
    package var what: String { texts.what.english }
    /// Why, as a clause.
    package var why: String { texts.why.english }
}

extension EightCutError {
    /// The same error with another remedy, for callers that know better what the user can do.
    package func advising(_ remedy: MessageText?) -> EightCutError {
        EightCutError(code, texts.what, on: subject, because: texts.why, remedy: remedy)
    }

    @_disfavoredOverload
    package func advising(_ remedy: String?) -> EightCutError {
        advising(remedy.map { MessageText($0) })
    }

    /// The same error with a remedy for users of the command line; other front ends keep the one
    /// that there was.
    package func advisingCommandLine(_ remedy: String?) -> EightCutError {
        EightCutError(code, subject, texts, remedy)
    }

    /// The error of a mistake in this program.
    package static func internalFault(
        _ what: String = "cannot go on",
        because why: String
    ) -> EightCutError {
        let remedy: MessageText =
            issueTracker.isEmpty
            ? "Please report this, with the command that you ran."
            : "Please report this at \(issueTracker), with the command that you ran."
        return EightCutError(.internalFault, what, because: why, remedy: remedy)
    }
}

extension EightCutError: Codable {
    private enum Key: String, CodingKey { case code, what, subject, why, remedy, texts }

    /// Reads what `encode` wrote. Without `texts`, the strings are the texts.
    package init(from decoder: any Decoder) throws {
        let keyed = try decoder.container(keyedBy: Key.self)
        let remedy = try keyed.decodeIfPresent(String.self, forKey: .remedy)
        let plain = Texts(
            what: MessageText(try keyed.decode(String.self, forKey: .what)),
            why: MessageText(try keyed.decode(String.self, forKey: .why)),
            remedy: remedy.map { MessageText($0) }
        )
        self.init(
            try keyed.decode(ErrorCode.self, forKey: .code),
            try keyed.decodeIfPresent(String.self, forKey: .subject),
            try keyed.decodeIfPresent(Texts.self, forKey: .texts) ?? plain,
            remedy
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var keyed = encoder.container(keyedBy: Key.self)
        try keyed.encode(code, forKey: .code)
        try keyed.encode(what, forKey: .what)
        try keyed.encodeIfPresent(subject, forKey: .subject)
        try keyed.encode(why, forKey: .why)
        try keyed.encodeIfPresent(remedy, forKey: .remedy)
        // Words without values are the strings themselves.
        if Texts(
            what: MessageText(what),
            why: MessageText(why),
            remedy: remedy.map { MessageText($0) }
        )
            != texts
        {
            try keyed.encode(texts, forKey: .texts)
        }
    }
}

extension EightCutError: CustomStringConvertible {
    /// The error in one line, and the remedy in those below it. Reasons may quote what others wrote.
    package var description: String {
        var text = what
        if let subject { text += " " + quoted(subject) }
        text += ": " + visibleLines(why, limit: 4000)
        if let remedy {
            text +=
                "\n  " + visibleLines(remedy, limit: 4000).replacing(exactly: "\n", with: "\n  ")
        }
        return text
    }
}
