import Diagnostics

/// Which masks a folder holds, by the names in it alone.
package struct MaskInventory: Sendable, Equatable {
    /// The frames that have a mask, in order.
    package let frames: [Int]
    /// Images that are numbered as masks are but have another name: `frame_4.png`, `frame_0004.jpg`.
    private let strays: [Stray]

    private struct Stray: Sendable, Equatable {
        let name: String
        let frame: Int
    }

    /// - Parameter names: the names in a folder.
    package init(_ names: some Sequence<String>) {
        var frames: [Int] = []
        var strays: [Stray] = []
        for name in names {
            if let frame = MaskName.frame(of: name) {
                frames.append(frame)
            } else if let frame = MaskName.frame(ofStray: name) {
                strays.append(Stray(name: name, frame: frame))
            }
        }
        self.frames = frames.sorted()
        self.strays = strays.sorted { ($0.frame, $0.name) < ($1.frame, $1.name) }
    }

    /// Whether there is no mask at all, under whatever name.
    package var isEmpty: Bool { frames.isEmpty && strays.isEmpty }

    /// The frames below a number that have no mask, in order.
    package func missing(below count: Int) -> [Int] {
        var missing: [Int] = []
        var next = 0
        for frame in frames.prefix(while: { $0 < count }) {
            missing += next..<frame
            next = frame + 1
        }
        return missing + Array(next..<max(next, count))
    }

    /// Which of so many frames have no mask, as a clause for people; empty when all have one.
    package func gaps(frameCount: Int) -> [String] {
        let missing = missing(below: frameCount)
        guard let first = missing.first.map(MaskName.of(frame:)) else { return [] }
        let frames = FrameRanges.text(missing)
        return [
            missing.count == 1
                ? "\(frames) has no mask (\(first))"
                : "\(frames) have no masks (\(first) and so on)"
        ]
    }

    /// What is more than one mask for each of so many frames, as clauses for people; empty when
    /// nothing is.
    package func excess(frameCount: Int) -> [String] {
        var clauses: [String] = []
        let behind = Array(frames.drop { $0 < frameCount })
        if let first = behind.first.map(MaskName.of(frame:)) {
            let video = "the video has \(counted(frameCount, "frame"))"
            clauses.append(
                behind.count == 1
                    ? "\(first) is too many: \(video)"
                    : "the masks of \(FrameRanges.text(behind)) (from \(first) on) are too many: "
                        + video
            )
        }
        let known = Set(frames)
        clauses += strays.prefix(Self.shownCount).map { stray in
            let name = MaskName.of(frame: stray.frame)
            return known.contains(stray.frame)
                ? "\(quoted(stray.name)) repeats \(name)"
                : "\(quoted(stray.name)) is not named as a mask is, \(name)"
        }
        if strays.count > Self.shownCount {
            clauses.append("\(counted(strays.count - Self.shownCount, "more file")) like these")
        }
        return clauses
    }

    /// Files that are named in a message.
    private static let shownCount = 5
}

/// Numbers of frames for people.
package enum FrameRanges {
    /// Ranges that are named in a message.
    private static let shownCount = 12

    /// Ascending numbers as "frame 4", or "frames 4, 10–12".
    package static func text(_ frames: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for frame in frames {
            if let last = ranges.last, frame == last.upperBound + 1 {
                ranges[ranges.count - 1] = last.lowerBound...frame
            } else {
                ranges.append(frame...frame)
            }
        }
        let texts = ranges.prefix(shownCount).map {
            $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)"
        }
        let rest = ranges.dropFirst(shownCount).reduce(0) { $0 + $1.count }
        let more = rest == 0 ? "" : " and \(rest) more"
        return (frames.count == 1 ? "frame " : "frames ") + texts.joined(separator: ", ") + more
    }
}

/// A number with its noun: "1 frame", "2 frames".
package func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)" + (number == 1 ? "" : "s")
}

extension MaskName {
    /// Endings of images, which a folder of masks may hold besides masks, or instead of them.
    private static let endings: Set<String> = [
        "png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp", "exr",
    ]

    /// The frame of an image that is numbered as masks are; nil for another name.
    static func frame(ofStray name: String) -> Int? {
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let prefix = "frame_".utf8
        guard parts.count == 2, parts[0].starts(with: prefix),
            endings.contains(String(Substring(parts[1])).lowercased())
        else { return nil }
        return DecimalName.value(parts[0].dropFirst(prefix.count))
    }
}
