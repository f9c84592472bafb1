import CGtk
import ClipLibrary
import DesktopModel
import Diagnostics
import GtkKit
import Localization

/// A person judges the masks of clips: the clip, the scores of its frames, and what can be said.
final class ReviewPage {
    let widget: Box
    /// Over the frame.
    let toasts: ToastOverlay
    private let model: AppModel
    private let header = HeaderBar(title: localized("Review"))
    private let pages = Stack()
    private let frame: ReviewFrame
    private let strip: ScoreStrip
    private let labels: LabelRow
    private let message = Label.status().ellipsized()
    private let end: StatusPage

    init(_ model: AppModel, menu: Widget) {
        self.model = model
        frame = ReviewFrame(model)
        strip = ScoreStrip(model)
        labels = LabelRow(model)
        toasts = ToastOverlay(frame.widget)
        end = StatusPage(
            icon: "emblem-ok-symbolic",
            title: localized("Nothing Left to Review"),
            text: "",
            child: ReviewEnd(model).widget
        )
        let wait = StatusPage(
            icon: "view-list-symbolic",
            title: localized("Reading the Library…"),
            text: ""
        )
        let problem = StatusPage(
            icon: "dialog-error-symbolic",
            title: localized("The Library Cannot Be Used"),
            text: ""
        )
        let work = Box.column(
            spacing: 0,
            toasts,
            strip.widget,
            ReviewInfo(model).widget,
            VerdictRow(model).widget,
            labels.widget,
            Separator(),
            ReviewOutlook(model).widget
        )
        pages.add(wait, name: "listing")
        pages.add(work, name: "showing")
        pages.add(end, name: "finished")
        pages.add(problem, name: "unusable")
        pages.expanding(vertically: true)
        let agreement = Label().ellipsized().styled("dim-label")
        let status = Box.row(message.expanding(), agreement).styled("statusbar")
        widget = Box.column(spacing: 0, header, pages, Separator(), status)
        let back = Button(
            icon: "go-previous-symbolic",
            name: localized("Back to the Videos"),
            tooltip: localized("Back to the videos (Escape)")
        ) { model.leaveReview() }
        header.packStart(back)
        header.packEnd(menu)
        header.packEnd(ReviewerButton(model) { [unowned self] in focus() }.widget)
        agreement.bind { [unowned agreement] in
            agreement.text = model.review.agreementText ?? ""
            agreement.tooltip = model.review.agreementText
        }
        bind()
    }

    /// Stops rendering, before the players are stopped.
    func stop() { frame.stop() }

    func focus() { frame.widget.focus() }

    private func bind() {
        let review = model.review
        widget.bind { [unowned self] in
            switch review.state {
            case .closed, .listing: pages.show("listing")
            case .showing: pages.show("showing")
            case .finished: pages.show("finished")
            case .unusable: pages.show("unusable")
            }
        }
        header.bind { [unowned self] in
            let selection = displayed(review.words.joined(separator: " "))
            let title =
                review.shown.map { model.library.name(of: $0.clip) } ?? localized("Review")
            let isListed = [.showing, .finished].contains(review.state)
            header.setTitle(
                title,
                subtitle: [isListed ? review.leftText : "", selection].filter { !$0.isEmpty }
                    .joined(separator: " · ")
            )
        }
        message.bind { [unowned self] in
            _ = review.messageCount
            message.text = review.message
            if !review.message.isEmpty { message.announce(review.message) }
        }
        end.bind { [unowned self] in
            end.text =
                review.maskedCount == 0
                ? localized("No clip of this selection has masks.")
                : pluralized(
                    "You have judged the masks of the only clip.",
                    "You have judged the masks of all %1 clips.",
                    review.maskedCount
                )
        }
    }
}

/// What is known of the clip, and how it plays.
final class ReviewInfo {
    let widget: Box

