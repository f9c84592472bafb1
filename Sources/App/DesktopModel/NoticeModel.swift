import Diagnostics
import Localization
import Observation

/// What the app has to say to the user: good news that passes, bad news that stays until it was
/// read, and questions.
@MainActor
@Observable
public final class NoticeModel {
    /// A few words, with a button perhaps.
    public struct Toast {
        /// What is said.
        public let text: String
        /// What the button says; nil for none.
        public let button: String?
        /// What the button does.
        public let action: @MainActor () -> Void
    }

    /// A question that waits for an answer.
    public struct Question {
        /// In a few words.
        public let heading: String
        /// In sentences.
        public let body: String
        /// What yes is called.
        public let yes: String
        /// What no is called.
        public let no: String
        /// Whether yes takes something away.
        public let isDestructive: Bool
        let answer: @MainActor (Bool) -> Void
    }

    /// Toasts that were not shown yet.
    public private(set) var toasts: [Toast] = []
    /// Failures that were not shown yet.
    public private(set) var failures: [EightCutError] = []
    /// Questions that were not shown yet.
    public private(set) var questions: [Question] = []

    /// Says something that went well.
    public func say(
        _ text: String,
        button: String? = nil,
        _ action: @escaping @MainActor () -> Void = {}
    ) {
        toasts.append(Toast(text: text, button: button, action: action))
    }

    /// Tells of a failure, unless it is only that something was cancelled.
    public func fail(_ error: any Error) {
        if error is CancellationError { return }
        if let error = error as? EightCutError {
            guard error.code != .interrupted else { return }
            failures.append(error)
        } else {
            failures.append(
                EightCutError(.internalFault, "cannot go on", because: "\(error)")
            )
        }
    }

    /// Asks, and waits for the answer.
    ///
    /// - Returns: whether the answer was yes.
    public func ask(
        _ heading: String,
        _ body: String,
        yes: String,
        no: String = localized("Cancel"),
        isDestructive: Bool = false
    ) async -> Bool {
        await withCheckedContinuation { continuation in
            questions.append(
                Question(
                    heading: heading,
                    body: body,
                    yes: yes,
                    no: no,
                    isDestructive: isDestructive
                ) { continuation.resume(returning: $0) }
            )
        }
    }

    /// Hands out what is to be shown; each is handed out once.
    public func takeToasts() -> [Toast] {
        defer { if !toasts.isEmpty { toasts = [] } }
        return toasts
    }

    /// Hands out failures.
    public func takeFailures() -> [EightCutError] {
        defer { if !failures.isEmpty { failures = [] } }
        return failures
    }

    /// Hands out questions; each must be answered once.
    public func takeQuestions() -> [Question] {
        defer { if !questions.isEmpty { questions = [] } }
        return questions
    }
}

extension NoticeModel.Question {
    /// Answers it.
    @MainActor
    public func answer(with isYes: Bool) { answer(isYes) }
}
