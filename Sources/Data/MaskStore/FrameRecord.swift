import Imaging

/// What the manifest records about one mask.
package struct FrameRecord: Sendable, Equatable, Codable {
    /// Number of the frame, from 0.
    package let frame: Int
    /// Presentation time in seconds.
    package let time: Double?
    /// Part of the image that the object covers, 0…1, rounded to six digits.
    package let area: Double
    /// The object's bounding box in pixels: left, top, width, height. Nil where there is none.
    package let box: [Int]?
    /// What may be wrong with the mask, nil where nothing is.
    package var flags: [MaskFlag]?
    /// What the method reports about the mask, by name.
    package let scores: [String: Double]?
    /// An estimate of the IoU with the true mask, 0…1; nil where it was not judged, or not yet.
    package private(set) var score: Double?
    /// What `score` is made of, each 0…1.
    package private(set) var parts: [String: Double]?
    /// True where another shot begins with the frame.
    package private(set) var beginsShot: Bool?

    /// Measures a mask before its file is made of it: 255 is the object.
    package init(frame: Int, time: Double?, mask: Mask) {
        let scores = mask.scores.isEmpty ? nil : mask.scores
        self.init(frame, time, MaskExtent(of: mask.image), scores)
        judgement = mask.judgement
    }

    private init(_ frame: Int, _ time: Double?, _ extent: MaskExtent, _ scores: [String: Double]?) {
        self.frame = frame
        self.time = time
        area = extent.area
        box = extent.box
        self.scores = scores
        var flags: [MaskFlag] = extent.box == nil ? [.empty] : extent.isFull ? [.full] : []
        if extent.box != nil, MaskConfidence.isLow(scores ?? [:]) { flags.append(.uncertain) }
        if DetectionAgreement.isLow(scores ?? [:]) { flags.append(.label) }
        self.flags = flags.isEmpty ? nil : flags
    }

    /// How far the mask can be trusted.
    package var judgement: MaskJudgement {
        get { MaskJudgement(score: score, parts: parts ?? [:], beginsShot: beginsShot ?? false) }
        set {
            score = newValue.score
            parts = newValue.parts.isEmpty ? nil : newValue.parts
            beginsShot = newValue.beginsShot ? true : nil
        }
    }

    /// Reads a record, also one of schema 1. Its numbers can be used without further checks.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        frame = try fields.decode(Int.self, forKey: .frame)
        time = try fields.decodeIfPresent(Double.self, forKey: .time)
        area = try fields.decode(Double.self, forKey: .area)
        box = try fields.decodeIfPresent([Int].self, forKey: .box)
        // A later version may know more of them.
        flags = try fields.decodeIfPresent([String].self, forKey: .flags)
            .map { $0.compactMap(MaskFlag.init) }
        scores = try fields.decodeIfPresent([String: Double].self, forKey: .scores)
            .map(Schema1.renamed)
        score = try fields.decodeIfPresent(Double.self, forKey: .score)
        parts = try fields.decodeIfPresent([String: Double].self, forKey: .parts)
        beginsShot = try fields.decodeIfPresent(Bool.self, forKey: .beginsShot)
        if let problem {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: problem)
            )
        }
    }

    /// What in the record cannot be, nil when all can.
    private var problem: String? {
        guard (0..<MaskLimits.frames).contains(frame) else { return "frame \(frame)" }
        if let time {
            guard abs(time) <= MaskLimits.seconds else { return "the time of frame \(frame)" }
        }
        guard (0...1).contains(area) else { return "the area of frame \(frame)" }
        guard box.map(Self.isBox) ?? true else { return "the box of frame \(frame)" }
        guard (flags ?? []).count <= MaskFlag.allCases.count else {
            return "the flags of frame \(frame)"
        }
        let scores = scores ?? [:]
        guard scores.count <= MaskLimits.scores, scores.values.allSatisfy(\.isFinite) else {
            return "the scores of frame \(frame)"
        }
        guard (0...1).contains(score ?? 0), (parts ?? [:]).count <= MaskLimits.scores,
            (parts ?? [:]).values.allSatisfy((0...1).contains)
        else { return "the score of frame \(frame)" }
        return nil
    }

    private static func isBox(_ box: [Int]) -> Bool {
        box.count == 4 && box.allSatisfy { (0...MaskLimits.side).contains($0) }
    }

    /// Whether a mask that was read back is the one that this record describes.
    package func describes(_ file: GrayImage, _ polarity: MaskPolarity = .whiteObject) -> Bool {
        let extent = MaskExtent(of: polarity == .whiteObject ? file : polarity.object(in: file))
        return extent.area == area && extent.box == box
    }

    /// The record of the same frame for another image: its object instead of its background. It has
    /// no flag that depends on other frames.
    func measured(on object: GrayImage) -> FrameRecord {
        var record = FrameRecord(frame, time, MaskExtent(of: object), scores)
        record.judgement = judgement
        return record
    }
}

