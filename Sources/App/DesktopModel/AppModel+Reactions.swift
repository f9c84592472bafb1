import Bindings
import Files
import Media
import SystemPackage

// What a change in one part causes in others.
extension AppModel {
    func connect() {
        playlist.onShow = { [weak self] item in self?.show(item) }
        library.onChange = { [weak self] in await self?.libraryChanged() }
        bindings = [
            Binding { [weak self] in self?.updateClipCounts() },
            Binding { [weak self] in self?.updateCursor() },
            Binding { [weak self] in self?.updateMarks() },
            Binding { [weak self] in self?.updateOverlay() },
            Binding { [weak self] in self?.updateLength() },
            Binding { [weak self] in self?.updateClipTimeline() },
        ]
        connectReview()
        connectFinding()
    }

    private func show(_ item: VideoItem?) {
        timeline.show(item?.source)
        if item?.source == nil {
            preview.clear()
        } else {
            showVideo()
        }
        Task { await library.show(item?.fingerprint) }
        if page == .find { finding.open(item) }
        if export.form.folder.isEmpty, let path = item?.path {
            export.form.folder = ExportForm.folder(for: path).string
        }
    }

    private func libraryChanged() async {
        await countClips(of: playlist.items)
        // Other processes may have cut the target again, relabelled or deleted it.
        if let target = masks.target {
            let now = await library.clip(at: target.path)
            guard masks.target == target else { return }
            if now != target { setTarget(now) }
            if preview.clip?.id == target.id {
                if let now { preview.show(now) } else { showVideo() }
            }
        }
        export.refreshNextName()
        await review.libraryChanged()
        await finding.libraryChanged()
    }

    private func updateClipCounts() {
        let items = playlist.items.filter { $0.fingerprint != nil }
        Task { await countClips(of: items) }
    }

    private func countClips(of items: [VideoItem]) async {
        for item in items {
            guard let fingerprint = item.fingerprint else { continue }
            let count = await library.clipCount(of: fingerprint)
            if item.clipCount != count { item.clipCount = count }
        }
    }

    /// Each video keeps its cursor.
    private func updateCursor() {
        let cursor = preview.cursor
        guard case .video(let path) = preview.subject, preview.properties != nil,
            let item = playlist.current, item.path == path, item.cursor != cursor
        else { return }
        item.cursor = cursor
    }

    private func updateMarks() {
        marks.show(preview.clip)
        guard isMarking, tools.areInstalled, missingCheckpoint == nil, masks.run == nil else {
            if marks.worker.activity != .stopped { Task { await marks.worker.stop() } }
            return
        }
        let frame = preview.frame
        let shown = marks.shown(on: frame)
        if preview.isPaused, preview.properties != nil, let clip = preview.clip {
            marks.worker.look(at: frame, of: clip, shown, model: masks.form.modelArguments)
        }
    }

    private func updateOverlay() {
        guard let clip = preview.clip else { return overlay.clear() }
        let frame = preview.frame
        if isMarking, preview.isPaused, !marks.shown(on: frame).isEmpty {
            if let found = marks.worker.found, found.frame == frame {
                overlay.show(found.path, number: found.number, frame: frame)
            } else {
                overlay.clear()
            }
        } else if clip.id == masks.target?.id, let latest = masks.latest {
            overlay.show(
                folder: latest.folder,
                number: latest.number,
                frame: frame,
                isInverted: latest.isInverted
            )
        } else {
            overlay.clear()
        }
    }

    private func updateLength() {
        guard let properties = preview.properties else { return }
        shownTimeline.setLength(properties.duration)
    }

    private func updateClipTimeline() {
        guard let clip = preview.clip else { return clipTimeline.show(nil) }
        Task { [weak self] in
            let source = try? await VideoProbe.source(of: FilePath(clip.path))
            guard let self, preview.clip == clip else { return }
            clipTimeline.show(source)
        }
    }
}