    init(_ model: AppModel) {
        let review = model.review
        let score = Label().ellipsized(minChars: 10).styled("numeric", "heading")
        let sample = Label(localized("sample")).styled("tag")
        sample.tooltip = localized("Drawn at random, to see whether good scores are good masks")
        let own = Label().styled("tag")
        let label = Label().ellipsized().styled("dim-label")
        let place = Label().styled("numeric", "dim-label")
        let worst = Button(localized("Worst (W)")) { review.showWorst() }
        worst.tooltip = localized("Show the frame with the lowest score")
        let play = Button(icon: "media-playback-start-symbolic", name: localized("Play")) {
            review.deck?.preview.togglePlaying()
        }
        let mute = ToggleButton(icon: "audio-volume-high-symbolic", name: localized("Mute")) {
            model.preview.isMuted = $0
        }
        widget = Box.row(
            score,
            sample.valign(GTK_ALIGN_CENTER),
            own.valign(GTK_ALIGN_CENTER),
            label.expanding(),
            place,
            worst,
            play,
            OverlayControls(model).widget,
            mute
        ).styled("bar")
        score.bind { [unowned score] in
            score.text = review.scoreText
            // A narrow window does not show all of it.
            score.tooltip = review.scoreText
        }
        sample.bind { [unowned sample] in sample.isVisible = review.shown?.draw == .random }
        own.bind { [unowned own] in
            own.text = review.ownText ?? ""
            own.isVisible = review.ownText != nil
        }
        label.bind { [unowned label] in
            label.text = review.shown?.clip.label.map { displayed($0) } ?? ""
        }
        place.bind { [unowned place] in
            let count = review.shown?.frames.values.count ?? 0
            place.text = count == 0 ? "" : "\(review.deck?.frame ?? 0) / \(count)"
        }
        play.bind { [unowned play] in
            let isPaused = review.deck?.preview.isPaused ?? true
            play.setIcon(
                isPaused ? "media-playback-start-symbolic" : "media-playback-pause-symbolic"
            )
            play.named(
                isPaused ? localized("Play") : localized("Pause"),
                tooltip: isPaused ? localized("Play (Space)") : localized("Pause (Space)")
            )
        }
        mute.bind { [unowned mute] in
            mute.isOn = model.preview.isMuted
            mute.setIcon(
                model.preview.isMuted ? "audio-volume-muted-symbolic" : "audio-volume-high-symbolic"
            )
        }
    }
}

/// What can be said about the masks.
final class VerdictRow {
    let widget: Box

    init(_ model: AppModel) {
        let review = model.review
        let keep = Button(localized("Keep (A)")) { review.judge(.keep) }
            .styled("suggested-action")
        let undecided = Button(localized("Undecided (U)")) { review.judge(.undecided) }
        let reject = Button(localized("Reject (X)")) { review.judge(.reject) }
            .styled("destructive-action")
        let undo = Button(icon: "edit-undo-symbolic", name: localized("Take Back")) {
            review.takeBack()
        }
        undo.tooltip = localized("Take the last verdict back (Backspace)")
        let fix = Button(localized("Fix… (F)")) { model.fixMasks() }
        fix.tooltip = localized("Mark the object on the worst frame, and make the masks again")
        widget = Box.row(
            undo,
            keep.expanding(),
            undecided.expanding(),
            reject.expanding(),
            fix
        ).styled("bar")
        undo.bind { [unowned undo] in undo.isSensitive = review.canTakeBack }
    }
}

/// The labels of the digits.
final class LabelRow {
    let widget = FlowBox(most: 9, name: localized("Labels"))
    private let model: AppModel
    private var buttons: [ToggleButton] = []

    init(_ model: AppModel) {
        self.model = model
        widget.styled("bar")
        widget.bind { [unowned self] in update() }
        widget.bind { [unowned self] in mark() }
    }

