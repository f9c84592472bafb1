/// Something in which the library, the disk and `dataset.json` do not agree.
package struct LibraryFinding: Sendable, Equatable, Codable {
    /// What it is.
    package enum Kind: String, Sendable, Codable {
        /// A clip was being cut when the program was ended.
        case unfinished
        /// A clip's file is gone.
        case missing
        /// A clip's file has another content.
        case changed
        /// The folder of a clip's masks is gone.
        case missingMasks
        /// `dataset.json` does not say what the library knows of a clip.
        case unlisted
        /// `dataset.json` lists a file that is gone.
        case gone
        /// `dataset.json` cannot be read.
        case damagedList
        /// A file looks like a clip, and the library does not know it.
        case orphaned
        /// What an export that was killed has left behind.
        case leftover
    }

    /// What it is.
    package let kind: Kind
    /// What it is about.
    package let path: String
    /// The clip's number, where it is one that the library knows.
    package let clip: Int64?
    /// Whether it was put right.
    package let isFixed: Bool

    /// Puts it together.
    package init(_ kind: Kind, _ path: String, clip: Int64? = nil, isFixed: Bool = false) {
        self.kind = kind
        self.path = path
        self.clip = clip
        self.isFixed = isFixed
    }
}
