import ClipLibrary
import Files
import SystemPackage

/// What becomes of a clip of another program's list.
package struct ImportRow: Sendable {
    package enum Outcome: Sendable {
        /// The library gets it. The note says what is lost, as a clause; nil for nothing.
        case accepted(ImportedClip, note: String?)
        /// The library has a clip at its path, which stays as it is.
        case known
        /// It cannot be imported: why, as a clause.
        case rejected(String)
    }

    /// Where the list has it.
    package let place: String
    /// The file of the clip.
    package let path: String
    package let outcome: Outcome

    package var isRejected: Bool {
        if case .rejected = outcome { true } else { false }
    }
}

/// A clip as the library gets it.
package struct ImportedClip: Sendable {
    let info: ClipInfo
    let file: FileFingerprint
    let source: FilePath
    let sourceContent: FileFingerprint
    /// Folders of masks that were made for it.
    let masks: [ImportedMasks]

    package var label: String? { info.label }
}

/// Masks as the library gets them.
struct ImportedMasks: Sendable {
    let folder: FilePath
    let method: String
    let settings: String
    let frameCount: Int
    let confidence: Double?
    let score: Double?
}
