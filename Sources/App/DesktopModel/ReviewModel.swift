import Bindings
import ClipLibrary
import ClipReview
import Diagnostics
import Localization
import Observation

/// A person judges the masks of clips, one after the other: the queue, and what each key does.
///
/// What a person does is done in order, one at a time. A verdict is in the library before the next clip
/// is shown, so that none is lost whatever happens then.
@MainActor
@Observable
package final class ReviewModel {
    package enum State: Sendable, Equatable {
        /// No review has begun.
        case closed
        /// The clips are being read.
        case listing
        case showing
        /// No clip is left.
        case finished
        /// The library or the player cannot be used.
        case unusable
    }

    package private(set) var state = State.closed
    package private(set) var reviewer = Reviewer.current
    /// Which clips: words that all occur in the names, the label or the category; all without any.
    package private(set) var words: [String] = []
    /// How many clips wait for a verdict.
    package private(set) var left = 0
    /// How many clips of the selection have masks.
    package private(set) var maskedCount = 0
    package private(set) var pace = ReviewPace()
    /// What was done last.
    package private(set) var message = ""
    /// Counts the messages: the same may come twice.
    package private(set) var messageCount = 0
    /// The one that plays and the one that loads; none before the first review.
    package private(set) var decks: [ReviewDeck] = []
    /// The clip that is being fixed, meanwhile.
    package private(set) var fixed: Int64?
    package let figures = ReviewFigures()
    package let labels = ReviewLabels()

    private var front = 0
    /// Whether the review is on the screen.
    private var isVisible = false
    private let libraryModel: LibraryModel
    private let notices: NoticeModel
    private let makePreview: @MainActor () throws -> PreviewModel
    @ObservationIgnored private var library: Library?
    @ObservationIgnored private var publisher: ReviewPublisher?
    @ObservationIgnored private var trail = ReviewTrail([])
    /// The verdicts of this review, with what the person had said before.
    @ObservationIgnored private var given: [(verdict: ClipVerdict, earlier: ClipVerdict?)] = []
    @ObservationIgnored private var shownAt = ContinuousClock.now
    @ObservationIgnored private var mark: Int?
    @ObservationIgnored private var work: Task<Void, Never>?
    @ObservationIgnored private var prefetching: Task<Void, Never>?
    @ObservationIgnored private var refreshing: Task<Void, Never>?
    @ObservationIgnored private var reloading: Task<Void, Never>?
    /// Whether clips were judged, or are not any more, since the library is being read.
    @ObservationIgnored private var changes: [Int64: Bool] = [:]

    /// - Parameters:
    ///   - library: the clips.
    ///   - notices: shows failures.
    ///   - makePreview: makes a player.
    init(
        _ library: LibraryModel,
        _ notices: NoticeModel,
        _ makePreview: @escaping @MainActor () throws -> PreviewModel
    ) {
        (libraryModel, self.notices, self.makePreview) = (library, notices, makePreview)
    }

    /// The deck that plays; nil before the first review.
    package var deck: ReviewDeck? { decks.isEmpty ? nil : decks[front] }

    /// What is shown.
    package var shown: ReviewClip? { state == .showing ? deck?.clip : nil }

    /// Whether there is a verdict to take back.
    package private(set) var canTakeBack = false

    /// Whether something that the person has done is not finished.
    package var isBusy: Bool { work != nil }

    private var back: ReviewDeck { decks[1 - front] }

    private func reader(_ library: Library) -> ReviewReader {
        ReviewReader(library: library, reviewer: reviewer)
    }

    // MARK: Beginning and ending

    /// Begins a review, or goes on with it.
    ///
    /// - Parameter words: which clips; nil for those of the review that was left, or all.
    func open(_ words: [String]?) {
        isVisible = true
        if [.showing, .finished].contains(state), words ?? self.words == self.words {
            deck?.preview.play()
            return
        }
        self.words = words ?? []
        restart()
    }

    /// The review is not on the screen any more.
    func leave() {
        isVisible = false
        deck?.pause()
    }

    /// Another person goes on.
    ///
    /// - Parameter name: as it was typed.
    /// - Throws: `EightCutError` when that is no name.
    package func setReviewer(_ name: String) throws {
        let new = try Reviewer(name)
        guard new != reviewer else { return }
        reviewer = new
        if state != .closed { restart() }
    }

    private func restart() {
        state = .listing
        let before = work
        refreshing?.cancel()
        work = Task {
            await before?.value
            deck?.pause()
            await list()
            work = nil
        }
    }

    private func list() async {
        do {
            guard let library = await libraryModel.opened() else { return state = .unusable }
            self.library = library
            publisher = publisher ?? ReviewPublisher(library)
            if decks.isEmpty {
                decks = [ReviewDeck(try makePreview()), ReviewDeck(try makePreview())]
            }
            for deck in decks { deck.unload() }
            mark = try await library.changeMark()
            var list = try await ReviewList(words, reader(library))
            // Of masks that were made without naming a clip the library does not know yet.
            if list.maskedCount == 0, try await ReviewList.refreshMasks(of: words, in: library) {
                list = try await ReviewList(words, reader(library))
            }
            (given, pace, message, canTakeBack) = ([], ReviewPace(), "", false)
            trail = ReviewTrail(list.items)
            changes = [:]
            take(list)
            try await labels.read(from: library)
            try await showNext(isWaiting: true, in: library)
            refreshMasks(in: library)
        } catch {
            notices.fail(error)
            state = .unusable
        }
    }

    private func take(_ list: ReviewList) {
        maskedCount = list.maskedCount
        figures.take(list.verdicts, list.scores, for: reviewer.name)
        countLeft()
    }

    private func countLeft() {
        if left != trail.waiting.count { left = trail.waiting.count }
    }

    /// Writes what is left to write, before the program ends.
    func finish() async {
        refreshing?.cancel()
        reloading?.cancel()
        await work?.value
        await publisher?.finish()
    }

    /// Stops the players, after their renderers.
    func stop() {
        for deck in decks { deck.preview.stop() }
    }

    // MARK: What the person does

    /// Does one thing after another; what comes while one is being done is for a clip that is not shown
    /// yet, and is left out.
    private func perform(_ body: @escaping @MainActor (ReviewModel, Library) async throws -> Void) {
        guard work == nil, let library else { return }
        work = Task {
            do { try await body(self, library) } catch { notices.fail(error) }
            work = nil
        }
    }

    /// Records a verdict on what is shown, and shows the next clip.
    package func judge(_ verdict: Verdict) {
        guard let clip = shown else { return }
        let seconds = shownAt.duration(to: .now) / .seconds(1)
        perform { this, library in
            let new = ClipVerdict(
                clip: clip.id,
                verdict,
                by: this.reviewer.name,
                at: ClipVerdict.now,
                masksDigest: clip.digest,
                draw: clip.draw,
                score: clip.score
            )
            try await library.record([new])
            if clip.own == nil { this.pace.note(seconds) }
            this.given.append((new, clip.own))
            this.canTakeBack = true
            this.trail.judge(clip.id)
            this.note(clip.id, isJudged: true)
            this.figures.add(new)
            var judged = clip
            judged.own = new
            this.deck?.update(judged)
            this.say(this.text(after: verdict, clip.others))
            try await this.showNext(isWaiting: true, in: library)
        }
    }

    /// Takes back what was said last, and shows that clip again.
    package func takeBack() {
        guard state == .showing || state == .finished else { return }
        perform { this, library in
            guard let last = this.given.last else {
                return this.say(localized("There is nothing to take back."))
            }
            try await library.withdraw(last.verdict, for: last.earlier)
            this.given.removeLast()
            this.canTakeBack = !this.given.isEmpty
            let id = last.verdict.clip
            this.note(id, isJudged: last.earlier != nil)
            this.figures.remove(last.verdict, for: last.earlier)
            this.trail.takeBack(id, last.verdict.draw)
            if last.earlier != nil { this.trail.judge(id) }
            this.countLeft()
            this.say(pluralized("Taken back, 1 left", "Taken back, %1 left", this.left))
            try await this.showAgain(id, last.verdict.draw, in: library)
        }
    }

    /// Shows the next or the previous clip without a verdict.
    package func move(forward: Bool) {
        guard state == .showing || state == .finished && !forward else { return }
        perform { this, library in
            if forward {
                guard this.trail.next(isWaiting: false) != nil else {
                    return this.say(localized("This is the last clip."))
                }
                try await this.showNext(isWaiting: false, in: library)
            } else {
                let isFinished = this.state == .finished
                guard let stop = isFinished ? this.trail.current : this.trail.previous else {
                    return this.say(localized("This is the first clip."))
                }
                try await this.showAgain(stop.clip, stop.draw, in: library)
            }
        }
    }

    /// Gives the clip that is shown the label of a digit.
    package func label(_ digit: Int) {
        guard let clip = shown?.clip, let choice = labels.choice(digit) else { return }
        Task {
            await libraryModel.relabel(clip, label: choice.name, category: choice.category)
            say(localized("Label: %1", displayed(choice.name)))
        }
    }

    /// Shows the frame with the lowest score, and stays there.
    package func showWorst() {
        guard let clip = shown else { return }
        deck?.show(clip.frames.worst)
    }

    package func say(_ text: String) {
        message = text
        messageCount += 1
    }

    private func note(_ clip: Int64, isJudged: Bool) {
        changes[clip] = isJudged
        publisher?.add(clip)
        countLeft()
    }

    // MARK: Fixing

    /// Leaves the review to make the masks of the clip that is shown again.
    func beginFix() -> ReviewClip? {
        guard let clip = shown else { return nil }
        fixed = clip.id
        return clip
    }

    /// Shows the clip that was fixed, with the masks that it has now.
    func endFix() {
        guard let id = fixed else { return }
        fixed = nil
        let before = deck?.clip
        perform { this, library in
            let now = try await this.reader(library).read(id, .named, wantsJudged: true)
            // Masks that are still the same came up as they did.
            let isSame = now?.digest == before?.digest
            try await this.showAgain(id, isSame ? before?.draw ?? .named : .named, in: library)
        }
    }

    // MARK: Showing

    /// Shows the next clip that has not been judged meanwhile.
    private func showNext(isWaiting: Bool, in library: Library) async throws {
        while let stop = trail.next(isWaiting: isWaiting) {
            if try await load(stop, isWaiting: isWaiting, in: library) {
                trail.go(to: stop.clip)
                return present()
            }
            trail.remove(stop.clip)
            countLeft()
        }
        deck?.pause()
        prefetching = nil
        state = .finished
    }

    /// Loads a stop into the deck at the back, unless it is there already.
    ///
    /// - Returns: false if there is nothing to show.
    private func load(
        _ stop: ReviewTrail.Stop,
        isWaiting: Bool,
        in library: Library
    ) async throws -> Bool {
        await prefetching?.value
        let isThere = back.clip?.id == stop.clip && back.clip?.draw == stop.draw && back.isFresh
        // What others have done meanwhile is asked of the library: that takes no time.
        if isThere, try await !hasChanged(library) { return true }
        let reader = reader(library)
        guard let clip = try await reader.read(stop.clip, stop.draw, wantsJudged: !isWaiting) else {
            return false
        }
        if isThere, back.clip?.folder == clip.folder, back.clip?.digest == clip.digest,
            back.clip?.clip.hash == clip.clip.hash
        {
            back.update(clip)
        } else {
            back.load(clip)
        }
        return true
    }

    /// Shows a clip again, judged or not.
    private func showAgain(
        _ id: Int64,
        _ draw: ClipVerdict.Draw,
        in library: Library
    ) async throws {
        await prefetching?.value
        guard let clip = try await reader(library).read(id, draw, wantsJudged: true) else {
            trail.remove(id)
            countLeft()
            return say(localized("The clip or its masks are gone."))
        }
        if clip.own == nil { trail.takeBack(id, draw) } else { trail.stay(at: id, draw) }
        countLeft()
        back.load(clip)
        present()
    }

    /// Brings the deck at the back to the front, and loads the next clip into the other.
    private func present() {
        decks[front].pause()
        front = 1 - front
        decks[front].isFresh = false
        state = .showing
        shownAt = .now
        if isVisible { decks[front].preview.play() }
        prefetch()
    }

    private func prefetch() {
        guard let library else { return }
        let (reader, deck) = (reader(library), back)
        prefetching = Task { [weak self] in
            while let self, let stop = trail.next(isWaiting: true) {
                if deck.clip?.id == stop.clip, deck.isFresh { return }
                let clip = try? await reader.read(stop.clip, stop.draw, wantsJudged: false)
                if let clip { return deck.load(clip) }
                trail.remove(stop.clip)
                countLeft()
            }
            deck.unload()
        }
    }

    // MARK: What others do

    private func hasChanged(_ library: Library) async throws -> Bool {
        let now = try await library.changeMark()
        defer { mark = now }
        if now != mark { reloadSoon() }
        return now != mark
    }

    /// Something in the library was changed, by this program or another.
    func libraryChanged() async {
        guard let library, state != .closed else { return }
        if let clip = shown, let now = try? await library.clip(clip.id), now != shown?.clip,
            var new = shown, new.id == clip.id
        {
            new.clip = now
            deck?.update(new)
        }
        _ = try? await hasChanged(library)
    }

    /// Reads the list again, in a while: a batch changes the library many times a second.
    private func reloadSoon() {
        guard reloading == nil else { return }
        reloading = Task { [weak self] in
            try? await Task.sleep(for: .seconds(2))
            await self?.reload()
            self?.reloading = nil
        }
    }

    private func reload() async {
        guard let library, !Task.isCancelled, [.showing, .finished].contains(state) else { return }
        changes = [:]
        let (words, reader) = (words, reader(library))
        guard let list = try? await ReviewList(words, reader), words == self.words,
            reader.reviewer == reviewer, state != .listing
        else { return }
        // What the person has done since then counts more.
        trail.update(list.items.filter { changes[$0.clip] != true })
        take(list)
        if state == .finished, left > 0 {
            perform { this, library in try await this.showNext(isWaiting: true, in: library) }
        }
    }

    /// Masks may have been made without the library's knowledge.
    private func refreshMasks(in library: Library) {
        let words = words
        refreshing = Task(priority: .utility) { [weak self] in
            let isChanged = try? await ReviewList.refreshMasks(of: words, in: library)
            if isChanged == true { self?.reloadSoon() }
        }
    }
}