/// What may be wrong with a mask.
package enum MaskFlag: String, Sendable, Codable, CaseIterable {
    /// No pixel is object.
    case empty
    /// Every pixel is object.
    case full
    /// The object is not where it was in the frame before.
    case jump
    /// There is an object, and the method's confidence is below `MaskConfidence.level`.
    case uncertain
    /// The mask is not where a detector sees what the text names.
    case label
}

/// Flags masks whose object is suddenly somewhere else: mostly a sign that the method has lost it.
package struct JumpDetector {
    /// The record of the frame before.
    private var previous: FrameRecord?

    /// Continues after a record, or starts with the first frame.
    package init(after previous: FrameRecord? = nil) {
        self.previous = previous
    }

    /// Takes the next frame's record, in order, and adds the flag where it belongs.
    ///
    /// - Returns: the record, flagged when the IoU of this and the previous mask's boxes is
    ///   less than 0.3.
    package mutating func flagged(_ record: FrameRecord) -> FrameRecord {
        defer { previous = record }
        guard let old = previous?.box, let new = record.box, iou(old, new) < 0.3 else {
            return record
        }
        var record = record
        record.flags = (record.flags ?? []) + [.jump]
        return record
    }

    private func iou(_ a: [Int], _ b: [Int]) -> Double {
        let width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        let height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        guard width > 0, height > 0 else { return 0 }
        let intersection = Double(width * height)
        return intersection / (Double(a[2] * a[3] + b[2] * b[3]) - intersection)
    }
}

/// Area and bounding box of a mask's object: the pixels of 128 or more.
package struct MaskExtent: Equatable {
    /// Part of the image, 0…1, rounded to six digits.
    package let area: Double
    /// Left, top, width, height in pixels; nil where there is no object.
    package let box: [Int]?
    /// Whether every pixel is object.
    package let isFull: Bool

    /// Measures a mask.
    package init(of image: GrayImage) {
        var count = 0
        var rows: ClosedRange<Int>?
        // The columns come from one row of all rows laid over each other, so that both loops
        // run over whole rows, many pixels at a time.
        let columns = [UInt8](unsafeUninitializedCapacity: image.width) { laid, size in
            laid.initialize(repeating: 0)
            size = image.width
            image.pixels.withUnsafeBufferPointer { pixels in
                for y in 0..<image.height {
                    let row = UnsafeBufferPointer(
                        rebasing: pixels[y * image.width..<(y + 1) * image.width]
                    )
                    let inRow = Self.countObject(row)
                    guard inRow > 0 else { continue }
                    count += inRow
                    rows = (rows?.lowerBound ?? y)...y
                    for x in 0..<row.count { laid[x] |= row[x] }
                }
            }
        }
        let total = image.width * image.height
        area = (Double(count) / Double(max(1, total)) * 1e6).rounded() / 1e6
        isFull = count == total && total > 0
        let isObject = { (sample: UInt8) in sample >= 128 }
        if let rows, let left = columns.firstIndex(where: isObject),
            let right = columns.lastIndex(where: isObject)
        {
            box = [left, rows.lowerBound, right - left + 1, rows.count]
        } else {
            box = nil
        }
    }

    private static func countObject(_ row: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        var start = 0
        while start < row.count {
            // Counted in bytes, which hold no more than 255, sixteen at a time.
            let end = min(start + 255, row.count)
            var part: UInt8 = 0
            for x in start..<end { part &+= row[x] >> 7 }
            count += Int(part)
            start = end
        }
        return count
    }
}
