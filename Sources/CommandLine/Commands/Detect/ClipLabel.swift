import ClipLibrary
import Diagnostics
import Files
import SystemPackage

/// Where the label of a clip is, for a text that is not typed.
enum ClipLabel: Sendable {
    /// It was looked up already; nil for a clip that has none.
    case known(String?, clip: String)
    /// In the list of clips beside the file.
    case beside(FilePath)

    /// Finds the label. The library is not opened for it.
    ///
    /// - Returns: the label, and what has it, for messages.
    /// - Throws: `EightCutError` (`usage`) when there is none.
    func find() throws -> (words: String, place: String) {
        switch self {
        case .known(let label, let clip):
            guard let label, !label.isEmpty else { throw Self.missing(clip, "it has no label") }
            return (label, clip)
        case .beside(let file):
            let list = DatasetFile(in: file.removingLastComponent())
            if try Folder.kind(of: list.path) == .missing {
                throw Self.missing(file.string, "there is no \(DatasetFile.fileName) beside it")
            }
            let name = file.lastComponent?.string ?? ""
            let entry = try list.entries().first { entry in
                entry.path.isExactly(name)
                    || FileStatus.isSame(
                        list.path.removingLastComponent().pushing(FilePath(entry.path)),
                        file
                    )
            }
            guard let label = entry?.label, !label.isEmpty else {
                let why = entry == nil ? "lists no such clip" : "has no label for it"
                throw Self.missing(file.string, "\(DatasetFile.fileName) beside it \(why)")
            }
            return (label, file.string)
        }
    }

    private static func missing(_ clip: String, _ why: String) -> EightCutError {
        EightCutError(
            .usage,
            "cannot look for the label of",
            on: clip,
            because: why,
            remedy: "Type what to look for: --text \"dog\"."
        )
    }
}
