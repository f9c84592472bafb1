import Diagnostics
import Files
import Imaging
import SystemPackage

extension PromptList {
    /// Converts the prompts to pixels of a video and reads their masks.
    ///
    /// - Parameters:
    ///   - width: columns of the video, upright.
    ///   - height: rows of the video, upright.
    ///   - frameCount: the number of frames; nil if it is unknown (see `check(frameCount:)`).
    /// - Returns: the prompts in pixels; the middle of the first frame if there are none.
    /// - Throws: `EightCutError` that names the prompt: it is outside the frame, contradicts another
    ///   one, an object begins with negative points only, a mask cannot be used, or it is a text.
    package func resolve(width: Int, height: Int, frameCount: Int? = nil) throws -> ResolvedPrompts
    {
        try checkNoTexts()
        guard !isEmpty else { return .centre(width: width, height: height) }
        if let frameCount { try check(frameCount: frameCount) }
        let placement = PixelPlacement(width: width, height: height)
        var drafts: [Int: [Int: FrameDraft]] = [:]
        for entry in entries {
            let (object, frame) = (entry.prompt.object, entry.prompt.frame)
            try drafts[object, default: [:]][
                frame,
                default: FrameDraft(object: object, frame: frame)
            ].add(entry, placement)
        }
        let objects = drafts.sorted { $0.key < $1.key }.map { number, frames in
            (number: number, frames: frames.values.sorted { $0.frame < $1.frame })
        }
        for object in objects { try object.frames.first?.checkBeginning() }
        // Images are read after all checks that take no time.
        let masks = try readMasks(objects.flatMap(\.frames), placement)
        return ResolvedPrompts(
            objects: objects.map { number, frames in
                ResolvedObject(
                    number: number,
                    frames: frames.map { draft in
                        let mask = draft.mask.flatMap { masks[$0.path] }
                        let marks = ResolvedPrompt.Input.marks(
                            box: draft.box?.box,
                            points: draft.sortedPoints
                        )
                        return ResolvedPrompt(
                            frame: draft.frame,
                            input: mask.map(ResolvedPrompt.Input.mask) ?? marks
                        )
                    }
                )
            }
        )
    }

    private func readMasks(_ drafts: [FrameDraft], _ size: PixelPlacement) throws
        -> [FilePath: GrayImage]
    {
        var seen: Set<FilePath> = []
        let files = drafts.compactMap(\.mask).filter { seen.insert($0.path).inserted }
        let limit = max(1, MaskPrompt.maximumPixels / max(1, size.width * size.height))
        if files.count > limit {
            throw files[limit].origin.error(
                "there are more than \(limit) masks, too many to be held in memory at "
                    + "\(size.width)x\(size.height)",
                remedy: "One for each object is enough."
            )
        }
        var masks: [FilePath: GrayImage] = [:]
        for (path, origin) in files {
            masks[path] = try MaskPrompt.read(
                path,
                width: size.width,
                height: size.height,
                origin
            )
        }
        return masks
    }
}

/// Converts coordinates to pixels of a video and checks that they are inside.
private struct PixelPlacement {
    let width: Int
    let height: Int

    func point(_ place: Coordinate, isPositive: Bool, _ origin: PromptOrigin) throws -> PixelPoint {
        let point = PixelPoint(
            x: place.x.pixels(of: width),
            y: place.y.pixels(of: height),
            isPositive: isPositive
        )
        let isInside = { (value: Double, side: Int) in value >= 0 && value < Double(side) }
        guard isInside(point.x, width) else {
            throw outside("x", place.x, .x, origin, "The last pixel of a row is \(width - 1).")
        }
        guard isInside(point.y, height) else {
            throw outside("y", place.y, .y, origin, "The last row is \(height - 1).")
        }
        return point
    }

    func box(_ first: Coordinate, _ last: Coordinate, _ origin: PromptOrigin) throws -> PixelBox {
        let box = PixelBox(
            x0: first.x.pixels(of: width),
            y0: first.y.pixels(of: height),
            x1: last.x.pixels(of: width),
            y1: last.y.pixels(of: height)
        )
        try checkEdge("x0", first.x, .x, origin)
        try checkEdge("y0", first.y, .y, origin)
        try checkEdge("x1", last.x, .x, origin)
        try checkEdge("y1", last.y, .y, origin)
        guard box.x1 > box.x0, box.y1 > box.y0 else {
            let name = box.x1 > box.x0 ? "y" : "x"
            let (from, to) = name == "x" ? (box.x0, box.x1) : (box.y0, box.y1)
            throw origin.error(
                "the box has no area: \(name)0 is \(decimal(from)) and \(name)1 is \(decimal(to))",
                remedy: "Give its left top corner first, then its right bottom corner."
            )
        }
        return box
    }