    private func update() {
        for button in buttons { widget.remove(button) }
        let choices = model.review.labels.choices
        buttons = choices.enumerated().map { place, choice in
            let name = displayed(choice.name, limit: 24)
            let button = ToggleButton(
                "\(place + 1)  \(name)",
                name: localized("Label %1: %2", "\(place + 1)", displayed(choice.name))
            ) { [unowned self] _ in
                model.review.label(place + 1)
                mark()
            }
            button.styled("label-choice")
            widget.append(button)
            return button
        }
        widget.isVisible = !choices.isEmpty
    }

    private func mark() {
        let label = model.review.shown?.clip.label
        for (button, choice) in zip(buttons, model.review.labels.choices) {
            button.isOn = label.map { $0.utf8.elementsEqual(choice.name.utf8) } ?? false
        }
    }
}

/// What the verdicts so far say about the scores.
final class ReviewOutlook {
    let widget: Box

    init(_ model: AppModel) {
        let figures = model.review.figures
        let text = Label(wraps: true).styled("caption")
        let threshold = Scale(name: localized("Threshold"), 0...1, step: 0.05) {
            figures.threshold = $0
        }.sizeRequest(width: 130)
        widget = Box.row(text.expanding(), threshold.valign(GTK_ALIGN_CENTER)).styled("bar")
        text.bind { [unowned text] in text.text = model.review.outlookText }
        threshold.bind { [unowned threshold] in
            threshold.isVisible = figures.calibration != nil
            threshold.value = figures.threshold
        }
    }
}

/// What can be done when all clips are judged.
final class ReviewEnd {
    let widget: Box

    init(_ model: AppModel) {
        let review = model.review
        let help = Label(
            localized("This command writes a data set of the clips that were kept:"),
            wraps: true
        ).centred()
        let command = Label(ReviewModel.exportCommand, wraps: true, isSelectable: true)
            .styled("monospace").centred().focusable(false)
        command.accessibleName = ReviewModel.exportCommand
        let copy = Button(localized("Copy the Command")) {
            Desktop.copy(ReviewModel.exportCommand)
            review.say(localized("Copied"))
        }.styled("suggested-action", "pill").halign(GTK_ALIGN_CENTER)
        let undo = Button(localized("Take the Last Verdict Back")) { review.takeBack() }
            .styled("pill").halign(GTK_ALIGN_CENTER)
        let export = Box.column(spacing: 12, help, command, copy)
        widget = Box.column(spacing: 18, export, undo)
        undo.bind { [unowned undo] in undo.isVisible = review.canTakeBack }
        export.bind { [unowned export] in export.isVisible = review.maskedCount > 0 }
    }
}

/// Who judges.
final class ReviewerButton {
    let widget: MenuButton

    /// - Parameters:
    ///   - model: the app.
    ///   - done: called when the name was taken.
    init(_ model: AppModel, done: @escaping @MainActor () -> Void) {
        let review = model.review
        let name = Entry(name: localized("Your Name")) { _ in }.widthChars(18)
        let problem = Label("", wraps: true).styled("error", "caption").wrapped(atChars: 36)
        let change = Button(localized("Change")) {}
        widget = MenuButton(
            "",
            name: localized("Reviewer"),
            content: Form.column([
                Label(localized("Your name, with which your verdicts are kept"), wraps: true)
                    .wrapped(atChars: 36),
                name, problem, change,
            ])
        )
        let button = widget
        let apply: @MainActor () -> Void = { [unowned name, unowned problem, unowned button] in
            do {
                try review.setReviewer(name.text)
                problem.isVisible = false
                name.setWrong(false)
                button.close()
                done()
            } catch {
                let why = (error as? EightCutError)?.localizedWhy ?? "\(error)"
                problem.text = displayed(why)
                problem.isVisible = true
                name.setWrong(true)
            }
        }
        name.onEnter(apply)
        change.on("clicked", apply)
        problem.isVisible = false
        widget.bind { [unowned button, unowned name] in
            button.label = displayed(review.reviewer.name, limit: 24)
            button.named(localized("Reviewer: %1", displayed(review.reviewer.name)))
            name.text = entryText(review.reviewer.name)
        }
    }
}
