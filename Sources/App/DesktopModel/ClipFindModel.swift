import ClipFinding
import ClipLibrary
import Diagnostics
import Media
import Observation
import Progress
import ScanStore
import ShotDetection

/// The search for clips in the video of the playlist that is shown: its scan, the limits, what is found,
/// and what a person says about it.
@MainActor
@Observable
package final class ClipFindModel {
    package enum State: Sendable, Equatable {
        /// No video is shown.
        case noVideo
        /// It is being looked up what is known of the video.
        case reading
        /// The video was not scanned yet.
        case unscanned
        /// The video is being scanned; nil until the first frame is done.
        case scanning(ProgressEvent.Progress?)
        case ready
        /// The video, or what was measured of it, cannot be used.
        case unusable(String)
    }

    package private(set) var state = State.noVideo
    /// The video.
    package private(set) var item: VideoItem?
    /// Plays the clip that is shown; nil before the page was opened.
    package private(set) var preview: PreviewModel?
    package internal(set) var queue = FindQueue()
    /// What was kept and rejected.
    package internal(set) var verdicts = FoundVerdicts()
    package internal(set) var settings = FindSettings()
    /// The signal whose curve is shown.
    package internal(set) var signal = FindSignal.level
    package internal(set) var curve: SignalCurve?
    package private(set) var shots: [Shot] = []
    /// Speech and music, as far as they are known.
    package internal(set) var bands = SoundBands()
    /// How many were found, or what misses the limits by least.
    package internal(set) var summary: MessageText = ""
    /// What was done last.
    package private(set) var message = ""
    /// Counts the messages: the same may come twice.
    package private(set) var messageCount = 0
    /// Whether there is a verdict to take back.
    package internal(set) var canTakeBack = false
    /// Counts the answers to searches.
    package internal(set) var answerCount = 0

    let export: ExportModel
    let library: LibraryModel
    let notices: NoticeModel
    private let program: CommandLineProgram
    private let scans: ScanCache
    private let makePreview: @MainActor () throws -> PreviewModel
    @ObservationIgnored private(set) var found: FoundVideo?
    /// How the video was read when it was shown.
    @ObservationIgnored private var source: MediaSource?
    /// Whether the page is on the screen.
    @ObservationIgnored private(set) var isVisible = false
    @ObservationIgnored private var isStopped = false
    @ObservationIgnored private var loading: Task<Void, Never>?
    private var scanning: Task<Void, Never>?
    // Searching.
    @ObservationIgnored var searching: Task<Void, Never>?
    @ObservationIgnored var wanted: FoundQuery?
    @ObservationIgnored var answer: FoundAnswer?
    /// The clips of the video that the library has.
    @ObservationIgnored var exported: [LibraryClip] = []
    // Playing: the row that the player shows, and where it begins.
    @ObservationIgnored var played: (row: Int, frame: Int)?
    @ObservationIgnored var seeking: Task<Void, Never>?
    // Judging.
    @ObservationIgnored var work: Task<Void, Never>?
    @ObservationIgnored var given: [GivenVerdict] = []

    /// - Parameters:
    ///   - program: scans videos.
    ///   - scans: where it keeps what it has measured.
    ///   - library: the clips of the video.
    ///   - export: cuts what was kept, with its settings.
    ///   - notices: shows failures.
    ///   - makePreview: makes a player.
    init(
        _ program: CommandLineProgram,
        _ scans: ScanCache,
        _ library: LibraryModel,
        _ export: ExportModel,
        _ notices: NoticeModel,
        _ makePreview: @escaping @MainActor () throws -> PreviewModel
    ) {
        (self.program, self.scans, self.library) = (program, scans, library)
        (self.export, self.notices, self.makePreview) = (export, notices, makePreview)
        settings.duration = export.form.duration
    }

    /// Whether a video is being scanned.
    package var isScanning: Bool { scanning != nil }

    /// Whether something that the person has done is not finished.
    package var isBusy: Bool { work != nil || searching != nil || loading != nil }

    /// The clips that wait to be exported.
    package var kept: [FoundVerdicts.Entry] { verdicts.entries(.keep) }

    // MARK: Beginning and ending

    /// Shows the page, for a video; nil for none.
    func open(_ item: VideoItem?) {
        isVisible = true
        do { preview = try preview ?? makePreview() } catch { notices.fail(error) }
        guard item === self.item, item?.source == source, found != nil else { return show(item) }
        takeDuration()
        preview?.play()
    }

    /// The page is not on the screen any more.
    func leave() {
        isVisible = false
        if let preview, !preview.isPaused { preview.togglePlaying() }
    }

    private func show(_ item: VideoItem?) {
        let isOther = item !== self.item || item?.source != source
        if isOther { cancelScan() }
        loading?.cancel()
        loading = nil
        (self.item, source) = (item, item?.source)
        forget()
        guard let item else { return state = .noVideo }
        if case .broken(let error) = item.state { return state = .unusable(error.localizedWhy) }
        if isOther || scanning == nil { state = .reading }
        // The scan of another video ends first.
        if source != nil, scanning == nil { load(item) }
    }

    private func forget() {
        (found, answer, wanted, curve, played) = (nil, nil, nil, nil, nil)
        (queue, verdicts, shots, summary) = (FindQueue(), FoundVerdicts(), [], "")
        (given, canTakeBack, message, exported) = ([], false, "", [])
        seeking?.cancel()
        preview?.clear()
    }

    /// Stops everything, and waits until what was said is written.
    func stop() async {
        isStopped = true
        loading?.cancel()
        cancelScan()
        wanted = nil
        seeking?.cancel()
        await scanning?.value
        await loading?.value
        await searching?.value
        await work?.value
    }

    /// Stops the player, after its renderer.
    func stopPlayer() { preview?.stop() }

    // MARK: Scanning and reading

    /// Scans the video.
    package func scan() {
        guard scanning == nil, let item, state == .unscanned else { return }
        state = .scanning(nil)
        let arguments = FoundVideo.arguments(item.path, item.options)
        scanning = Task { [weak self, program] in
            do {
                try await CommandRun(program: program, arguments: arguments).run {
                    [weak self] event in await self?.take(event, of: item)
                }
            } catch { self?.notices.fail(error) }
            guard let self else { return }
            scanning = nil
            // Also after a failure: another program may have scanned it.
            if !isStopped, let now = self.item, now.source != nil { load(now) }
        }
    }

    private func take(_ event: ProgressEvent, of item: VideoItem) {
        switch event {
        case .progress(let progress):
            if item === self.item, scanning != nil { state = .scanning(progress) }
        case .warning(let warning): notices.warn(warning)
        default: break
        }
    }

    /// Stops the scan. What is measured is kept.
    package func cancelScan() { scanning?.cancel() }

    private func load(_ item: VideoItem) {
        state = .reading
        loading = Task { [weak self, program, scans, library] in
            do {
                let found = try await FoundVideo.read(
                    item.path,
                    item.options,
                    in: scans,
                    program.home
                )
                let verdicts = try await background { try found?.store.read() }
                let fingerprint = found?.video.key.fingerprint
                let clips = await library.clips(of: fingerprint)
                guard let self, !Task.isCancelled, item === self.item else { return }
                loading = nil
                (self.found, exported) = (found, clips)
                self.verdicts = verdicts ?? FoundVerdicts()
                bands = found.map { SoundBands($0.video.content) } ?? SoundBands()
                begin()
            } catch {
                guard let self, !Task.isCancelled, item === self.item else { return }
                loading = nil
                state = .unusable((error as? EightCutError)?.localizedWhy ?? "\(error)")
            }
        }
    }

    private func begin() {
        guard let found else { return state = .unscanned }
        shots = found.searched.shots.shots
        settings.duration = export.form.duration
        state = .ready
        search()
    }

    package func say(_ text: String) {
        message = text
        messageCount += 1
    }
}

/// A verdict that was given, and what it can be taken back to.
struct GivenVerdict {
    /// The row as it was judged.
    let row: FindQueue.Row
    let entry: FoundVerdicts.Entry
    /// What was said about the same clip before.
    let earlier: FoundVerdicts.Entry?
}
