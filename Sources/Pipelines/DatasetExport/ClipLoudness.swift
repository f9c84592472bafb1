import ClipExport
import ClipLibrary
import DatasetProfiles
import Diagnostics
import Files
import Progress
import SystemPackage

/// How loud the clips of a data set will be, for consumers that reject silence or mix channels: as
/// they will be in it, that is after they are cut again. What the data set that is there says of a
/// clip is not measured again.
struct ClipLoudness: Sendable {
    private let rule: ClipRule?
    /// By the digests of the clips' files.
    private let known: [String: Loudness]
    private let width: Int
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - request: the data set.
    ///   - width: runs of ffmpeg at a time.
    ///   - reporter: receives how many clips are measured.
    init(_ request: DatasetRequest, width: Int, reporter: any ProgressReporter) {
        rule = request.profile.clip?.needsLoudness == true ? request.profile.clip : nil
        // What is wrong with the record is said when the data set is written.
        let old = rule == nil ? nil : try? OpenFolder.ifPresent(request.folder)
        known = old.flatMap { try? ExportRecord(in: $0) }?.loudness ?? [:]
        self.width = width
        self.reporter = reporter
    }

    /// Measures the clips that are accepted, and rejects those that are not loud enough.
    ///
    /// - Throws: `EightCutError` when ffmpeg cannot be run; `CancellationError` or `OutputClosed`.
    func check(_ rows: [PlannedRow]) async throws -> [PlannedRow] {
        guard let rule else { return rows }
        var rows = rows
        var parts: [Part] = []
        var linked: [(place: Int, track: AudioProbe.Track)] = []
        for (place, planned) in rows.enumerated() {
            guard let file = planned.files.first else { continue }
            if let loudness = known[file.digest] {
                rows[place].take(loudness, rule)
            } else if case .cut(let cut) = file.step {
                parts.append(.cut(place, cut.plan))
            } else if let rate = planned.clip.sampleRate {
                let path = FilePath(planned.clip.path)
                linked.append((place, .init(path: path, stream: "a:0", sampleRate: rate)))
            }
        }
        for start in stride(from: 0, to: linked.count, by: AudioProbe.width) {
            let some = linked[start..<min(start + AudioProbe.width, linked.count)]
            parts.append(.files(some.map(\.place), AudioProbe(tracks: some.map(\.track))))
        }
        let progress = RowProgress(
            total: parts.reduce(0) { $0 + $1.count },
            doneAtStart: 0,
            reporter: reporter
        )
        let measured = try await inParallel(parts, width: width) { part in
            let found = try await part.measure()
            try progress.report(part.count)
            return found
        }
        for (place, loudness) in measured.joined() { rows[place].take(loudness, rule) }
        return rows
    }

    /// What one run of ffmpeg measures, by the places of the clips.
    private enum Part: Sendable {
        case cut(Int, CutPlan)
        case files([Int], AudioProbe)

        var count: Int {
            switch self {
            case .cut: 1
            case .files(let places, _): places.count
            }
        }

        /// Nothing is found out of audio that cannot be decoded.
        func measure() async throws -> [(Int, Loudness)] {
            switch self {
            case .cut(let place, let plan):
                try await plan.loudness().map { [(place, $0)] } ?? []
            case .files(let places, let probe):
                try await zip(places, probe.run()).compactMap { place, audio in
                    (try? audio.get().loudness).map { (place, $0) }
                }
            }
        }
    }
}

extension PlannedRow {
    fileprivate mutating func take(_ loudness: Loudness, _ rule: ClipRule) {
        self.loudness = loudness
        guard let rejection = rule.rejection(of: loudness) else { return }
        outcome = .rejected([rejection])
    }
}
