import ClipFinding
import ClipLibrary
import Diagnostics
import Localization

// What a person does with the clips that were found.
extension ClipFindModel {
    /// Shows a row of the list.
    package func show(_ place: Int) {
        if queue.go(to: place) { play() }
    }

    /// Shows the next or the previous clip without a verdict.
    package func move(forward: Bool) {
        guard let place = queue.place else { return }
        guard queue.go(to: place + (forward ? 1 : -1)) else {
            return say(
                forward ? localized("This is the last clip.") : localized("This is the first clip.")
            )
        }
        play()
    }

    /// Shows a clip in the next shot.
    package func showNextShot() {
        guard let next = queue.nextShot else {
            return say(localized("No clip was found in a later shot."))
        }
        show(next)
    }

    /// Moves the start of the clip that is shown.
    ///
    /// - Parameter frames: negative for an earlier start.
    package func moveStart(byFrames frames: Int) {
        guard let row = queue.current else { return }
        moveStart(to: row.startFrame + frames)
    }

    /// The same, by seconds.
    package func moveStart(by seconds: Double) {
        guard let row = queue.current, let video = found?.video else { return }
        moveStart(to: video.frame(at: row.start + seconds))
    }

    private func moveStart(to frame: Int) {
        guard let row = queue.current, let video = found?.video else { return }
        guard row.verdict == nil else {
            return say(localized("Take the verdict back first (U)."))
        }
        let latest = video.frame(at: max(0, video.duration - row.candidate.duration + 0.001))
        let frame = bounded(frame, 0...max(0, latest))
        guard frame != row.startFrame else {
            return say(localized("The clip cannot begin elsewhere."))
        }
        queue.move(to: frame, video.time(ofFrame: frame))
        seek()
        say(startText)
    }

    /// Does one thing after the other, as the review does.
    private func perform(
        _ body: @escaping @MainActor (ClipFindModel, FoundVerdictStore) async throws -> Void
    ) {
        guard work == nil, let store = found?.store else { return }
        work = Task {
            do { try await body(self, store) } catch { notices.fail(error) }
            work = nil
        }
    }

    /// Keeps or rejects the clip that is shown, and shows the next. The verdict is on the disk before.
    package func judge(_ verdict: FoundVerdicts.Verdict) {
        guard state == .ready, let row = queue.current, row.verdict != verdict else { return }
        perform { this, store in
            let entry = row.entry(verdict)
            let earlier = this.verdicts.entry(ofFrame: entry.startFrame)
            let verdicts = try await store.change { $0.set(entry) }
            // Another video may be shown by now.
            guard store == this.found?.store else { return }
            this.verdicts = verdicts
            this.given.append(GivenVerdict(row: row, entry: entry, earlier: earlier))
            this.canTakeBack = true
            this.queue.judge(verdict)
            this.say(this.text(after: verdict))
            this.play()
        }
    }

    /// Takes back what was said last, and shows that clip again.
    package func takeBack() {
        guard state == .ready else { return }
        perform { this, store in
            guard let last = this.given.last else {
                return this.say(localized("There is nothing to take back."))
            }
            let verdicts = try await store.change {
                $0.remove(frame: last.entry.startFrame)
                if let earlier = last.earlier { $0.set(earlier) }
            }
            guard store == this.found?.store else { return }
            this.verdicts = verdicts
            this.given.removeLast()
            this.canTakeBack = !this.given.isEmpty
            this.queue.takeBack(last.row, for: last.earlier?.verdict)
            this.say(this.takenBackText)
            this.play()
        }
    }

    // MARK: What others do

    /// What was kept and is in the library now waits no longer.
    func libraryChanged() async {
        guard let found, let item else { return }
        let clips = await library.clips(of: found.video.key.fingerprint)
        guard item === self.item, found.store == self.found?.store else { return }
        let isOther = clips.map(\.start) != exported.map(\.start)
        exported = clips
        let tolerance = 0.5 / max(0.001, found.video.note.frameRate)
        let starts = clips.map(\.startSeconds)
        let done = Set(
            kept.filter { entry in starts.contains { abs($0 - entry.start) < tolerance } }
                .map(\.startFrame)
        )
        if !done.isEmpty { forget(done, in: found.store) }
        if isOther { search() }
    }

    private func forget(_ frames: Set<Int>, in store: FoundVerdictStore) {
        let before = work
        work = Task {
            await before?.value
            do {
                let verdicts = try await store.change { verdicts in
                    for frame in frames { verdicts.remove(frame: frame) }
                }
                if store == found?.store {
                    self.verdicts = verdicts
                    given.removeAll { frames.contains($0.entry.startFrame) }
                    canTakeBack = !given.isEmpty
                    queue.remove(frames: frames)
                    say(exportedText)
                    play()
                }
            } catch { notices.fail(error) }
            work = nil
        }
    }
}
