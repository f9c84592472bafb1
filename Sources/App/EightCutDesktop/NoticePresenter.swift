import DesktopModel
import Diagnostics
import GtkKit
import Localization

/// Shows what the app has to say: toasts, dialogs for failures, questions.
final class NoticePresenter {
    private let notices: NoticeModel
    private unowned let window: Window
    /// Where toasts are shown now.
    private let toasts: () -> ToastOverlay

    init(_ notices: NoticeModel, _ window: Window, _ toasts: @escaping () -> ToastOverlay) {
        self.notices = notices
        self.toasts = toasts
        self.window = window
        window.bind { [unowned self] in
            // Whatever comes is taken, which is a change too: it is read first.
            guard
                !notices.toasts.isEmpty || !notices.failures.isEmpty
                    || !notices.questions.isEmpty
            else { return }
            MainLoop.whenIdle { self.show() }
        }
    }

    private func show() {
        for toast in notices.takeToasts() {
            toasts().toast(toast.text, button: toast.button, toast.action)
        }
        for failure in notices.takeFailures() { show(failure) }
        for question in notices.takeQuestions() {
            let yes: MessageDialog.Answer =
                question.isDestructive
                ? .destructive("yes", question.yes) : .suggested("yes", question.yes)
            MessageDialog.show(
                over: window,
                heading: question.heading,
                body: question.body,
                answers: [.plain("no", question.no), yes]
            ) { question.answer(with: $0 == "yes") }
        }
    }

    private func show(_ failure: EightCutError) {
        let shown = { (text: String) in displayed(text, limit: Limits.pathBytes) }
        var heading = shown(failure.localizedWhat)
        if let first = heading.first { heading = first.uppercased() + heading.dropFirst() }
        var lines: [String] = []
        if let subject = failure.subject { lines.append(shown(subject)) }
        var why = shown(failure.localizedWhy)
        if let first = why.first { why = first.uppercased() + why.dropFirst() }
        lines.append(why + (why.hasSuffix(exactly: ".") ? "" : "."))
        if let remedy = failure.localizedRemedy { lines.append(shown(remedy)) }
        MessageDialog.show(
            over: window,
            heading: heading,
            body: lines.joined(separator: "\n\n"),
            answers: [
                .plain("close", localized("Close")), .plain("copy", localized("Copy Details")),
            ]
        ) { if $0 == "copy" { Desktop.copy(failure.description) } }
    }
}
