import Bindings
import ClipLibrary
import Diagnostics
import Files
import Localization
import Media
import Observation
import Playback
import SystemPackage

/// The player: a video with the span of the next clip, or a clip with its masks.
///
/// Times are seconds from the start of the file.
@MainActor
@Observable
package final class PreviewModel {
    package enum Subject: Equatable {
        case nothing
        case video(FilePath)
        case clip(LibraryClip)
    }

    package private(set) var subject = Subject.nothing
    /// Nil until the player has opened the file.
    package private(set) var properties: Player.Properties?
    /// Why the file cannot be played.
    package private(set) var problem: String?
    /// The time of the frame that is shown.
    package private(set) var position = 0.0
    /// The start of the next clip.
    package private(set) var cursor = 0.0
    package private(set) var isPaused = true
    /// From 0 to 1.
    package var volume = 1.0 { didSet { player.setVolume(volume) } }
    package var isMuted = false { didSet { player.setMuted(isMuted) } }
    /// Counts what the user does with the player.
    @ObservationIgnored private(set) var useCount = 0

    package let player: Player
    private let export: ExportModel
    @ObservationIgnored private var origin = 0.0
    /// The number of the video stream that is shown; nil for the one of a clip.
    @ObservationIgnored private var stream: Int?
    /// Whether the cursor is at the frame that is shown: after a seek or a step, until it plays.
    @ObservationIgnored private var cursorFollows = true
    @ObservationIgnored private var seeks = SeekQueue()
    /// Steps that wait: libmpv drops a step backwards that comes before the last one is done.
    @ObservationIgnored private var waitingSteps = 0
    @ObservationIgnored private var isSteppingBack = false
    @ObservationIgnored private var playsWhenOpen = false
    @ObservationIgnored private var listening: Task<Void, Never>?
    @ObservationIgnored private var looping: Binding?

    init(_ export: ExportModel) throws {
        self.export = export
        player = try Player()
        let events = player.events
        listening = Task { [weak self] in
            for await event in events { self?.take(event) }
        }
        looping = Binding { [weak self] in
            _ = self?.spanLength
            // Later, so that nothing else is observed.
            Task { self?.restartLoop() }
        }
    }

    /// Length of the next clip in seconds.
    package var spanLength: Double { export.form.duration }

    /// In seconds; 0 if unknown.
    package var duration: Double { properties?.duration ?? 0 }

    /// Frames per second.
    package var frameRate: Double {
        if let rate = clip?.shownFrameRate { return rate }
        let rate = properties?.frameRate ?? 0
        return Limits.frameRates.contains(rate) ? rate : 25
    }

    /// The clip that is shown; nil for a video.
    package var clip: LibraryClip? {
        if case .clip(let clip) = subject { return clip }
        return nil
    }

    /// The number of the frame that is shown.
    package var frame: Int {
        let number = bounded((position * frameRate).rounded(), 0...1e9)
        return min(clip?.lastFrame ?? .max, Int(number))
    }

    /// Whether a whole clip fits between the cursor and the end.
    package var spanFits: Bool { duration <= 0 || cursor + spanLength <= duration + 0.05 }

    // MARK: Actions

    func show(_ source: MediaSource, at cursor: Double) {
        let stream = source.video.number
        guard subject != .video(source.path) || properties == nil || self.stream != stream else {
            return
        }
        self.stream = stream
        open(.video(source.path), source.path, origin: Double(source.origin) / 1e6, at: cursor)
    }

    /// Shows a clip from its beginning.
    package func show(_ clip: LibraryClip) {
        if case .clip(let other) = subject, other.path == clip.path, other.hash == clip.hash {
            subject = .clip(clip)
            return
        }
        open(clip, at: 0)
    }

    /// Shows a frame of a clip, and stays there.
    package func show(_ clip: LibraryClip, at frame: Int) {
        // Inside of the frame, whatever times are rounded to.
        let time = (Double(frame) + 0.001) / (clip.shownFrameRate ?? 25)
        guard self.clip?.id == clip.id, properties != nil else { return open(clip, at: time) }
        if !isPaused {
            isPaused = true
            player.setPaused(true)
        }
        scrub(to: time)
    }

    func clear() {
        subject = .nothing
        properties = nil
        problem = nil
        player.close()
    }

    /// Moves the cursor and shows the frame there.
    package func scrub(to seconds: Double) {
        useCount += 1
        guard properties != nil else { return }
        cursor = min(max(0, seconds), max(0, duration - 0.001))
        // While it plays, the cursor stays where it is.
        cursorFollows = isPaused
        waitingSteps = 0
        if isPaused { position = cursor }
        request(cursor)
        if !isPaused { startLoop() }
    }

    package func step(forward: Bool) {
        useCount += 1
        guard properties != nil else { return }
        cursorFollows = true
        waitingSteps += forward ? 1 : -1
        takeSteps()
    }

    private func takeSteps() {
        guard waitingSteps != 0, !seeks.isSeeking, !isSteppingBack else { return }
        if waitingSteps > 0 {
            for _ in 0..<waitingSteps { player.step(forward: true) }
            waitingSteps = 0
        } else {
            waitingSteps += 1
            isSteppingBack = true
            player.step(forward: false)
        }
    }

    /// Moves the cursor by seconds.
    package func move(by seconds: Double) {
        scrub(to: (cursorFollows ? cursor : position) + seconds)
    }

    /// Plays the span at the cursor in a loop, or pauses.
    package func togglePlaying() {
        useCount += 1
        guard properties != nil else { return }
        if isPaused { play() } else { player.setPaused(true) }
    }

    /// Plays the span or the clip in a loop, as soon as it is open.
    package func play() {
        guard properties != nil else {
            playsWhenOpen = true
            return
        }
        cursorFollows = false
        startLoop()
        let span = spanRange
        if !(span.lowerBound - 0.02..<span.upperBound - 0.02).contains(position) {
            request(span.lowerBound)
        }
        player.setPaused(false)
    }

    package func pauseAtCursor() {
        useCount += 1
        player.setPaused(true)
        guard properties != nil else { return }
        cursorFollows = true
        request(cursor)
    }

    func stop() {
        listening?.cancel()
        player.stop()
    }

    // MARK: The player

    private func open(_ clip: LibraryClip, at cursor: Double) {
        stream = nil
        open(.clip(clip), FilePath(clip.path), origin: 0, at: cursor)
    }

    private func open(_ subject: Subject, _ path: FilePath, origin: Double, at cursor: Double) {
        useCount += 1
        self.subject = subject
        self.origin = origin
        let cursor = bounded(cursor, Limits.seconds)
        self.cursor = cursor
        properties = nil
        problem = nil
        position = cursor
        cursorFollows = true
        seeks = SeekQueue()
        (waitingSteps, isSteppingBack) = (0, false)
        playsWhenOpen = false
        // The library may hold anything: a name alone, such as "-", could mean something else to libmpv.
        player.open(path.absolute, stream: stream, at: cursor + origin)
    }

    private var spanRange: ClosedRange<Double> {
        if clip != nil { return 0...max(0.01, duration) }
        return cursor...max(cursor + 0.05, min(cursor + spanLength, max(duration, 0.05)))
    }

    private func startLoop() {
        let span = spanRange
        player.loop(span.lowerBound + origin...span.upperBound + origin)
    }

    private func restartLoop() {
        if !isPaused { startLoop() }
    }

    private func request(_ seconds: Double) {
        if let seek = seeks.request(seconds) { send(seek) }
    }

    private func send(_ seek: SeekQueue.Seek) {
        player.seek(to: seek.time + origin, exactly: seek.isExact)
    }

    private func take(_ event: Player.Event) {
        switch event {
        case .opened(let properties):
            guard subject != .nothing else { return }
            self.properties = properties
            problem = nil
            if playsWhenOpen {
                playsWhenOpen = false
                play()
            }
        case .failed(let why):
            problem = localized("This video cannot be played: %1", why)
            properties = nil
        case .position(let time):
            // Until a file is open, times may be those of the one before.
            guard properties != nil else { return }
            position = max(0, time - origin)
            if isPaused, cursorFollows, !seeks.isSeeking { setCursor(position) }
        case .paused(let isPaused):
            if self.isPaused != isPaused { self.isPaused = isPaused }
            // A step forwards plays for the duration of a frame.
            if isPaused, properties != nil, cursorFollows, !seeks.isSeeking { setCursor(position) }
        case .seekCompleted:
            // libmpv reports a step and a seek that come close together once.
            isSteppingBack = false
            if let next = seeks.completed() { return send(next) }
            if isPaused, cursorFollows { setCursor(position) }
            takeSteps()
        }
    }

    private func setCursor(_ seconds: Double) {
        if cursor != seconds { cursor = seconds }
    }
}
