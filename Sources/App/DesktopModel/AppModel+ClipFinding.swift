import Bindings
import Localization
import SystemPackage

// How the search for clips and the rest of the app work together.
extension AppModel {
    /// Shows the search for clips in the video of the playlist that is shown.
    package func startFinding() {
        if !preview.isPaused { preview.togglePlaying() }
        if page == .review { review.leave() }
        page = .find
        finding.open(playlist.current)
    }

    /// Opens videos, and searches for clips in the first.
    package func startFinding(in videos: [FilePath]) async {
        if !videos.isEmpty { await playlist.add(videos) }
        startFinding()
    }

    /// Shows the videos again.
    package func leaveFinding() {
        guard page == .find else { return }
        page = .work
        finding.leave()
    }

    /// Cuts all clips that were kept.
    package func exportKept() {
        guard page == .find, let source = finding.item?.source else { return }
        let kept = finding.kept
        guard !kept.isEmpty else { return finding.say(localized("No clip was kept yet.")) }
        if let problem = export.problem { return finding.say(problem) }
        do {
            try export.add(source, at: kept.map(\.start)) { [weak self] _ in
                await self?.library.refresh()
            }
            finding.say(pluralized("Exporting 1 clip", "Exporting %1 clips", kept.count))
        } catch { notices.fail(error) }
    }

    func connectFinding() {
        bindings += [
            Binding { [weak self] in
                guard let self, let player = finding.preview else { return }
                player.volume = preview.volume
                player.isMuted = preview.isMuted
            },
            Binding { [weak self] in
                _ = self?.export.form.duration
                // Later, so that nothing else is observed.
                Task { self?.finding.takeDuration() }
            },
        ]
    }
}
