import Diagnostics
import Files
import MaskStore
import Media
import SystemPackage

/// The file that a preview, or a video of masks, becomes. It is none of the files that it is made
/// of, by whatever name, and it replaces only files of its kind that 8cut has made, unless the user
/// allows more.
package struct PreviewOutput: Sendable {
    /// What is in the file.
    package enum Content: Sendable {
        /// Masks over their video, for people.
        case preview
        /// The masks themselves, for programs.
        case maskVideo
        /// One frame of a preview, which is shown before the preview plays.
        case poster

        /// What it is called in messages.
        var noun: String {
            switch self {
            case .preview: "preview"
            case .maskVideo: "video of the masks"
            case .poster: "poster"
            }
        }
    }

    /// What a preview can be; the extension of its name determines it.
    package enum Form: Sendable, Equatable {
        /// One PNG image of many small frames.
        case sheet
        /// One JPEG image.
        case still
        /// The whole video, with its audio.
        case video(VideoWriter.Container)

        fileprivate var markFormat: PreviewMark.Format {
            switch self {
            case .sheet: .png
            case .still: .jpeg
            case .video(.matroska): .matroska
            case .video: .mp4
            }
        }
    }

    package let path: FilePath
    package let form: Form
    private let content: Content
    private let name: FilePath.Component
    private let inputs: [FilePath]
    private let masks: FilePath
    private let overwrites: Bool

    /// - Parameters:
    ///   - path: a name that ends in `.png`, which only previews can, or in `.mp4`, `.mkv` or
    ///     `.mov`; that of a poster ends in `.jpg`.
    ///   - content: what is written.
    ///   - inputs: the files that the preview, or its masks, are made of: the video first.
    ///   - masks: the folder of the masks, which may not be there yet.
    ///   - overwrites: whether a file that 8cut did not make may be replaced.
    /// - Throws: `EightCutError` for an extension that is not known.
    package init(
        _ path: FilePath,
        _ content: Content = .preview,
        inputs: [FilePath],
        masks: FilePath,
        overwrites: Bool = false
    ) throws {
        self.path = path.absolute
        self.content = content
        form = try Self.form(of: path, content)
        guard let name = self.path.lastComponent, name.kind == .regular else {
            throw fileError("cannot write", path, .isDirectory)
        }
        self.name = name
        self.inputs = inputs.map(\.absolute)
        self.masks = masks.absolute
        self.overwrites = overwrites
    }

    /// The kind of file that a name asks for.
    ///
    /// - Throws: `EightCutError` for an extension that is not known.
    package static func form(of path: FilePath, _ content: Content = .preview) throws -> Form {
        let ending = path.extension?.lowercased() ?? ""
        switch content {
        case .poster: if ending == "jpg" { return .still }
        case .preview where ending == "png": return .sheet
        case .preview, .maskVideo:
            if let container = VideoWriter.Container(rawValue: ending) { return .video(container) }
        }
        throw EightCutError(
            .usage,
            "cannot make the \(content.noun)",
            on: path.string,
            because: "its name has no known extension",
            remedy: {
                switch content {
                case .preview: "Use .png for a contact sheet, or .mp4 for a video."
                case .maskVideo: "Use .mkv, .mp4 or .mov."
                case .poster: "Use .jpg."
                }
            }()
        )
    }

    /// Whether two names are the same file, or would become it.
    package func isSame(as other: PreviewOutput) -> Bool { isSame(path, other.path) }

    private var mark: PreviewMark { PreviewMark(form.markFormat, content) }

    private var parent: FilePath { path.removingLastComponent() }

    /// Makes sure, before any work is done, that the file may be written.
    ///
    /// - Throws: `EightCutError` (`outputUnusable`).
    package func check() throws {
        try refuseInputs()
        guard let folder = try OpenFolder.ifPresent(parent) else { return }
        _ = try mayReplace(in: folder)
        try folder.requireWritable(for: name)
    }

    /// Whether the file is there already, unchanged since 8cut made it.
    ///
    /// - Throws: `EightCutError` when it cannot be read.
    package func isMade() throws -> Bool {
        guard let folder = try OpenFolder.ifPresent(parent),
            try folder.status(of: name)?.kind == .file
        else { return false }
        return try isOurs(in: folder)
    }

    /// Deletes a file if it is unchanged since 8cut made it.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - content: what is in it.
    /// - Throws: `EightCutError` when it cannot be read or deleted.
    package static func removeMade(_ path: FilePath, _ content: Content) throws {
        let output = try PreviewOutput(path, content, inputs: [], masks: path)
        guard try output.isMade() else { return }
        try OpenFolder(output.parent).removeFile(output.name)
    }

    /// Makes the file: it appears whole or not at all. Deletes what killed runs have left.
    ///
    /// - Parameter body: fills the new file.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or `EightCutError`; an old file is then unchanged.
    func write<Result: Sendable>(
        _ body: (NewFile) async throws -> Result
    ) async throws -> Result {
        try refuseInputs()
        let folder = try OpenFolder.creating(parent)
        _ = try mayReplace(in: folder)
        try folder.removeStaleTemporaries()
        let file = try folder.newFile(for: name)
        let result = try await body(file)
        do {
            try mark.add(to: file.descriptor)
        } catch let error as Errno {
            throw fileError("cannot write", path, error)
        }
        // Much may have happened meanwhile.
        try folder.requireStillThere()
        try refuseInputs()
        try file.publish(replaces: mayReplace(in: folder))
        return result
    }

    /// - Returns: whether there is a file that may be replaced; false when nothing has the name.
    /// - Throws: `EightCutError` when it may not be replaced.
    private func mayReplace(in folder: OpenFolder) throws -> Bool {
        guard let status = try folder.status(of: name) else { return false }
        try status.requirePlainFile(path)
        if try overwrites || isOurs(in: folder) { return true }
        throw EightCutError(
            .outputUnusable,
            "cannot write the \(content.noun)",
            on: path.string,
            because: "there is a file that is not an unchanged \(content.noun) made by 8cut",
            remedy: "Choose another name, or allow it to be replaced."
        )
    }

    private func isOurs(in folder: OpenFolder) throws -> Bool {
        guard let file = try folder.open(name) else { return false }
        do {
            return try file.closeAfter { try mark.isIntact(in: file) }
        } catch let error as Errno {
            throw fileError("cannot read", path, error)
        }
    }
}

