import ClipFinding
import ClipLibrary

// The limits, what is found by them, and how it is played.
extension ClipFindModel {
    // MARK: Searching

    /// Shows the curve of another signal.
    package func choose(_ signal: FindSignal) {
        guard signal != self.signal else { return }
        self.signal = signal
        curve = nil
        search()
    }

    /// The limit of the signal that is shown.
    package var limit: Double { signal.limit(in: settings) }

    /// Moves the limit of the signal that is shown.
    package func setLimit(_ limit: Double) {
        var new = settings
        signal.set(limit, in: &new)
        guard new != settings else { return }
        settings = new
        search()
    }

    /// Moves the limit by so many steps.
    package func moveLimit(by steps: Int) { setLimit(limit + Double(steps) * signal.step) }

    /// Sets all limits to what they are at first.
    package func resetLimits() {
        settings = FindSettings()
        settings.duration = export.form.duration
        search()
    }

    /// Clips are as long as those that are exported.
    func takeDuration() {
        guard found != nil, settings.duration != export.form.duration else { return }
        settings.duration = export.form.duration
        search()
    }

    /// Searches, unless that is going on: then once more, with what is wanted by then.
    func search() {
        guard let found, found.video.measures.frames.count > 0 else { return }
        let count = found.video.measures.frames.count
        wanted = FoundQuery(
            settings: settings,
            taken: taken,
            kept: kept.map(\.startFrame).filter { $0 < count },
            signal: signal
        )
        guard searching == nil else { return }
        searching = Task { [weak self] in
            while let self, let query = wanted, let found = self.found {
                wanted = nil
                let before = answer
                let new = await background { query.answer(in: found, after: before) }
                if found.store == self.found?.store { take(new) }
            }
            self?.searching = nil
        }
    }

    private func take(_ new: FoundAnswer) {
        answer = new
        if curve != new.curve, new.query.signal == signal { curve = new.curve }
        summary = new.summary
        var shown = queue
        // What was judged meanwhile is not in the answer.
        shown.show(
            new.candidates.filter { verdicts.entry(ofFrame: $0.startFrame) == nil },
            kept: new.kept.filter { verdicts.entry(ofFrame: $0.startFrame)?.verdict == .keep }
        )
        queue = shown
        answerCount += 1
        playSoon()
    }

    /// Where nothing is offered.
    private var taken: [ClipSearch.Taken] {
        exported.map {
            ClipSearch.Taken(start: $0.startSeconds, duration: $0.shownDuration, .exported)
        } + verdicts.taken(.keep, .reject)
    }

    /// When a frame is shown, in seconds.
    package func time(ofFrame frame: Int) -> Double { found?.video.time(ofFrame: frame) ?? 0 }

    // MARK: Playing

    /// How long the list has to be at rest before the player follows it.
    private static let rest = Duration.milliseconds(200)

    private func playSoon() {
        seeking?.cancel()
        if queue.current == nil, let item, let source = item.source, let preview {
            return preview.show(source, at: item.cursor)
        }
        guard played?.row != queue.current?.candidate.startFrame else { return }
        guard played != nil else { return play() }
        seeking = Task { [weak self] in
            try? await Task.sleep(for: Self.rest)
            if !Task.isCancelled { self?.play() }
        }
    }

    /// Plays the clip that is shown from its start on, unless it is played already.
    func play() {
        seek()
        if isVisible, queue.current != nil { preview?.play() }
    }

    /// Has the player begin where the clip that is shown does.
    func seek() {
        seeking?.cancel()
        guard let row = queue.current, let preview, let source = item?.source else { return }
        let place = (row.candidate.startFrame, row.startFrame)
        guard played.map({ $0 != place }) ?? true else { return }
        played = place
        let isOpen = preview.properties != nil
        preview.show(source, at: Self.inside(row.start))
        if isOpen { preview.scrub(to: Self.inside(row.start)) }
    }

    /// Inside of a frame, whatever times are rounded to.
    private static func inside(_ start: Double) -> Double { start + 0.0001 }
}
