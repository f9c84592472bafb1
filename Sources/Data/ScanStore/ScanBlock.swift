import Files
import ShotDetection
import SoundSignals

/// What was measured in a part of a video: so many frames, and what had become known of the audio
/// meanwhile. Its file begins with a checksum, so that a damaged one is noticed.
package struct ScanBlock: Sendable, Equatable {
    /// The number of its first frame.
    package let firstFrame: Int
    package private(set) var frames: [FrameMeasures] = []
    /// When each frame is shown, in seconds from the start of the video.
    package private(set) var times: [Double] = []
    /// The number of its first row of audio.
    package let firstRow: Int
    package private(set) var sound = SoundRecord()

    package init(firstFrame: Int, firstRow: Int) {
        (self.firstFrame, self.firstRow) = (firstFrame, firstRow)
    }

    package mutating func add(_ measures: FrameMeasures, at time: Double) {
        frames.append(measures)
        times.append(time)
    }

    package mutating func add(_ record: SoundRecord) { sound.append(record) }

    package var isEmpty: Bool { frames.isEmpty && sound.rows.isEmpty && sound.onsets.isEmpty }

    // MARK: - Bytes

    /// What a file begins with; the number is the version of the form.
    private static let magic = Array("8cutscan1\n".utf8)
    /// Bytes of a checksum.
    static let digestLength = 64
    private static let counts = 5
    /// Most frames, rows or onsets of a block, which bound its size.
    private static let most = 1 << 20
    /// Most bytes of a file.
    package static let byteLimit = 256 << 20

    /// The content of the block's file.
    package var bytes: [UInt8] {
        var body: [UInt8] = []
        let numbers = [
            firstFrame, frames.count, firstRow, sound.rows.count, sound.onsets.count,
        ]
        for number in numbers { Self.append(UInt64(number), to: &body) }
        for time in times { Self.append(time.bitPattern, to: &body) }
        for frame in frames { body += frame.bytes }
        for row in sound.rows { body += row.bytes }
        for onset in sound.onsets { body += onset.bytes }
        return Self.magic + Array(Self.digest(body[...]).utf8) + body
    }

    /// Reads a block's file.
    ///
    /// - Returns: nil when it is damaged, or is of another version.
    package init?(bytes: [UInt8]) {
        let head = Self.magic.count + Self.digestLength
        guard bytes.count >= head + 8 * Self.counts, bytes.starts(with: Self.magic) else {
            return nil
        }
        let body = bytes[head...]
        let digest = bytes[Self.magic.count..<head]
        guard digest.elementsEqual(Self.digest(body).utf8) else { return nil }
        var place = body.startIndex
        func next(_ count: Int) -> ArraySlice<UInt8> {
            defer { place += count }
            return body[place..<place + count]
        }
        let numbers = (0..<Self.counts).map { _ in Self.number(next(8)) }
        guard numbers.allSatisfy({ $0 <= 1 << 40 }),
            [1, 3, 4].allSatisfy({ numbers[$0] <= Self.most })
        else { return nil }
        let counts = numbers.map { Int($0) }
        let size =
            counts[1] * (8 + FrameMeasures.byteCount) + counts[3] * SoundRow.byteCount
            + counts[4] * SoundOnset.byteCount
        guard body.endIndex - place == size else { return nil }
        (firstFrame, firstRow) = (counts[0], counts[2])
        times = (0..<counts[1]).map { _ in Double(bitPattern: Self.number(next(8))) }
        frames = (0..<counts[1]).map { _ in FrameMeasures(bytes: next(FrameMeasures.byteCount)) }
        sound.rows = (0..<counts[3]).map { _ in SoundRow(bytes: next(SoundRow.byteCount)) }
        sound.onsets = (0..<counts[4]).map { _ in SoundOnset(bytes: next(SoundOnset.byteCount)) }
        guard times.allSatisfy(\.isFinite) else { return nil }
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The checksum of what follows it in a file.
    static func digest(_ body: ArraySlice<UInt8>) -> String {
        let digest = Digest()
        body.withUnsafeBytes { digest.update($0) }
        return digest.finish()
    }
}
