/// An object that was found in a clip and that nobody has taken or discarded yet.
package struct Proposal: Sendable, Equatable {
    /// From this score on, the proposal is probably right.
    package static let confidenceLevel = 0.5

    /// A point and a box on the frame where the object is seen best.
    package var marks: [Mark]
    /// How sure it is that this is the object, 0…1.
    package let score: Double

    package init(marks: [Mark], score: Double) { (self.marks, self.score) = (marks, score) }

    package var isUncertain: Bool { score < Self.confidenceLevel }
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

    /// Makes the proposal's marks ordinary ones.
    mutating func takeProposal() {
        taken += (proposal?.marks ?? []).prefix(max(0, Limits.marksOfClip - taken.count))
        proposal = nil
    }
}
