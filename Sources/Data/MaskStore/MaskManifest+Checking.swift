import Files

extension MaskManifest {
    /// What in a manifest contradicts itself, nil when nothing does. Whoever goes on need not
    /// fear numbers that make no sense.
    package var flaw: String? {
        guard (0..<Self.manyFrames).contains(frameCount) else { return "frameCount \(frameCount)" }
        guard input.width > 0, input.height > 0 else {
            return "size \(input.width)x\(input.height)"
        }
        guard sideFolders?.allSatisfy(PlainName.allows) ?? true else { return "sideFolders" }
        guard !complete || frames.count == frameCount else {
            return "it tells of \(frameCount) frames and has lines for \(frames.count)"
        }
        for (index, record) in frames.enumerated() {
            guard record.frame == index else {
                return "line \(index) is about frame \(record.frame)"
            }
            guard record.box.map(Self.isBox) ?? true else { return "the box of frame \(index)" }
        }
        return nil
    }

    /// More than any video has: a year at 30 frames per second.
    private static let manyFrames = 1_000_000_000

    private static func isBox(_ box: [Int]) -> Bool {
        box.count == 4 && box.allSatisfy { (0...65_536).contains($0) }
    }
}
