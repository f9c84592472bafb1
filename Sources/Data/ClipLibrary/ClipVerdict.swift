import GRDB

/// What a person has decided about the masks of a clip.
package enum Verdict: String, Sendable, Codable, CaseIterable {
    /// They are good enough.
    case keep
    /// They are not.
    case reject
    /// Somebody else has to look.
    case undecided
}

/// A person's verdict on the masks of a clip.
package struct ClipVerdict: Sendable, Equatable, Codable {
    /// How a clip came before a person, which says of how many clips it is an example.
    package enum Draw: String, Sendable, Codable {
        /// It had the lowest score of all that were left.
        case worst
        /// It was drawn at random from all that were left.
        case random
        /// The person has named it.
        case named
    }

    /// The clip's number.
    package let clip: Int64
    package let verdict: Verdict
    /// The person.
    package let reviewer: String
    /// In seconds since 1970.
    package let time: Double
    /// Which masks, as in `LibraryMasks.digest`; empty for a clip without masks.
    package let masksDigest: String
    package let draw: Draw
    /// The score of the masks at that time; nil where they had none.
    package let score: Double?

    package init(
        clip: Int64,
        _ verdict: Verdict,
        by reviewer: String,
        at time: Double,
        masksDigest: String,
        draw: Draw = .named,
        score: Double? = nil
    ) {
        self.clip = clip
        self.verdict = verdict
        self.reviewer = reviewer
        self.time = time
        self.masksDigest = masksDigest
        self.draw = draw
        self.score = score
    }

    /// The time of a verdict that is given now.
    package static var now: Double { ClipLibrary.now() }

    /// The longest name of a reviewer, in bytes.
    package static let mostNameBytes = 200
}

extension ClipVerdict: FetchableRecord {
    /// - Throws: `DamagedRecord` when the row has values that no verdict has.
    package init(row: Row) throws {
        let clip = try DamagedRecord.value(nil, "clipId") {
            try row.decode(Int64.self, forColumn: "clipId")
        }
        func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
            try DamagedRecord.value(clip, column) { try row.decode(Value.self, forColumn: column) }
        }
        guard let verdict = Verdict(rawValue: try value("verdict")),
            let draw = Draw(rawValue: try value("draw"))
        else { throw DamagedRecord(clip: clip, column: "verdict") }
        self.init(
            clip: clip,
            verdict,
            by: try value("reviewer"),
            at: try value("time"),
            masksDigest: try value("masksDigest"),
            draw: draw,
            score: try value("score")
        )
        guard time.magnitude < 1e15, (0...1).contains(score ?? 0),
            reviewer.utf8.count <= Self.mostNameBytes
        else { throw DamagedRecord(clip: clip, column: "verdict") }
    }
}

/// The latest masks of a clip, and the last word on them.
package struct ClipReview: Sendable, Equatable {
    /// Nil for a clip without masks, or whose masks are of an earlier cut.
    package let masks: LibraryMasks?
    /// The latest verdict on just these masks; nil where nobody has given one.
    package let verdict: ClipVerdict?

    package init(masks: LibraryMasks?, verdict: ClipVerdict?) {
        (self.masks, self.verdict) = (masks, verdict)
    }
}

/// Selects clips by the last word on their latest masks.
package enum VerdictFilter: Sendable, Equatable {
    case given(Verdict)
    /// Nobody has given one.
    case none
}