    /// A box may end where the frame does.
    private func checkEdge(
        _ name: String,
        _ length: Length,
        _ axis: Axis,
        _ origin: PromptOrigin
    ) throws {
        let value = length.pixels(of: side(axis))
        guard value >= 0, value <= Double(side(axis)) else {
            throw outside(name, length, axis, origin, "The whole frame is 0,0,1w,1h.")
        }
    }

    private func side(_ axis: Axis) -> Int { axis == .x ? width : height }

    private func outside(
        _ name: String,
        _ length: Length,
        _ axis: Axis,
        _ origin: PromptOrigin,
        _ remedy: String
    ) -> EightCutError {
        let pixels = decimal(length.pixels(of: side(axis)))
        let written = axis.text(of: length)
        let extent = "\(side(axis)) pixels \(axis == .x ? "wide" : "high")"
        return origin.error(
            "it is outside the frame: \(name) is \(written)"
                + (written == pixels ? "" : ", which is \(pixels)")
                + ", and the frame is \(extent)",
            remedy: "Pixels are counted from 0. " + remedy
        )
    }
}

/// Collects the prompts of one object on one frame.
private struct FrameDraft {
    let object: Int
    let frame: Int
    private(set) var box: (box: PixelBox, origin: PromptOrigin)?
    private(set) var points: [PixelPoint: PromptOrigin] = [:]
    private(set) var mask: (path: FilePath, origin: PromptOrigin)?
    private var first: PromptOrigin?

    init(object: Int, frame: Int) {
        self.object = object
        self.frame = frame
    }

    /// Whether there are only negative points.
    var isNegativeOnly: Bool {
        box == nil && mask == nil && !points.keys.contains { $0.isPositive }
    }

    /// In an order that does not depend on the order of the prompts.
    var sortedPoints: [PixelPoint] {
        points.keys.sorted {
            ($0.isPositive ? 0 : 1, $0.x, $0.y) < ($1.isPositive ? 0 : 1, $1.x, $1.y)
        }
    }

    /// Adds a prompt. Adding it again has no effect.
    ///
    /// - Throws: `EightCutError` when it is outside the frame, or contradicts another one.
    mutating func add(_ entry: PromptList.Entry, _ placement: PixelPlacement) throws {
        let origin = entry.origin
        switch entry.prompt.content {
        case .point(let place, let isPositive):
            try add(placement.point(place, isPositive: isPositive, origin), origin)
        case .box(let first, let last): try add(placement.box(first, last, origin), origin)
        case .mask(let path): try add(path, origin)
        }
    }

    private mutating func add(_ point: PixelPoint, _ origin: PromptOrigin) throws {
        let opposite = PixelPoint(x: point.x, y: point.y, isPositive: !point.isPositive)
        if let other = points[opposite] {
            throw contradiction(
                origin,
                other,
                "the same place cannot be on the object and beside it"
            )
        }
        try check(origin, against: mask?.origin)
        if points[point] == nil { points[point] = origin }
        first = first ?? origin
    }

    private mutating func add(_ box: PixelBox, _ origin: PromptOrigin) throws {
        if let old = self.box, old.box != box {
            throw contradiction(origin, old.origin, "an object has only one box on a frame")
        }
        try check(origin, against: mask?.origin)
        self.box = self.box ?? (box, origin)
        first = first ?? origin
    }

    private mutating func add(_ mask: FilePath, _ origin: PromptOrigin) throws {
        if let old = self.mask {
            guard old.path == mask else {
                throw contradiction(origin, old.origin, "an object has only one mask on a frame")
            }
        } else {
            try check(origin, against: first)
        }
        self.mask = self.mask ?? (mask, origin)
        first = first ?? origin
    }

    /// - Throws: `EightCutError` when there are only negative points.
    func checkBeginning() throws {
        guard isNegativeOnly, let first else { return }
        throw first.error(
            "object \(object) begins on frame \(frame) with nothing but negative points, so "
                + "there is nothing to find",
            remedy: "Add a point on object \(object) or a box around it there, or see whether "
                + "another object or an earlier frame is meant."
        )
    }

    private func check(_ origin: PromptOrigin, against other: PromptOrigin?) throws {
        guard let other else { return }
        throw contradiction(origin, other, "a mask cannot be combined with other prompts")
    }

    private func contradiction(_ origin: PromptOrigin, _ other: PromptOrigin, _ why: String)
        -> EightCutError
    {
        origin.error(
            "it contradicts \(quoted(other.description)), which is about object \(object) on frame "
                + "\(frame) too: \(why)",
            remedy: "Leave one of them out, or name another object (#2) or frame (@30) in one."
        )
    }
}
