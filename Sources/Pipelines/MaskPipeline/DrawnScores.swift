import MaskQuality
import MaskStore

/// Scores of masks that came with what they are judged by.
struct DrawnScores {
    private var surroundings = Surroundings()
    /// Records that wait for what the frames after them say.
    private var waiting: [FrameRecord] = []

    /// Copies records in order, and gives each its score.
    ///
    /// - Parameters:
    ///   - journal: the records.
    ///   - scored: takes them.
    /// - Throws: `EightCutError` when they cannot be read or written; `CancellationError`.
    static func copy(_ journal: FrameJournal, to scored: inout FrameJournal) throws {
        var scores = DrawnScores()
        var records = journal.reader()
        while let record = try records.next() {
            try Task.checkCancellation()
            for record in scores.add(record) { try scored.append(record) }
        }
        for record in scores.finish() { try scored.append(record) }
    }

    private mutating func add(_ record: FrameRecord) -> [FrameRecord] {
        let done = record.judgement.beginsShot ? finish() : []
        waiting.append(record)
        return done + scored(surroundings.add(area: record.area, record.ownParts))
    }

    private mutating func finish() -> [FrameRecord] { scored(surroundings.finish()) }

    private mutating func scored(_ answers: [[QualityPart: Double]]) -> [FrameRecord] {
        let records = zip(waiting, answers).map { record, around in
            var record = record
            let quality = record.quality(around)
            // What the mask has by itself is kept, so that it can be judged again: a run that makes
            // lost masks anew begins with these records.
            record.judgement = MaskJudgement(
                quality.parts.merging(record.ownParts ?? [:]) { $1 },
                score: quality.score,
                beginsShot: record.judgement.beginsShot
            )
            return record
        }
        waiting.removeFirst(records.count)
        return records
    }
}

extension FrameRecord {
    private var coverage: MaskCoverage {
        let flags = flags ?? []
        return flags.contains(.empty) ? .empty : flags.contains(.full) ? .full : .some
    }

    /// What the mask has by itself; nil for an empty or a full one.
    fileprivate var ownParts: [QualityPart: Double]? {
        guard coverage == .some else { return nil }
        return QualityPart.parts(named: judgement.parts).filter {
            $0.key == .edge || $0.key == .motionEdge
        }
    }

    fileprivate func quality(_ around: [QualityPart: Double]) -> FrameQuality {
        FrameQuality(
            frame: frame,
            (ownParts ?? [:]).merging(around) { $1 },
            by: .builtIn,
            coverage
        )
    }
}

extension MaskJudgement {
    /// - Parameters:
    ///   - parts: what the mask is judged by.
    ///   - score: nil where that is not all yet.
    ///   - beginsShot: whether another shot begins with the frame.
    package init(
        _ parts: [QualityPart: Double],
        score: Double? = nil,
        beginsShot: Bool
    ) {
        self.init(
            score: score,
            parts: Dictionary(uniqueKeysWithValues: parts.map { ($0.key.rawValue, $0.value) }),
            beginsShot: beginsShot
        )
    }
}
