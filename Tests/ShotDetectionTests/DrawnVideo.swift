import ShotDetection

/// A video of drawn scenes, 128 × 72 at 24 frames a second.
struct DrawnVideo {
    static let width = 128
    static let height = 72
    static let frameRate = 24.0

    private(set) var frames: [[UInt8]] = []

    /// The shots that are found.
    var shots: [Shot] { result.shots }

    var result: ShotDetector.Result {
        ShotDetector().detect(measures, frameRate: Self.frameRate)
    }

    var measures: [FrameMeasures] {
        var meter = FrameMeter(
            width: Self.width,
            height: Self.height,
            frameRate: Self.frameRate
        )
        return frames.map { meter.measure($0) }
    }

    /// Blobs of colours on a ground, moved by some pixels.
    static func scene(_ number: Int, x shiftX: Int = 0, y shiftY: Int = 0) -> [UInt8] {
        var frame = [UInt8](repeating: 0, count: width * height * 3)
        for y in 0..<height {
            for x in 0..<width {
                // Cells of 16 × 12 pixels, each with a colour drawn by its number.
                let (column, row) = ((x + shiftX + 512) / 16, (y + shiftY + 480) / 12)
                var state = UInt32(truncatingIfNeeded: column * 73 + row * 1009 + number * 7919)
                for channel in 0..<3 {
                    state = state &* 1_664_525 &+ 1_013_904_223
                    let ground = 40 + (number * (channel + 2) * 67) % 120
                    frame[(y * width + x) * 3 + channel] = UInt8(ground + Int(state >> 25) % 96)
                }
            }
        }
        return frame
    }

    /// Frames of a scene that moves slowly.
    static func shot(_ number: Int, _ count: Int) -> [[UInt8]] {
        (0..<count).map { scene(number, x: $0 / 4) }
    }

    mutating func add(_ frames: [[UInt8]]) { self.frames += frames }

    /// Replaces the last frames of this video by a mixture with the first ones of others.
    mutating func dissolve(to others: [[UInt8]], over count: Int) {
        let start = frames.count - count
        for index in 0..<count {
            let weight = 256 * (index + 1) / (count + 1)
            frames[start + index] = zip(frames[start + index], others[index]).map {
                UInt8((Int($0) * (256 - weight) + Int($1) * weight) >> 8)
            }
        }
        frames += others.dropFirst(count)
    }

    /// Brightens a frame: weight 0…256 of white.
    mutating func flash(_ frame: Int, _ weight: Int) {
        frames[frame] = frames[frame].map { UInt8((Int($0) * (256 - weight) + 255 * weight) >> 8) }
    }

    /// Darkens a frame: weight 0…256 of what it was.
    mutating func darken(_ frame: Int, _ weight: Int) {
        frames[frame] = frames[frame].map { UInt8((Int($0) * weight) >> 8) }
    }
}