extension PreviewOutput {
    /// - Throws: `EightCutError` when the name leads to a file that the preview is made of.
    private func refuseInputs() throws {
        for input in inputs where isPart(of: input) { throw isInput(input) }
        for folder in [parent, parent.removingLastComponent()]
        where isFrameName && isSame(folder, masks) {
            throw isInput(masks)
        }
        guard let identity = FileStatus(following: path)?.identity,
            let folder = try OpenFolder.ifPresent(masks)
        else { return }
        let names = try folder.names().filter { MaskName.isOfFrame($0.string) }
        if try names.contains(where: { try folder.status(of: $0)?.identity == identity }) {
            throw isInput(masks)
        }
    }

    private var isFrameName: Bool { name.string.hasPrefix(exactly: "frame_") }

    /// Whether the name leads to an input, or to a file of one that is a folder of images.
    private func isPart(of input: FilePath) -> Bool {
        if isSame(path, input) { return true }
        guard let images = ImageSequence(input) else { return false }
        if isSame(path, images.audioPath) || isSame(parent, input) && ImageFileName.isImage(name) {
            return true
        }
        guard let identity = FileStatus(following: path)?.identity,
            let names = try? OpenFolder(input).names()
        else { return false }
        return names.contains {
            FileStatus(following: input.appending($0))?.identity == identity
        }
    }

    /// By whatever name: links, `..`, and case where the file system ignores it.
    private func isSame(_ first: FilePath, _ second: FilePath) -> Bool {
        first.lexicallyNormalized() == second.lexicallyNormalized()
            || FileStatus.isSame(first, second)
    }

    private func isInput(_ input: FilePath) -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot write the \(content.noun)",
            on: path.string,
            because: "it would replace what it is made of, \(quoted(input.string))",
            remedy: "Choose another name."
        )
    }
}
