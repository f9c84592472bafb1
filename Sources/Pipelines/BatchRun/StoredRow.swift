import BatchList
import Diagnostics
import Files
import MaskStore
import ObjectStore
import SystemPackage

/// A row that reads or writes objects in a store, while it is worked on: everything is a file of this
/// machine, and goes to the store when it is whole.
package struct StoredRow: Sendable {
    /// The row with paths of this machine in the place of objects.
    package let local: BatchRow
    let row: BatchRow
    /// The same only for the same row and the same content of what it reads.
    let identity: String
    /// Where its results are until they are in the store: the same folder for the same identity.
    let folder: FilePath
    let inputs: [InputCopy]

    /// The key of a fact that is noted with the masks' manifest in the store.
    static let identityKey = "8cut-row"
    static let framesKey = "8cut-frames"

    /// Makes sure that all has come from the store that was read.
    ///
    /// - Throws: `EightCutError` of the store.
    package func check() throws {
        for input in inputs { try input.check() }
    }

    /// An error that names addresses in the place of the paths of this machine.
    package func naming(_ error: EightCutError) -> EightCutError {
        let places = [
            (row.clip, local.clip), (row.output, local.output), (row.source, local.source),
            (row.prompts, local.prompts),
        ]
        for case (let place?, let path?) in places
        where place != path && error.subject?.isExactly(path.name) == true {
            return EightCutError(
                error.code,
                error.texts.what,
                on: place.name,
                because: error.texts.why,
                remedy: error.texts.remedy
            )
        }
        return error
    }
}

extension BatchRow {
    /// What a clip is cut from; nil for a row whose video is there.
    var source: BatchPlace? {
        guard case .cut(let cut) = video else { return nil }
        return cut.source
    }

    /// Whether it reads or writes objects in a store.
    package var usesStore: Bool {
        [clip, output, source, prompts].contains { $0 != nil && $0?.path == nil }
    }
}
