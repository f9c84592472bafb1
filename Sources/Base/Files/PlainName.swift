/// Names of files that came from outside, from which paths are made.
package enum PlainName {
    /// Whether a name stays in its folder. Those of checkpoints need no more than this.
    package static func allows(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && name.utf8.count < 200
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5a).contains($0)
                    || (0x61...0x7a).contains($0) || [0x2d, 0x2e, 0x5f].contains($0)
            }
    }
}
