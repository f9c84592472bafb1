/// The names of masks: `frame_0000.png`, `frame_0001.png`, …
package enum MaskName {
    /// The name of a frame's mask; four digits, and more where four do not do.
    package static func of(frame index: Int) -> String {
        let digits = String(index)
        return "frame_" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ".png"
    }

    /// The frame that a name belongs to, nil for another name.
    package static func frame(of name: String) -> Int? {
        isOfFrame(name) ? Int(name.dropFirst(6).dropLast(4)) : nil
    }

    /// Whether a name is that of a frame's mask.
    package static func isOfFrame(_ name: String) -> Bool {
        guard name.hasPrefix("frame_"), name.hasSuffix(".png") else { return false }
        let digits = name.dropFirst(6).dropLast(4)
        return digits.count >= 4 && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
