import Diagnostics
import SystemPackage

/// What was said about one object on one frame, as it is collected.
struct FrameDraft {
    let object: Int
    let frame: Int
    private(set) var box: (box: PixelBox, origin: PromptOrigin)?
    private(set) var points: [PixelPoint: PromptOrigin] = [:]
    private(set) var mask: (path: FilePath, origin: PromptOrigin)?
    /// The prompt that was given first.
    private var first: PromptOrigin?

    init(object: Int, frame: Int) {
        self.object = object
        self.frame = frame
    }

    /// Whether it says only where the object is not.
    var isNegativeOnly: Bool {
        box == nil && mask == nil && !points.keys.contains { $0.isPositive }
    }

    /// In an order that does not depend on how they were given.
    var sortedPoints: [PixelPoint] {
        points.keys.sorted {
            ($0.isPositive ? 0 : 1, $0.x, $0.y) < ($1.isPositive ? 0 : 1, $1.x, $1.y)
        }
    }

    /// Takes in what was said. Saying the same again changes nothing.
    ///
    /// - Throws: `EightCutError` when it lies outside of the video, or contradicts what was said.
    mutating func add(_ entry: PromptList.Entry, _ placement: PixelPlacement) throws {
        let origin = entry.origin
        switch entry.prompt.mark {
        case .point(let place, let isPositive):
            try add(placement.point(place, isPositive: isPositive, origin), origin)
        case .box(let first, let last): try add(placement.box(first, last, origin), origin)
        case .mask(let path): try add(path, origin)
        }
    }

    private mutating func add(_ point: PixelPoint, _ origin: PromptOrigin) throws {
        let opposite = PixelPoint(x: point.x, y: point.y, isPositive: !point.isPositive)
        if let other = points[opposite] {
            throw contradiction(origin, other, "the same place is on the object and beside it")
        }
        try refuse(origin, besides: mask?.origin)
        if points[point] == nil { points[point] = origin }
        first = first ?? origin
    }

    private mutating func add(_ box: PixelBox, _ origin: PromptOrigin) throws {
        if let old = self.box, old.box != box {
            throw contradiction(origin, old.origin, "only one box can be about an object")
        }
        try refuse(origin, besides: mask?.origin)
        self.box = self.box ?? (box, origin)
        first = first ?? origin
    }

    private mutating func add(_ mask: FilePath, _ origin: PromptOrigin) throws {
        if let old = self.mask {
            guard old.path == mask else {
                throw contradiction(origin, old.origin, "only one mask can be about an object")
            }
        } else {
            try refuse(origin, besides: first)
        }
        self.mask = self.mask ?? (mask, origin)
        first = first ?? origin
    }

    /// - Throws: that there is nothing to find.
    func checkBeginning() throws {
        guard isNegativeOnly, let first else { return }
        throw first.refusal(
            "object \(object) begins on frame \(frame) with nothing but negative points: they say "
                + "where it is not, so there is nothing to find",
            remedy: "Add a point on object \(object) or a box around it there, or see whether "
                + "another object or an earlier frame is meant."
        )
    }

    private func refuse(_ origin: PromptOrigin, besides other: PromptOrigin?) throws {
        guard let other else { return }
        throw contradiction(origin, other, "a mask says all, so nothing else goes with it")
    }

    private func contradiction(_ origin: PromptOrigin, _ other: PromptOrigin, _ why: String)
        -> EightCutError
    {
        origin.refusal(
            "it contradicts \(quoted(other.description)), which is about object \(object) on frame "
                + "\(frame) too: \(why)",
            remedy: "Leave one of them out, or name another object (#2) or frame (@30) in one."
        )
    }
}
