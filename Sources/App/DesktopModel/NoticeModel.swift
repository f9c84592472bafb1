import Diagnostics
import Localization
import Observation

/// What the app has to say to the user: good news that passes, bad news that stays until it was
/// read, and questions.
@MainActor
@Observable
package final class NoticeModel {
    /// A few words, with a button perhaps.
    package struct Toast {
        /// What is said.
        package let text: String
        /// What the button says; nil for none.
        package let button: String?
        /// What the button does.
        package let action: @MainActor () -> Void
    }

    /// A question that waits for an answer.
    package struct Question {
        /// In a few words.
        package let heading: String
        /// In sentences.
        package let body: String
        /// What yes is called.
        package let yes: String
        /// What no is called.
        package let no: String
        /// Whether yes takes something away.
        package let isDestructive: Bool
        let answer: @MainActor (Bool) -> Void
    }

    /// Toasts that were not shown yet.
    package private(set) var toasts: [Toast] = []
    /// Failures that were not shown yet.
    package private(set) var failures: [EightCutError] = []
    /// Questions that were not shown yet.
    package private(set) var questions: [Question] = []

    /// Says something that went well.
    package func say(
        _ text: String,
        button: String? = nil,
        _ action: @escaping @MainActor () -> Void = {}
    ) {
        toasts.append(Toast(text: text, button: button, action: action))
    }

    /// Tells of a failure, unless it is only that something was cancelled.
    package func fail(_ error: any Error) {
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
    package func ask(
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
    package func takeToasts() -> [Toast] {
        defer { if !toasts.isEmpty { toasts = [] } }
        return toasts
    }

    /// Hands out failures.
    package func takeFailures() -> [EightCutError] {
        defer { if !failures.isEmpty { failures = [] } }
        return failures
    }

    /// Hands out questions; each must be answered once.
    package func takeQuestions() -> [Question] {
        defer { if !questions.isEmpty { questions = [] } }
        return questions
    }
}

extension NoticeModel.Question {
    /// Answers it.
    @MainActor
    package func answer(with isYes: Bool) { answer(isYes) }
}
