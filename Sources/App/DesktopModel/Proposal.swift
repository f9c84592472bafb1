/// Objects that were found in a clip and of which nobody has taken one or discarded all yet. The
/// first one is proposed, the others are shown beside it.
package struct Proposal: Sendable, Equatable {
    /// From this score on, the proposal is probably right.
    package static let confidenceLevel = 0.5

    /// What was found, best first; at least one.
    package let objects: [FoundObject]
    /// How it was found.
    package let search: ObjectSearch
    /// A point and a box of the first object, as they were moved.
    package var marks: [Mark]

    /// Objects as they are drawn on a frame.
    package struct Outline: Sendable, Equatable {
        /// From 1.
        package let number: Int
        package let score: String
        /// The box, or the point of an object without one.
        package let kind: Mark.Kind
    }

    init(_ first: FoundObject, marks: [Mark], others: [FoundObject], search: ObjectSearch) {
        objects = [first] + others
        self.marks = marks
        self.search = search
    }

    private var best: FoundObject { objects[0] }

    /// How sure it is that the first one is the object, 0…1.
    package var score: Double { best.score }

    package var isUncertain: Bool { score < Self.confidenceLevel }

    /// The outlines of what was found on a frame.
    package func outlines(on frame: Int) -> [Outline] {
        objects.enumerated().compactMap { index, object in
            let marks = index == 0 ? self.marks.map(\.kind) : object.kinds
            guard object.frame == frame, let kind = marks.last else { return nil }
            return Outline(number: index + 1, score: object.scoreText, kind: kind)
        }
    }
}

/// The marks of a clip.
struct ClipMarks: Equatable {
    /// Those that show SAM 2 the object.
    var taken: [Mark] = []
    var proposal: Proposal?

    init(_ taken: [Mark] = []) { self.taken = taken }

    var isEmpty: Bool { taken.isEmpty && proposal == nil }

    /// The marks that are shown.
    var all: [Mark] { taken + (proposal?.marks ?? []) }

    /// Replaces the mark of the same number, if there is one.
    mutating func update(_ mark: Mark) {
        func updated(_ marks: [Mark]) -> [Mark] { marks.map { $0.id == mark.id ? mark : $0 } }
        taken = updated(taken)
        if let marks = proposal?.marks { proposal?.marks = updated(marks) }
    }

    mutating func remove(_ id: Int) {
        taken.removeAll { $0.id == id }
        proposal?.marks.removeAll { $0.id == id }
        if proposal?.marks.isEmpty == true { proposal = nil }
    }

    /// Makes marks of what was found ordinary ones, and ends the proposal.
    ///
    /// - Parameter marks: those of an object; nil for those that are proposed.
    mutating func takeProposal(_ marks: [Mark]? = nil) {
        let marks = marks ?? proposal?.marks ?? []
        taken += marks.prefix(max(0, Limits.marksOfClip - taken.count))
        proposal = nil
    }
}
