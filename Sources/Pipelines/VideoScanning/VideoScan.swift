import Diagnostics
import Files
import Imaging
import Media
import Progress
import ScanStore
import ShotDetection
import SoundSignals
import SystemPackage

/// Measures a video once, for everything that is found in it later.
///
/// One pass decodes small frames and the audio. What is measured is kept in blocks of a minute, so
/// that a scan that was stopped goes on where it was, and is known by what the video contains.
package struct VideoScan: Sendable {
    private let path: FilePath
    private let options: VideoOptions
    private let audio: Int?
    private let cache: ScanCache
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - path: the video.
    ///   - options: how it is read.
    ///   - audio: number of the audio stream; nil for the default.
    ///   - cache: where the measures are kept.
    ///   - reporter: receives progress and warnings.
    package init(
        of path: FilePath,
        _ options: VideoOptions = VideoOptions(),
        audio: Int? = nil,
        cache: ScanCache = .current,
        reporter: any ProgressReporter
    ) {
        self.path = path.absolute
        (self.options, self.audio) = (options, audio)
        (self.cache, self.reporter) = (cache, reporter)
    }

    /// What was measured before, without measuring anything.
    ///
    /// - Returns: nil where the video was not scanned to its end.
    /// - Throws: `EightCutError` when the video or what is kept of it cannot be read.
    package func known() async throws -> ScannedVideo? {
        let key = try ScanKey(of: path, options, audio: audio)
        guard let folder = try ScanFolder.existing(key, in: cache) else { return nil }
        return try await known(folder)
    }

    /// Measures what is not measured yet.
    ///
    /// - Throws: `EightCutError` when the video cannot be read, has no such audio stream, or changes
    ///   meanwhile; `CancellationError`. Finished blocks are kept.
    package func run() async throws -> ScannedVideo {
        if let known = try await known() { return known }
        let source = try await VideoProbe.source(of: path, options)
        let stream = try source.audioStream(audio)
        if let note = source.video.choiceNote { try reporter.warn("streamChoice", note) }
        let folder = try ScanFolder(ScanKey(of: path, options, audio: audio), in: cache)
        let lock = try await lock(folder)
        defer { withExtendedLifetime(lock) {} }
        // Another scan may have ended meanwhile.
        if let known = try await known(folder) { return known }
        return try await measure(source, stream, in: folder)
    }

    // MARK: - What is known

    private func known(_ folder: ScanFolder) async throws -> ScannedVideo? {
        guard let note = try folder.note(), note.result != nil,
            let current = try await current(note, folder),
            let (_, measures) = try folder.measures()
        else { return nil }
        return ScannedVideo(
            path: path,
            key: folder.key,
            note: current,
            measures: measures,
            content: try folder.content(
                rows: measures.sound?.rows.count ?? 0,
                frames: measures.frames.count
            )
        )
    }

    /// The note of a scan if it is of this very content. A file that has been written, moved or copied
    /// since is read as a whole and compared.
    private func current(_ note: ScanNote, _ folder: ScanFolder) async throws -> ScanNote? {
        let file = try SeenFile(path)
        guard file != note.file, let sha256 = note.sha256 else { return note }
        var note = note
        let seen = [note.file] + (note.copies ?? [])
        let isKnown = seen.contains(file)
        if !isKnown, try await Self.sha256(of: path, reporter) != sha256 { return nil }
        note.file = file
        note.path = path.string
        note.copies = Array(seen.filter { $0 != file }.prefix(ScanNote.mostCopies))
        guard !isKnown else { return note }
        // It only saves time; and another process may be writing.
        if let lock = try? folder.lock() {
            try? folder.write(note)
            withExtendedLifetime(lock) {}
        }
        return note
    }

    /// The SHA-256 of a file; nil for a folder, whose fingerprint covers all images.
    @concurrent
    private static func sha256(
        of path: FilePath,
        _ reporter: (any ProgressReporter)? = nil
    ) async throws -> String? {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .nonBlocking)
            defer { try? file.close() }
            let status = try FileStatus(of: file)
            guard status.kind == .file else { return nil }
            let digest = Digest()
            let meter = ProgressMeter()
            var done = 0
            try digest.update(reading: file) { count in
                done += count
                guard done % (64 << 20) == 0 else { return }
                try reporter?.report(
                    .work(
                        meter.progress(
                            done: done,
                            total: status.bytes,
                            totalIsEstimate: false,
                            unit: "byte"
                        )
                    )
                )
            }
            return digest.finish()
        } catch let error as Errno {
            throw fileError("cannot read", path, error)
        }
    }

    /// Takes the folder's lock. Another scan of the same video is waited for: the lock ends with its
    /// process.
    private func lock(_ folder: ScanFolder) async throws -> FolderLock {
        var isWaiting = false
        while true {
            do {
                return try folder.lock()
            } catch let error as EightCutError where error.code == .outputBusy {
                if !isWaiting {
                    try reporter.warn("waiting", "Another 8cut scans this video: waiting for it.")
                }
                isWaiting = true
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    // MARK: - Measuring

    private func measure(
        _ source: MediaSource,
        _ stream: AudioStream?,
        in folder: ScanFolder
    ) async throws -> ScannedVideo {
        var note = try note(source, stream)
        var before = ScanProgress()
        if let old = try folder.note(), old.isOfSameVideo(as: note) {
            // What ffmpeg joins is decoded from the start.
            note.isJoined = old.isJoined
            if old.isJoined != true {
                before = try ScanProgress(folder)
                note.problem = old.problem
            }
        }
        if !canResume(source, before) { (before, note.problem) = (ScanProgress(), nil) }
        try folder.removeBlocks(from: before.blocks)
        try folder.write(note)
        async let sha256 = Self.sha256(of: path)
        note.result = try await measure(source, stream, &note, after: before, in: folder)
        note.problem = note.result?.problem
        note.sha256 = try await sha256
        do {
            try note.checkUnchanged(path)
        } catch {
            try folder.removeBlocks(from: 0)
            throw error
        }
        try folder.write(note)
        guard let (note, measures) = try folder.measures() else {
            throw EightCutError(
                .inputOutput,
                "cannot scan",
                on: path.string,
                because: "what was written to \(quoted(folder.path.string)) cannot be read back",
                remedy: "Delete that folder, and check the disk."
            )
        }
        return ScannedVideo(path: path, key: folder.key, note: note, measures: measures)
    }

    /// Goes on after what is measured; from the start where that is not possible, or where it turns
    /// out that timestamps jump.
    private func measure(
        _ source: MediaSource,
        _ stream: AudioStream?,
        _ note: inout ScanNote,
        after before: ScanProgress,
        in folder: ScanFolder
    ) async throws -> ScanNote.Result {
        do {
            return try await ScanRun(source, stream, note, in: folder, reporter: reporter)
                .measure(after: before)
        } catch let restart as FramePass.Restart {
            note.isJoined = restart == .timesJump ? true : nil
            note.problem = nil
            try folder.removeBlocks(from: 0)
            try folder.write(note)
            return try await measure(source, stream, &note, after: ScanProgress(), in: folder)
        }
    }

    private func note(_ source: MediaSource, _ stream: AudioStream?) throws -> ScanNote {
        ScanNote(
            path: path,
            file: try SeenFile(path),
            frameRate: source.video.frameRate?.value ?? 25,
            width: source.video.width,
            height: source.video.height,
            duration: source.video.duration,
            audio: stream.map {
                ScanNote.Audio(
                    stream: $0.number,
                    sampleRate: $0.sampleRate,
                    channels: $0.channels,
                    layout: $0.layout
                )
            }
        )
    }

    /// Whether it pays and is possible to begin after what is measured.
    private func canResume(_ source: MediaSource, _ before: ScanProgress) -> Bool {
        before.blocks > 0 && source.canSeek && before.times.count > 4 * FramePass.warmUp
            && !FrameFilters(source.video).changesFrameCount
    }
}

extension ScanNote {
    /// Whether both are of the same file, read in the same way.
    fileprivate func isOfSameVideo(as other: ScanNote) -> Bool {
        file == other.file && frameRate == other.frameRate && width == other.width
            && height == other.height && audio == other.audio
    }
}
