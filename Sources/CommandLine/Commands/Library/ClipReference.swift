import ArgumentParser
import ClipLibrary
import Diagnostics
import SystemPackage

/// A clip of the library that the user has named: by its number, or by the path of its file.
struct ClipReference: ExpressibleByArgument, Hashable {
    private let text: String

    init?(argument: String) {
        guard !argument.isEmpty, !argument.utf8.contains(0) else { return nil }
        text = argument
    }

    /// Nil for a path. A file whose name is a number is named with its folder: ./12.
    private var number: Int64? { Int64(text) }

    /// The finished clip.
    ///
    /// - Throws: `EightCutError` when there is none.
    func clip(in library: Library?) async throws -> LibraryClip {
        if let number { return try await LibraryLookup.clip(number, in: library) }
        let path = FilePath(text)
        if let clip = try await library?.clip(at: path.absolute.string), clip.isFinished {
            return clip
        }
        throw EightCutError(
            .inputMissing,
            "cannot find the clip",
            on: text,
            because: "the library has no finished clip with that path",
            remedy: "8cut library list prints numbers and paths."
        )
    }

    /// The number of a clip, also of one whose record is damaged.
    ///
    /// - Throws: `EightCutError` when the library has no such clip.
    func id(in library: Library?, damaged: Set<Int64>) async throws -> Int64 {
        if let number, damaged.contains(number) { return number }
        return try await clip(in: library).id
    }
}

extension [ClipReference] {
    /// The finished clips, each once, in their order.
    ///
    /// - Throws: `EightCutError` when there is none of one of them.
    func clips(in library: Library?) async throws -> [LibraryClip] {
        var clips: [LibraryClip] = []
        for reference in self {
            let clip = try await reference.clip(in: library)
            if !clips.contains(where: { $0.id == clip.id }) { clips.append(clip) }
        }
        return clips
    }
}

extension ArgumentHelp {
    /// Of an argument or option that names a clip.
    static let clip = ArgumentHelp(
        "Number of the clip, or the path of its file.",
        valueName: "clip"
    )
    /// Of an argument that names clips.
    static let clips = ArgumentHelp(
        "Numbers of the clips, or paths of their files.",
        valueName: "clip"
    )
}
