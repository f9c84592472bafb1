import Diagnostics
import Localization
import Observation

/// Messages to the user: toasts, failures in dialogs, and questions.
@MainActor
@Observable
package final class NoticeModel {
    package struct Toast {
        package let text: String
        /// The label of the button; nil for none.
        package let button: String?
        package let action: @MainActor () -> Void
    }

    package struct Question {
        package let heading: String
        package let body: String
        /// The label for yes.
        package let yes: String
        /// The label for no.
        package let no: String
        package let isDestructive: Bool
        let answer: @MainActor (Bool) -> Void
    }

    /// Toasts that were not shown yet.
    package private(set) var toasts: [Toast] = []
    /// Failures that were not shown yet.
    package private(set) var failures: [EightCutError] = []
    /// Questions that were not shown yet.
    package private(set) var questions: [Question] = []

    /// Failures that wait to be shown; further ones are left out.
    private static let mostFailures = 10

    package init() {}

    /// Shows a toast.
    package func say(
        _ text: String,
        button: String? = nil,
        _ action: @escaping @MainActor () -> Void = {}
    ) {
        toasts.append(Toast(text: displayed(text), button: button, action: action))
    }

    /// Shows a failure, unless something was only cancelled.
    package func fail(_ error: any Error) {
        if error is CancellationError { return }
        let failure = error as? EightCutError ?? .internalFault(because: "\(error)")
        guard failure.code != .interrupted else { return }
        // The same failure over and over again needs one dialog.
        if !failures.contains(failure), failures.count < Self.mostFailures {
            failures.append(failure)
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

    /// Returns each toast once.
    package func takeToasts() -> [Toast] {
        defer { if !toasts.isEmpty { toasts = [] } }
        return toasts
    }

    package func takeFailures() -> [EightCutError] {
        defer { if !failures.isEmpty { failures = [] } }
        return failures
    }

    /// Returns each question once; each must be answered once.
    package func takeQuestions() -> [Question] {
        defer { if !questions.isEmpty { questions = [] } }
        return questions
    }
}

extension NoticeModel.Question {
    @MainActor
    package func answer(with isYes: Bool) { answer(isYes) }
}
