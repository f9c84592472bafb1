import ClipFinding

/// The clips that were found, in the order in which they come before a person, and what the person has
/// said about them.
package struct FindQueue: Sendable, Equatable {
    /// A clip of the list.
    package struct Row: Sendable, Equatable {
        package let candidate: Candidate
        /// The first frame, which the person may have moved, and its time in seconds.
        package internal(set) var startFrame: Int
        package internal(set) var start: Double
        package internal(set) var verdict: FoundVerdicts.Verdict?

        init(_ candidate: Candidate, _ verdict: FoundVerdicts.Verdict? = nil) {
            self.candidate = candidate
            (startFrame, start) = (candidate.startFrame, candidate.start)
            self.verdict = verdict
        }

        /// Whether the person has moved the start.
        package var isMoved: Bool { startFrame != candidate.startFrame }

        /// What is remembered of a verdict.
        func entry(_ verdict: FoundVerdicts.Verdict) -> FoundVerdicts.Entry {
            FoundVerdicts.Entry(
                start: start,
                startFrame: startFrame,
                duration: candidate.duration,
                verdict
            )
        }
    }

    package private(set) var rows: [Row] = []
    /// The place of the row that is shown; nil without any.
    package private(set) var place: Int?

    package init() {}

    /// The row that is shown.
    package var current: Row? { place.map { rows[$0] } }

    /// How many have no verdict.
    package var waiting: Int { rows.count { $0.verdict == nil } }

    /// Takes what a search has found: the row that is shown stays if it is still there, with its moved
    /// start, else one near to it is shown.
    ///
    /// - Parameters:
    ///   - candidates: without a verdict, the best first.
    ///   - kept: those that were kept.
    package mutating func show(_ candidates: [Candidate], kept: [Candidate]) {
        let before = current
        var moved: [Int: (Int, Double)] = [:]
        for row in rows where row.isMoved && row.verdict == nil {
            moved[row.candidate.startFrame] = (row.startFrame, row.start)
        }
        rows = candidates.map { Row($0) } + kept.map { Row($0, .keep) }
        for (index, row) in rows.enumerated() {
            guard let (frame, start) = moved[row.candidate.startFrame] else { continue }
            (rows[index].startFrame, rows[index].start) = (frame, start)
        }
        place = before.flatMap { nearest(to: $0) } ?? rows.indices.first
    }

    private func nearest(to row: Row) -> Int? {
        let frame = row.candidate.startFrame
        if let same = rows.firstIndex(where: { $0.candidate.startFrame == frame }) { return same }
        let waiting = rows.indices.filter { rows[$0].verdict == nil }
        let near = waiting.min {
            abs(rows[$0].candidate.start - row.start) < abs(rows[$1].candidate.start - row.start)
        }
        // What is far away says nothing about what the person was looking at.
        return near.flatMap {
            abs(rows[$0].candidate.start - row.start) < row.candidate.duration ? $0 : nil
        } ?? waiting.first
    }

    /// Shows a row.
    ///
    /// - Returns: false if there is none.
    @discardableResult
    package mutating func go(to place: Int) -> Bool {
        guard rows.indices.contains(place) else { return false }
        self.place = place
        return true
    }

    /// Notes a verdict on the row that is shown, and shows the next one without a verdict.
    package mutating func judge(_ verdict: FoundVerdicts.Verdict) {
        guard let place else { return }
        rows[place].verdict = verdict
        if let next = nextWaiting(after: place) { self.place = next }
    }

    /// The next row without a verdict; after the last one the first.
    private func nextWaiting(after place: Int) -> Int? {
        let later = rows.indices.dropFirst(place + 1).first { rows[$0].verdict == nil }
        return later ?? rows.indices.first { rows[$0].verdict == nil }
    }

    /// Shows a row again whose verdict was taken back.
    ///
    /// - Parameters:
    ///   - row: the row as it was judged.
    ///   - verdict: the verdict before; nil for none.
    package mutating func takeBack(_ row: Row, for verdict: FoundVerdicts.Verdict?) {
        var row = row
        row.verdict = verdict
        let frame = row.candidate.startFrame
        if let place = rows.firstIndex(where: { $0.candidate.startFrame == frame }) {
            rows[place] = row
            self.place = place
        } else {
            let place = self.place ?? 0
            rows.insert(row, at: place)
            self.place = place
        }
    }

    /// The place of the first row without a verdict in a later shot than the one that is shown.
    package var nextShot: Int? {
        guard let current else { return nil }
        return rows.indices.filter {
            rows[$0].verdict == nil && rows[$0].startFrame >= current.candidate.shot.end
        }.min { rows[$0].startFrame < rows[$1].startFrame }
    }

    /// Moves the start of the row that is shown.
    package mutating func move(to frame: Int, _ start: Double) {
        guard let place else { return }
        (rows[place].startFrame, rows[place].start) = (frame, start)
    }

    /// Takes out what was exported.
    package mutating func remove(frames: Set<Int>) {
        guard !frames.isEmpty else { return }
        let before = current
        rows.removeAll { $0.verdict == .keep && frames.contains($0.startFrame) }
        place = before.flatMap { nearest(to: $0) } ?? rows.indices.first
    }
}
