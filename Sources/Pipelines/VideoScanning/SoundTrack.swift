import Media
import ScanStore
import SoundSignals
import Synchronization

/// Measures the audio of a video as it comes, beside the frames.
final class SoundTrack: Sendable {
    private struct State {
        var analyzer: SoundAnalyzer
        /// What is measured and not taken yet.
        var found = SoundRecord()
        /// Rows that are left out, because an earlier pass has them.
        var rowsToSkip: Int
    }

    private let state: Mutex<State>
    /// The number of the last onset that an earlier pass has; an onset is known some time after the
    /// rows around it.
    private let lastOnset: Int
    private let firstOnset: Int
    private let onsetShift: Int

    /// Onsets within this time of where an analysis begins may be none, in 1/200 s.
    private static let onsetWarmUp = SoundOnset.rate

    /// - Parameters:
    ///   - audio: what is measured.
    ///   - form: the form of the samples.
    ///   - second: the time of the first sample, in seconds.
    ///   - rows: how many rows an earlier pass has.
    ///   - onset: the last onset that it has.
    init(
        _ audio: ScanNote.Audio,
        _ form: ScanDecoder.AudioForm,
        from second: Int,
        rows: Int,
        after onset: SoundOnset?
    ) {
        let layout =
            audio.channels == form.channels
            ? audio.layout.map { SoundLayout(name: $0, channels: form.channels) } : nil
        state = Mutex(
            State(
                analyzer: SoundAnalyzer(
                    sampleRate: form.sampleRate,
                    layout: layout ?? SoundLayout(channels: form.channels)
                ),
                rowsToSkip: rows - second * SoundRow.rate
            )
        )
        onsetShift = second * SoundOnset.rate
        lastOnset = onset?.frame ?? -1
        firstOnset = second > 0 ? onsetShift + Self.onsetWarmUp : 0
    }

    /// Measures the next samples of all channels, interleaved.
    func add(_ samples: [Float]) {
        state.withLock { state in
            let record = samples.withUnsafeBufferPointer { state.analyzer.add($0) }
            keep(record, &state)
        }
    }

    /// Ends the audio.
    func finish() {
        state.withLock { state in
            let record = state.analyzer.finish()
            keep(record, &state)
        }
    }

    /// What has become known since this was asked last.
    func take() -> SoundRecord {
        state.withLock { state in
            defer { state.found = SoundRecord() }
            return state.found
        }
    }

    private func keep(_ record: SoundRecord, _ state: inout State) {
        let skipped = min(state.rowsToSkip, record.rows.count)
        state.rowsToSkip -= skipped
        state.found.rows += record.rows.dropFirst(skipped)
        for onset in record.onsets {
            let frame = onset.frame + onsetShift
            guard frame > lastOnset, frame >= firstOnset else { continue }
            state.found.onsets.append(SoundOnset(frame: frame, excess: onset.excess))
        }
    }
}
