import Bindings
import ClipLibrary
import Diagnostics
import Files
import Localization
import Observation
import ScanStore
import SystemPackage

/// The app without a window: its parts, and how they work together.
@MainActor
@Observable
package final class AppModel {
    package let notices = NoticeModel()
    package let undo: UndoModel
    package let playlist: PlaylistModel
    package let library: LibraryModel
    package let preview: PreviewModel
    /// The timeline of the video.
    package let timeline = TimelineModel()
    /// The timeline of the clip.
    package let clipTimeline = TimelineModel()
    package let export: ExportModel
    package let masks: MaskModel
    package let finder: FindModel
    package let marks: MarksModel
    package let overlay = OverlayModel()
    package let tools: ToolsModel
    package let checkpoints: CheckpointsModel
    package let review: ReviewModel
    package let finding: ClipFindModel
    /// What the window shows.
    package internal(set) var page = Page.work
    package var appearance: Appearance
    package var windowSize: (width: Int, height: Int)

    private let temporary: TemporaryFolder
    private let lastSession: SessionState
    private let writer: SessionWriter
    /// Path of the last target of masks.
    private var lastClip: String?
    @ObservationIgnored var bindings: [Binding] = []
    @ObservationIgnored private var isClosed = false

    /// Reads the last session; `start` opens its files.
    ///
    /// - Parameters:
    ///   - program: the program `8cut`, whose home folder is that of the app.
    ///   - scans: where that program keeps what it has measured of videos.
    /// - Throws: `EightCutError` if the player cannot be started or the home folder is not writable.
    package init(program: CommandLineProgram, scans: ScanCache = .current) throws {
        let home = program.home
        temporary = try TemporaryFolder(in: home)
        let (session, damaged) = SessionState.read(home)
        lastSession = session
        lastClip = session.lastClip
        writer = SessionWriter(home, notices)
        appearance = session.appearance
        windowSize = (session.windowWidth, session.windowHeight)
        undo = UndoModel(notices)
        playlist = PlaylistModel(notices, undo)
        library = LibraryModel(home: home, notices, undo)
        export = ExportModel(program, temporary, notices)
        preview = try PreviewModel(export)
        marks = MarksModel(MarksWorker(program, temporary, notices), undo)
        finder = FindModel(program)
        masks = MaskModel(program, marks, notices)
        tools = ToolsModel(home: home, program, notices)
        checkpoints = CheckpointsModel(home: home, program, notices)
        review = ReviewModel(library, notices) { [export] in try PreviewModel(export) }
        finding = ClipFindModel(program, scans, library, export, notices) { [export] in
            try PreviewModel(export)
        }
        take(session)
        connect()
        if let damaged {
            notices.say(localized("The last session was damaged; it is now “%1”.", damaged.string))
        }
    }

    private func take(_ session: SessionState) {
        export.form = session.export
        masks.form = session.masks
        overlay.style = session.overlay
        marks.restore(session.marks)
        preview.volume = session.volume
        preview.isMuted = session.isMuted
        export.refreshNextName()
    }

    /// Reads the library and the state of the tools, and reopens the files of the last session.
    ///
    /// - Parameters:
    ///   - files: further files to open.
    ///   - addresses: what was to be opened and is no file.
    package func start(opening files: [FilePath] = [], _ addresses: [String] = []) async {
        playlist.restore(
            lastSession.files.map { (FilePath($0.path), $0.cursor, $0.video) },
            current: lastSession.current.map { FilePath($0) }
        )
        bindings.append(Binding { [weak self] in self?.saveSession() })
        await library.start()
        if !files.isEmpty || !addresses.isEmpty {
            await playlist.add(files, addresses: addresses)
        }
        if let path = lastClip, let clip = await library.clip(at: path) {
            setTarget(clip)
        }
        await tools.refresh()
        // Only now: tools that are installed later change no choice, not even one that nobody made.
        if tools.areInstalled { masks.form.standardMethod = .depth }
        await checkpoints.refresh()
    }

    /// Whether something is running that closing the app would stop.
    package var isWorking: Bool {
        export.isRunning || masks.run != nil || tools.isBusy || checkpoints.downloading != nil
            || finding.isScanning
    }

    /// Stops everything, after asking if something is running.
    ///
    /// - Parameters:
    ///   - isAsking: whether to ask.
    ///   - beforeEnd: stops the renderer, before the player is stopped.
    /// - Returns: false if the user wants to stay.
    package func close(
        isAsking: Bool = true,
        beforeEnd: @MainActor () -> Void = {}
    ) async -> Bool {
        guard !isClosed else { return true }
        if isAsking, isWorking {
            let isSure = await notices.ask(
                localized("Stop the work in progress?"),
                localized("What is finished is kept."),
                yes: localized("Stop and Close"),
                no: localized("Keep Running"),
                isDestructive: true
            )
            guard isSure, !isClosed else { return isClosed }
        }
        isClosed = true
        // Nothing starts while everything stops.
        bindings = []
        library.stop()
        async let exports: Void = export.stop()
        async let runs: Void = masks.stop()
        async let installing: Void = tools.stop()
        async let downloading: Void = checkpoints.stop()
        async let searching: Void = finder.stop()
        async let worker: Void = marks.worker.stop()
        async let reviewing: Void = review.finish()
        async let scanning: Void = finding.stop()
        _ = await (exports, runs, installing, downloading, searching, worker, reviewing, scanning)
        await writer.finish(session)
        let temporary = temporary
        await background { temporary.remove() }
        beforeEnd()
        preview.stop()
        review.stop()
        finding.stopPlayer()
        return true
    }

    // MARK: Videos and clips

    /// The timeline of the video or clip that is shown.
    package var shownTimeline: TimelineModel { preview.clip == nil ? timeline : clipTimeline }

    /// Shows the current video of the playlist.
    package func showVideo() {
        guard let item = playlist.current, let source = item.source else {
            if playlist.current == nil || preview.clip != nil { preview.clear() }
            return
        }
        preview.show(source, at: item.cursor)
    }

    /// Shows the clip that masks are made of.
    package func showClip() {
        guard let clip = masks.target else { return }
        preview.show(clip)
    }

    /// Selects a marker: the clip becomes the target of masks, and the cursor moves to its start.
    package func select(_ clip: LibraryClip) {
        setTarget(clip)
        if preview.clip != nil {
            showClip()
        } else {
            preview.scrub(to: clip.startSeconds)
            timeline.reveal(clip.startSeconds)
        }
    }

    /// Selects the next marker of the video.
    package func selectNextClip() {
        let now = preview.clip?.startSeconds ?? preview.cursor
        if let clip = library.clip(after: now) { select(clip) }
    }

    /// Shows a clip and makes it the target of masks.
    package func open(_ clip: LibraryClip) {
        leaveReview()
        leaveFinding()
        setTarget(clip)
        showClip()
    }

    func setTarget(_ clip: LibraryClip?) {
        guard masks.target != clip else { return }
        if masks.target?.id != clip?.id { masks.forgetMasks() }
        masks.target = clip
        lastClip = clip?.path
        Task { await masks.look(at: clip) }
    }

    // MARK: Exports and masks

    /// Cuts the clip at the cursor.
    package func exportClip() {
        guard exportObstacle == nil, let source = playlist.current?.source else { return }
        export.add(source, at: preview.cursor) { [weak self] path in await self?.clipWasCut(path) }
    }

    /// Cuts a clip again in its place.
    package func cutAgain(_ clip: LibraryClip, atCursor: Bool) {
        // Another video, whose clip is shown, is read as it was.
        let isOfVideo = library.clips.contains { $0.id == clip.id }
        let source = isOfVideo ? playlist.current?.source : nil
        export.cutAgain(clip, of: source, at: atCursor ? preview.cursor : nil) { [weak self] path in
            await self?.clipWasCut(path)
        }
    }

    private func clipWasCut(_ path: String) async {
        await library.refresh()
        guard let clip = await library.clip(at: path) else { return }
        setTarget(clip)
        notices.say(
            localized("%1 was cut", library.name(of: clip)),
            button: localized("Show")
        ) { [weak self] in self?.open(clip) }
    }

    /// Makes masks of the target. If the player has not been used meanwhile, the clip is then shown
    /// with them.
    package func generateMasks() {
        guard maskObstacle == nil else { return }
        finder.cancel()
        // Using a method is choosing it.
        masks.form.method = masks.form.method
        let useCount = preview.useCount
        masks.generate { [weak self] clip in
            guard let self else { return }
            await library.refresh()
            let text = localized("The masks of %1 are done", library.name(of: clip))
            if review.fixed == clip.id {
                startReview()
                return review.say(text)
            }
            if page == .work, preview.useCount == useCount {
                play(clip)
                notices.say(text)
            } else {
                notices.say(text, button: localized("Show")) { [weak self] in self?.play(clip) }
            }
        }
    }

    private func play(_ clip: LibraryClip) {
        open(clip)
        preview.play()
    }

    /// Chooses a method. For SAM the clip is shown, so that it can be marked.
    package func setMethod(_ method: MaskMethodChoice) {
        masks.form.method = method
        if method == .sam { showClip() }
    }

    /// Whether clicks on the frame set marks.
    package var isMarking: Bool { masks.form.method == .sam && preview.clip != nil }

    // MARK: Session

    private func saveSession() { writer.save(session) }

    private var session: SessionState {
        var session = SessionState()
        session.files = playlist.items.map {
            .init(path: $0.path.string, cursor: $0.cursor, video: $0.options)
        }
        session.current = playlist.current?.path.string
        session.export = export.form
        session.masks = masks.form
        session.overlay = overlay.style
        session.appearance = appearance
        session.volume = preview.volume
        session.isMuted = preview.isMuted
        (session.windowWidth, session.windowHeight) = windowSize
        session.lastClip = lastClip
        session.marks = marks.all
        return session
    }
}
