import ClipLibrary
import Diagnostics

/// Finds clips of the library that the user has named.
enum LibraryLookup {
    /// A finished clip by its number.
    ///
    /// - Throws: `EightCutError` when there is none.
    static func clip(_ id: Int64, in library: Library?) async throws -> LibraryClip {
        if let clip = try await library?.clip(id), clip.pending == nil { return clip }
        throw EightCutError(
            .inputMissing,
            "cannot find clip \(id)",
            because: "the library has no finished clip of that number",
            remedy: "8cut library list shows the numbers."
        )
    }

    /// The clip that was cut last.
    ///
    /// - Throws: `EightCutError` when none was ever cut.
    static func lastClip(in library: Library?) async throws -> LibraryClip {
        if let clip = try await library?.lastClip() { return clip }
        throw EightCutError(
            .inputMissing,
            "cannot find the last clip",
            because: "the library has no clips",
            remedy: "Cut one first, with 8cut export."
        )
    }
}
