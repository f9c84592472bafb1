import ClipLibrary
import Diagnostics
import Files
import Localization
import Media
import Observation
import SystemPackage

/// All that the app is about, without a window: its parts, and what they mean to each other.
@MainActor
@Observable
package final class AppModel {
    /// What is said to the user.
    package let notices = NoticeModel()
    /// What can be undone.
    package let undo: UndoModel
    /// The videos that are open.
    package let playlist: PlaylistModel
    /// What the library knows of the video that is shown.
    package let library: LibraryModel
    /// The picture.
    package let preview: PreviewModel
    /// The length of the video.
    package let timeline = TimelineModel()
    /// The length of the clip.
    package let clipTimeline = TimelineModel()
    /// Cutting clips.
    package let export: ExportModel
    /// Making masks.
    package let masks: MaskModel
    /// What shows SAM 2 the object.
    package let marks: MarksModel
    /// The mask over the picture.
    package let overlay = OverlayModel()
    /// The ML tools.
    package let tools: ToolsModel
    /// The checkpoints.
    package let checkpoints: CheckpointsModel
    /// Which colours the window has.
    package var appearance: Appearance { didSet { session.appearance = appearance } }
    /// The size that the window had.
    package var windowSize: (width: Int, height: Int) {
        didSet { (session.windowWidth, session.windowHeight) = windowSize }
    }

    private let home: EightCutHome
    private let temporary: TemporaryPlace
    private var session: SessionState
    @ObservationIgnored private var followers: [Follower] = []
    @ObservationIgnored private var saving: Task<Void, Never>?
    @ObservationIgnored private var saved: SessionState?
    /// Whether the session could not be written.
    @ObservationIgnored private var isSessionLost = false
    @ObservationIgnored private var useCountAtRun = 0
    @ObservationIgnored private var isClosed = false

    /// Puts the app together. Nothing is read but the last session.
    ///
    /// - Parameter program: the program `8cut`, and where it and the app keep everything.
    /// - Throws: `EightCutError` when the player cannot be started or the home folder cannot be
    ///   written to.
    package init(program: CommandLineProgram) throws {
        let home = program.home
        self.home = home
        temporary = try TemporaryPlace(in: home)
        let (session, damaged) = SessionState.read(home)
        self.session = session
        appearance = session.appearance
        windowSize = (session.windowWidth, session.windowHeight)
        undo = UndoModel(notices)
        playlist = PlaylistModel(notices, undo)
        library = LibraryModel(home: home, notices, undo)
        preview = try PreviewModel()
        export = ExportModel(program, notices)
        masks = MaskModel(program, notices)
        marks = MarksModel(program, temporary, undo, notices)
        tools = ToolsModel(home: home, program, notices)
        checkpoints = CheckpointsModel(home: home, program, notices)
        connect()
        takeSession()
        if let damaged {
            notices.say(localized("The last session was damaged; it is now “%1”.", damaged.string))
        }
    }

    /// Reads the library and the state of the tools, and opens what was open before.
    ///
    /// - Parameter files: what is opened besides.
    package func start(opening files: [String] = []) async {
        playlist.restore(
            session.files.map { (FilePath($0.path), $0.cursor) },
            current: session.current.map { FilePath($0) }
        )
        followers.append(Follower { [weak self] in self?.noteSession() })
        await library.start()
        if !files.isEmpty { await playlist.add(files) }
        if let path = session.lastClip, let clip = await library.clip(at: path) {
            setTarget(clip)
        }
        await tools.refresh()
        await checkpoints.refresh()
    }

    /// Whether something goes on that closing the app would stop.
    package var isWorking: Bool {
        export.isRunning || masks.run != nil || tools.isBusy || checkpoints.downloading != nil
    }

    /// Ends everything, after asking when something goes on.
    ///
    /// - Parameters:
    ///   - isAsking: whether to ask.
    ///   - beforeEnd: ends what shows the player's pictures, before the player ends.
    /// - Returns: whether it has ended; false when the user wants to stay.
    package func close(
        isAsking: Bool = true,
        beforeEnd: @MainActor () -> Void = {}
    ) async -> Bool {
        guard !isClosed else { return true }
        if isAsking, isWorking {
            let isSure = await notices.ask(
                localized("Stop the work in progress?"),
                localized("What is finished stays."),
                yes: localized("Stop and Close"),
                no: localized("Keep Running"),
                isDestructive: true
            )
            guard isSure else { return false }
        }
        isClosed = true
        // Nothing shall begin while all ends.
        followers = []
        library.stop()
        async let exports: Void = export.stop()
        async let runs: Void = masks.stop()
        async let installing: Void = tools.stop()
        async let downloading: Void = checkpoints.stop()
        async let worker: Void = marks.stop()
        _ = await (exports, runs, installing, downloading, worker)
        updateSession()
        let last = saving
        last?.cancel()
        await last?.value
        let (session, home, temporary) = (session, home, temporary)
        await background {
            try? session.write(home)
            temporary.remove()
        }
        beforeEnd()
        preview.stop()
        return true
    }

    // MARK: Videos and clips

    /// The length of what is shown.
    package var shownTimeline: TimelineModel { preview.clip == nil ? timeline : clipTimeline }

    /// Shows the video that is chosen in the playlist.
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

    /// Goes to where a clip was cut, and takes it as the one that masks are made of.
    package func select(_ clip: LibraryClip) {
        setTarget(clip)
        if preview.clip != nil {
            showClip()
        } else {
            preview.scrub(to: Double(clip.start) / 1e9)
            timeline.reveal(Double(clip.start) / 1e9)
        }
    }

    /// Goes to the next clip that was cut from the video.
    package func selectNextClip() {
        let now =
            preview.clip.map { Double($0.start) / 1e9 } ?? preview.cursor
        if let clip = library.clip(after: now) { select(clip) }
    }

    /// Shows a clip, so that it can be marked, or its masks be looked at.
    package func open(_ clip: LibraryClip) {
        setTarget(clip)
        showClip()
    }

    private func setTarget(_ clip: LibraryClip?) {
        guard masks.target != clip else { return }
        if masks.target?.id != clip?.id { masks.forgetFolder() }
        masks.target = clip
        session.lastClip = clip?.path
        Task { await masks.look(at: clip) }
    }

    // MARK: Exports and masks

    /// Why no clip can be cut now; nil when one can.
    package var exportObstacle: String? {
        if playlist.current?.source == nil { return localized("Open a video first.") }
        if preview.clip != nil {
            return localized("Clips are cut out of the video: show it first.")
        }
        if let problem = export.problem { return problem }
        if !preview.spanFits, !export.form.allowsShort {
            return localized(
                "Only %1 are left here.",
                TimeText.exact(preview.duration - preview.cursor)
            )
        }
        return nil
    }

    /// Cuts the clip at the cursor.
    package func exportClip() {
        guard exportObstacle == nil, let source = playlist.current?.source else { return }
        export.add(source, at: preview.cursor)
    }

    /// Cuts a clip again in its place.
    package func cutAgain(_ clip: LibraryClip, atCursor: Bool) {
        export.cutAgain(clip, at: atCursor ? preview.cursor : nil)
    }

    /// Why no masks can be made now; nil when they can.
    package var maskObstacle: String? {
        if masks.run != nil { return localized("Masks are being made already.") }
        if masks.target == nil { return localized("Export a clip first, or choose a marker.") }
        if masks.form.method.needsTools, !tools.areInstalled {
            return localized("The ML tools are not installed: see Settings.")
        }
        if let name = missingCheckpoint {
            return localized("The checkpoint %1 is not downloaded: see Settings.", name)
        }
        return nil
    }

    /// The checkpoint that the method would use and that is not there, as far as that is known
    /// before the run.
    package var missingCheckpoint: String? {
        guard masks.form.method.needsTools, tools.areInstalled else { return nil }
        var name = masks.form.model
        if name.isEmpty {
            // What is chosen on a GPU depends on it.
            let hasGPU = tools.status?.devices.contains { $0.gpu != nil } ?? false
            guard !hasGPU || masks.form.device == "cpu" else { return nil }
            name = masks.form.method == .sam ? "sam2.1-hiera-tiny" : "depth-anything-v2-small"
        }
        guard let entry = checkpoints.entries.first(where: { $0.id == name }) else { return nil }
        if case .complete = entry.state { return nil }
        return name
    }

    /// Makes masks of the last clip, or of the one that was selected.
    package func generateMasks() {
        guard maskObstacle == nil, let clip = masks.target else { return }
        useCountAtRun = preview.useCount
        masks.generate(marks.marks(of: clip))
    }

    /// Chooses how masks are made. SAM wants to be shown the object: the clip comes into view.
    package func setMethod(_ method: MaskMethodChoice) {
        masks.form.method = method
        if method == .sam { showClip() }
    }

    /// Whether clicks into the picture set marks.
    package var isMarking: Bool { masks.form.method == .sam && preview.clip != nil }

    // MARK: What the parts mean to each other

    private func connect() {
        playlist.onShow = { [weak self] item in self?.show(item) }
        playlist.onProbed = { [weak self] item in self?.count(item) }
        library.onChange = { [weak self] in await self?.libraryChanged() }
        preview.onCursor = { [weak self] seconds in
            guard let self, preview.clip == nil, let item = playlist.current else { return }
            if item.cursor != seconds { item.cursor = seconds }
        }
        export.onForm = { [weak self] form in
            self?.preview.spanLength = form.duration
            self?.session.export = form
        }
        export.onClip = { [weak self] path in await self?.clipWasCut(path) }
        masks.onForm = { [weak self] form in self?.session.masks = form }
        masks.onStart = { [weak self] in await self?.marks.stop() }
        masks.onDone = { [weak self] clip in await self?.masksAreDone(clip) }
        overlay.onStyle = { [weak self] style in self?.session.overlay = style }
        followers = [
            Follower { [weak self] in self?.updateMarks() },
            Follower { [weak self] in self?.updateOverlay() },
            Follower { [weak self] in self?.updateLength() },
            Follower { [weak self] in self?.updateClipTimeline() },
        ]
    }

    private func takeSession() {
        export.form = session.export
        masks.form = session.masks
        overlay.style = session.overlay
        marks.restore(session.marks)
        preview.volume = session.volume
        preview.isMuted = session.isMuted
        preview.spanLength = export.form.duration
        export.refreshNextName()
    }

    private func show(_ item: VideoItem?) {
        timeline.show(item?.source)
        if item?.source == nil {
            preview.clear()
        } else {
            showVideo()
        }
        Task { await library.show(item?.fingerprint) }
        if export.form.folder.isEmpty, let path = item?.path {
            export.form.folder = path.removingLastComponent().appending("clips").string
        }
    }

    private func count(_ item: VideoItem) {
        guard let fingerprint = item.fingerprint else { return }
        Task { item.clipCount = await library.clipCount(of: fingerprint) }
    }

    private func libraryChanged() async {
        for item in playlist.items {
            guard let fingerprint = item.fingerprint else { continue }
            let count = await library.clipCount(of: fingerprint)
            if item.clipCount != count { item.clipCount = count }
        }
        // What others have cut again, relabelled or deleted is not what it was.
        if let target = masks.target {
            let now = await library.clip(at: target.path)
            guard masks.target == target else { return }
            if now != target { setTarget(now) }
            if preview.clip?.id == target.id {
                if let now { preview.show(now) } else { showVideo() }
            }
        }
        export.refreshNextName()
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

    private func masksAreDone(_ clip: LibraryClip) async {
        await library.refresh()
        let text = localized("The masks of %1 are done", library.name(of: clip))
        if preview.useCount == useCountAtRun {
            open(clip)
            preview.play()
            notices.say(text)
        } else {
            notices.say(text, button: localized("Show")) { [weak self] in
                self?.open(clip)
                self?.preview.play()
            }
        }
    }

    private func updateMarks() {
        marks.show(preview.clip)
        guard isMarking, tools.areInstalled, missingCheckpoint == nil, masks.run == nil else {
            if marks.workerState != .stopped { Task { await marks.stop() } }
            return
        }
        _ = marks.marks
        let frame = preview.frame
        if preview.isPaused, preview.properties != nil {
            marks.look(at: frame, model: masks.form.modelArguments)
        }
    }

    private func updateOverlay() {
        guard let clip = preview.clip else { return overlay.clear() }
        let frame = preview.frame
        if isMarking, preview.isPaused, !marks.marks(on: frame).isEmpty {
            if let found = marks.found, found.frame == frame {
                overlay.show(found.path, number: found.number, frame: frame)
            } else {
                overlay.clear()
            }
        } else if clip.id == masks.target?.id, let folder = masks.folder {
            overlay.show(
                folder: folder,
                number: masks.folderNumber,
                frame: frame,
                isInverted: masks.folderIsInverted
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

    private func updateSession() {
        var now = session
        now.files = playlist.items.map { .init(path: $0.path.string, cursor: $0.cursor) }
        now.current = playlist.current?.path.string
        now.marks = marks.all
        now.volume = preview.volume
        now.isMuted = preview.isMuted
        if now != session { session = now }
    }

    /// Writes the session when it has changed, half a second later. One write at a time.
    private func noteSession() {
        updateSession()
        guard session != saved, saving == nil else { return }
        saving = Task { [weak self] in
            try? await Task.sleep(for: .milliseconds(500))
            guard let self, !Task.isCancelled else { return }
            let (session, home) = (session, home)
            do {
                try await background { try session.write(home) }
                saved = session
                isSessionLost = false
            } catch {
                // Said once, not twice a second.
                if !isSessionLost { notices.fail(error) }
                isSessionLost = true
                try? await Task.sleep(for: .seconds(5))
            }
            saving = nil
            if !Task.isCancelled { noteSession() }
        }
    }
}
