import Diagnostics
import FireRedVAD
import Media
import Progress
import ScanStore
import SileroVAD
import SoundSignals
import VideoScanning

/// Asks networks where a scanned video has speech and music, and keeps what they say beside the scan.
package struct SoundContentScan: Sendable {
    private let models: ScanModels
    private let cache: ScanCache
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - models: the networks.
    ///   - cache: where scans are kept.
    ///   - reporter: receives progress.
    package init(
        _ models: ScanModels,
        cache: ScanCache = .current,
        reporter: any ProgressReporter
    ) {
        (self.models, self.cache, self.reporter) = (models, cache, reporter)
    }

    /// The video with speech and music known, as far as they are wanted.
    ///
    /// - Parameters:
    ///   - series: `speech`, `music` or both.
    ///   - video: a scanned video; unchanged without audio.
    ///   - options: how it is read.
    /// - Returns: the video.
    /// - Throws: `EightCutError` when a checkpoint is missing or the audio cannot be read;
    ///   `CancellationError`.
    package func add(
        _ series: Set<ScanSeries>,
        to video: ScannedVideo,
        _ options: VideoOptions
    ) async throws -> ScannedVideo {
        var video = video
        guard let rows = video.measures.sound?.rows.count else { return video }
        let missing = series.filter { video.content[$0] == nil }
        guard !missing.isEmpty else { return video }
        let source = try await VideoProbe.source(of: video.path, options)
        guard let stream = try source.audioStream(video.note.audio?.stream) else { return video }
        try video.note.checkUnchanged(video.path)
        var listener = try Listener(
            speech: missing.contains(.speech) ? models.speechDetector() : nil,
            music: missing.contains(.music) ? models.soundEventDetector() : nil,
            rows: rows
        )
        let audio = AudioSamples(of: source, stream, rate: Listener.sampleRate)
        let meter = ProgressMeter()
        var reported = ContinuousClock.now
        listener = try await audio.reduce(into: listener) { listener, samples in
            try await listener.take(samples)
            guard reported.duration(to: .now) > .milliseconds(500) else { return }
            reported = .now
            try reporter.report(
                .progress(
                    meter.progress(
                        done: min(listener.row, rows),
                        total: rows,
                        totalIsEstimate: false,
                        unit: "row"
                    )
                )
            )
        }
        try await listener.finish()
        try check(listener, rows: rows, of: video)
        try video.note.checkUnchanged(video.path)
        let folder = try ScanFolder(video.key, in: cache)
        for series in missing {
            let values = series == .speech ? listener.speechValues : listener.musicValues
            video.content[series] = values
            try folder.write(values, as: series)
        }
        return video
    }

    /// Seconds that this decoding may end before that of the scan.
    private static let tolerance = 1

    /// Rows that were not heard would count as rows without speech.
    private func check(_ listener: Listener, rows: Int, of video: ScannedVideo) throws {
        guard listener.row + Self.tolerance * SoundRow.rate < rows else { return }
        throw EightCutError(
            .toolFailed,
            "cannot find speech and music in",
            on: video.path.string,
            because: "its audio ended after \(listener.row / SoundRow.rate) s of "
                + "\(rows / SoundRow.rate) s",
            remedy: "Try again; if it fails again, repair the audio with ffmpeg."
        )
    }
}

/// Turns the probabilities of steps into those of rows of audio: of speech the largest, of music the mean.
private struct Listener: Sendable {
    static let sampleRate = SpeechDetector.sampleRate

    private let speech: SpeechDetector?
    private let music: SoundEventDetector?
    private var speechMemory = SpeechDetector.Memory()
    private var musicMemory = SoundEventDetector.Memory()
    /// Samples that are not a block yet.
    private var waiting: [Float] = []
    private var samples = 0
    private var speechSteps = 0
    private var musicSteps = 0
    /// The probabilities of music in the row that is not complete yet.
    private var musicInRow: (row: Int, sum: Float, count: Int) = (0, 0, 0)
    private(set) var speechValues: [UInt8]
    private(set) var musicValues: [UInt8]

    /// Samples that are worked on at once: whole steps of both networks.
    private static let block = 16 * SpeechDetector.step * SoundEventDetector.step
    private static let samplesPerRow = sampleRate / SoundRow.rate

    init(speech: SpeechDetector?, music: SoundEventDetector?, rows: Int) {
        (self.speech, self.music) = (speech, music)
        speechValues = Array(repeating: 0, count: rows)
        musicValues = speechValues
    }

    /// The row that the samples have come to.
    var row: Int { samples / Self.samplesPerRow }

    mutating func take(_ next: [Int16]) async throws {
        samples += next.count
        waiting += next.map { Float($0) / 32_768 }
        while waiting.count >= Self.block {
            let block = Array(waiting[..<Self.block])
            waiting.removeFirst(Self.block)
            try await work(on: block)
        }
    }

    mutating func finish() async throws {
        try await work(on: waiting)
        waiting = []
        if let music { note(try await music.finish(&musicMemory)) }
        endRowOfMusic()
    }

    private mutating func work(on block: [Float]) async throws {
        if let speech, !block.isEmpty {
            for probability in try await speech.probabilities(of: block, &speechMemory) {
                let middle = speechSteps * SpeechDetector.step + SpeechDetector.step / 2
                Self.note(probability, middle, in: &speechValues)
                speechSteps += 1
            }
        }
        if let music { note(try await music.probabilities(of: block, &musicMemory)) }
    }

    /// Somebody who sings is music here. A row has the mean of its frames: FireRedVAD smooths over 5
    /// of them (`smooth_window_size`).
    private mutating func note(_ probabilities: SoundEventDetector.Probabilities) {
        for (music, singing) in zip(probabilities.music, probabilities.singing) {
            let middle = musicSteps * SoundEventDetector.step + SoundEventDetector.step
            let row = middle / Self.samplesPerRow
            if row != musicInRow.row {
                endRowOfMusic()
                musicInRow = (row, 0, 0)
            }
            musicInRow.sum += max(music, singing)
            musicInRow.count += 1
            musicSteps += 1
        }
    }

    private mutating func endRowOfMusic() {
        let (row, sum, count) = musicInRow
        guard count > 0, row < musicValues.count else { return }
        musicValues[row] = Self.byte(sum / Float(count))
    }

    private static func byte(_ probability: Float) -> UInt8 {
        UInt8(min(max(probability * 255, 0), 255))
    }

    private static func note(_ probability: Float, _ sample: Int, in values: inout [UInt8]) {
        let row = sample / samplesPerRow
        guard row < values.count else { return }
        values[row] = max(values[row], byte(probability))
    }
}
